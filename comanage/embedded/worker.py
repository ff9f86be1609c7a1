"""The Celery command line under `manage.py up`: pool processes die with their worker.

A pool process counts in one thread: more of them get in the way of the other processes. The
libraries that count look only when they are first imported, by the tasks.
"""

import os
import signal
import sys
from typing import Any

from celery.__main__ import main
from celery.signals import worker_process_init

from comanage.embedded.processes import die_with_parent

WORKER = os.getpid()
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS")


@worker_process_init.connect
def _die_with_worker(**_signal: Any) -> None:
    die_with_parent(signal.SIGKILL, WORKER)


if __name__ == "__main__":
    for limit in THREADS:
        os.environ.setdefault(limit, "1")
    sys.exit(main())
