"""The Celery command line under `manage.py up`: pool processes die with their worker."""

import os
import signal
import sys
from typing import Any

from celery.__main__ import main
from celery.signals import worker_process_init

from comanage.embedded.processes import die_with_parent

WORKER = os.getpid()


@worker_process_init.connect
def _die_with_worker(**_signal: Any) -> None:
    die_with_parent(signal.SIGKILL, WORKER)


if __name__ == "__main__":
    sys.exit(main())
