"""What the worker does beside certificates: once an hour it deletes what is worth nothing any more, and, where the settings say so,
once a day what is past its time."""

import logging
import time
from collections.abc import Callable

from lms.cli.place import now
from lms.config import Settings
from lms.services.common.record import Pen
from lms.services.running import retention
from lms.storage.database import Database
from lms.storage.releases import Catalogue

HOUR, DAY = 3600.0, 24 * 3600.0
log = logging.getLogger("lms.housekeeping")


class Housekeeping:
    """Looks at the hour each time that it is asked to keep house; begins when the worker does."""

    def __init__(
        self, settings: Settings, database: Database, pen: Pen, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings, self._database, self._pen, self._clock = settings, database, pen, clock
        self._sweep = self._run = clock()

    def keep(self) -> None:
        """What is due is done. A failure is logged, and tried again when it is due next: certificates do not wait for it."""
        try:
            if self._sweep <= self._clock():
                self._sweep = self._clock() + HOUR
                retention.sweep(self._database, now=now())
            if self._settings.retention_runs and self._run <= self._clock():
                self._run = self._clock() + DAY
                self._delete()
        except Exception as error:  # its text may hold what is personal: only its kind is logged
            log.error("what is past its time was not deleted", extra={"kind": type(error).__name__})

    def _delete(self) -> None:
        with self._database.reading() as tx:
            sure = retention.may_run_by_itself(tx, now=now())
        if not sure:
            log.warning("nothing was deleted: this clock may be wrong, or nobody has been here; see `lms retention`")
            return
        desk = retention.Desk(
            database=self._database, pen=self._pen, catalogue=Catalogue(), periods=self._settings.retention
        )
        if retention.run(desk, by="", now=now(), automatic=True):
            self._database.forget()
