"""The program as a WSGI server loads it: each of granian's worker processes, or `wsgi.py`."""

import os

from flask import Flask

from lms import logs
from lms.cli.lifeline import PARENT, die_with_parent
from lms.cli.speech import _
from lms.config import BadSetting, Settings
from lms.refusals import Refusal
from lms.web.app import create_app


def application() -> Flask:
    """The program, in a process that does not outlive `lms serve`."""
    die_with_parent(int(os.environ[PARENT]))
    logs.configure()
    return started()


def started() -> Flask:
    """The program, or the one sentence that says why it can't start, in the terminal's language."""
    try:
        return create_app(Settings.load())
    except (Refusal, BadSetting) as error:
        raise SystemExit(error.sentence(_)) from error
