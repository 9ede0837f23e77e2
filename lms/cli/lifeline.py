"""A child that dies with its parent, however the parent dies."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PARENT = "LMS_SERVE_PID"
"""The environment variable in which `lms serve` tells its children whose they are."""


def die_with_parent(parent: int) -> None:
    """From now on this process ends when `parent` (its process id) does; at once if it is gone already.

    Linux only; elsewhere nothing is promised.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
