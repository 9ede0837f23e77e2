"""What each of granian's worker processes loads."""

import os

from flask import Flask

from lms.cli.lifeline import die_with_parent
from lms.config import Settings
from lms.web.app import create_app

PARENT = "LMS_SERVE_PID"


def application() -> Flask:
    """The program, in a process that does not outlive `lms serve`."""
    die_with_parent(int(os.environ[PARENT]))
    return create_app(Settings.load())
