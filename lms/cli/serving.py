"""What each of granian's worker processes loads."""

import os

from flask import Flask

from lms import logs
from lms.cli.lifeline import PARENT, die_with_parent
from lms.config import Settings
from lms.web.app import create_app


def application() -> Flask:
    """The program, in a process that does not outlive `lms serve`."""
    die_with_parent(int(os.environ[PARENT]))
    logs.configure()
    return create_app(Settings.load())
