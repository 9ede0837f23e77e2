"""What this installation is made of, for the views of one process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, has_request_context

from lms.config import Settings
from lms.services.common.record import Pen
from lms.services.people.entrance import Entrance
from lms.services.running.in_force import InForce
from lms.services.studying.desk import Desk
from lms.storage.database import Database
from lms.web.assets import Assets

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The installation: settings, database, what is written with, what is served."""

    own: Settings
    """What whoever runs the computer has set."""
    in_force: InForce
    database: Database
    pen: Pen
    desk: Desk
    secret: bytes
    clock: Clock
    assets: Assets

    @property
    def settings(self) -> Settings:
        """The settings in force: the same ones for all of a request."""
        if not has_request_context():
            return self.in_force()
        found: Settings = g.get("settings") or self.in_force()
        g.settings = found
        return found

    @property
    def entrance(self) -> Entrance:
        """Where people sign in."""
        return Entrance(self.database, self.secret)


def site() -> Site:
    """The installation that the current request is for."""
    found: Site = current_app.extensions["lms"]
    return found
