"""The settings in force: what whoever runs the computer has set, and for the rest what an administrator chose in the browser
(docs/decisions/0035)."""

import logging
import os
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from lms.config import CHOSEN, BadSetting, Settings
from lms.storage import settings as stored
from lms.storage.database import Database

MARK = "settings.changed"
"""A file of the instance folder that is touched after each change: whoever looks at it need not ask the database."""
AGAIN = 60.0
"""Seconds after which the database is asked all the same: the folder may be another computer's, or not let itself be written."""
log = logging.getLogger("lms.settings")


class InForce:
    """The settings in force, for as long as a process runs. Asking costs a look at a file, and the database is read only
    when something was changed, and once a minute."""

    def __init__(self, own: Settings, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._own, self._database, self._clock = own, database, clock
        self._path = own.instance / MARK
        self._held: tuple[int, float, Settings] | None = None

    def __call__(self) -> Settings:
        """The settings as they are now; as they were, where the database does not answer."""
        held, mark, moment = self._held, _mark(self._path), self._clock()
        if held and held[0] == mark and moment - held[1] < AGAIN:
            return held[2]
        try:
            with self._database.reading() as tx:
                found = read(tx, self._own)
        except DBAPIError as error:
            if held is None:
                raise
            log.warning("settings not read again", extra={"kind": type(error).__name__})
            found = held[2]
        if held and held[2] == found:
            found = held[2]  # what is kept for these settings is kept on
        self._held = mark, moment, found
        return found


def read(tx: Connection, own: Settings) -> Settings:
    """The settings of whoever runs the computer, and for the rest what was chosen; what can't be used any more is left out."""
    found = own
    for name, row in stored.every(tx).items():
        if name not in CHOSEN or name in own.fixed:
            continue
        try:
            found = found.choosing(name, meant(name, row.value))
        except BadSetting as error:
            log.warning("setting %s can't be used", name, extra={"kind": type(error).__name__})
    return found


def meant(name: str, value: Any) -> Any:
    """A value as it is kept, as `Settings.choosing` takes it."""
    return b64decode(value) if name == "logo" and isinstance(value, str) else value


def tell(own: Settings) -> None:
    """Something was changed: every process on this computer notices before its next answer, others within a minute."""
    path, now = own.instance / MARK, time.time_ns()
    try:
        path.touch(mode=0o600)
        os.utime(path, ns=(now, now))
    except OSError as error:
        log.warning("nobody is told that settings changed", extra={"kind": type(error).__name__})


def _mark(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
