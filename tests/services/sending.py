"""What somebody's phone sends to a store, in tests of services."""

import json
from datetime import datetime, timedelta
from typing import Any

from lms.learning import events as types
from lms.learning.progress import Progress
from lms.services.people import devices
from lms.services.pocket import receiving
from lms.services.pocket.receiving import Taken
from lms.services.running.rebuild import differences
from lms.services.studying.desk import Desk
from lms.storage import projection
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from tests.conftest import NOW
from tests.phone import Phone

LATER = NOW + timedelta(hours=1)
Line = dict[str, str]


def phone_of(learner: str) -> Phone:
    """A phone that nobody has granted anything."""
    return Phone(None, learner)  # type: ignore[arg-type]


def granted(database: Database, desk: Desk, who: Person) -> Phone:
    """A phone that may write for that person."""
    phone = phone_of(who.id)
    grant(database, desk, phone)
    return phone


def grant(database: Database, desk: Desk, phone: Phone, *, at: datetime = NOW) -> devices.Grant:
    """The phone may write from now on."""
    with database.writing() as tx:
        return receiving.grant(
            tx, desk, learner=phone.learner, device=phone.device, key=phone.public_key, name="Chrome", now=at
        )


def send(database: Database, desk: Desk, *lines: Line, at: datetime = LATER, sender: str = "here") -> Taken:
    """What becomes of the lines; and then the rows say what the log says."""
    sent = [receiving.read_line(json.dumps(each).encode()) for each in lines]
    taken = receiving.receive(database, desk, sent, sender=sender, via="pocket", now=at)
    check(database)
    return taken


def check(database: Database) -> None:
    """A rebuild would change nothing."""
    with database.writing() as tx:
        assert differences(tx, Catalogue()) == []


def said(taken: Taken) -> list[str]:
    """The outcomes, each with its reason."""
    return [" ".join((each.outcome, each.why)).strip() for each in taken.outcomes]


def progress(database: Database, who: Person) -> Progress:
    """What she has done in the sample course, as her row says it."""
    with database.reading() as tx:
        return projection.of_course(tx, who.id, "demo-course")


def ended(phone: Phone, release: str, module: str = "m-uno", **more: Any) -> Line:
    """That she finished a module."""
    return phone.line(types.MODULE_COMPLETED, release=release, item=module, **more)


def changed(line: Line, phone: Phone, **values: Any) -> Line:
    """The same line with other values, signed again."""
    return phone.signed(json.dumps({**json.loads(line["raw"]), **values}, separators=(",", ":")))
