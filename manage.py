#!/usr/bin/env python3
"""The only door: run by any python3, it goes on inside the project's environment.

Kept to syntax that Python 3.6 can read, so that an old interpreter is told what to do.
"""

import sys


def main() -> int:
    """Enter the environment, then run the command."""
    from comanage import bootstrap

    bootstrap.enter(sys.argv)

    from comanage.embedded import commands

    return commands.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
