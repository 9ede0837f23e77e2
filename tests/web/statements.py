"""What a request asks of the database."""

from contextlib import AbstractContextManager

from flask import Flask

from tests.statements import statements_to
from tests.web.conftest import site_of


def statements(app: Flask) -> AbstractContextManager[list[str]]:
    """Every statement that is sent meanwhile."""
    return statements_to(site_of(app).database)
