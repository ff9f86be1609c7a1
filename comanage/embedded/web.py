"""Settings of gunicorn under `manage.py up`."""

import os
import signal
from typing import Any

from comanage.embedded.processes import die_with_parent

workers = 2
threads = 4
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
graceful_timeout = 8
control_socket_disable = True


def post_fork(server: Any, _worker: Any) -> None:
    """A web process dies with its master, so that none goes on alone on the port."""
    die_with_parent(signal.SIGKILL, server.pid)
