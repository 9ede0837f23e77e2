"""Somebody of the staff gets an account: with roles from the start, and a one-time code to come in with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.record import Pen
from lms.services.common.staff_acts import note
from lms.services.people import accounts, powers, ways_in
from lms.storage import resets
from lms.storage.database import Database
from lms.storage.people import STAFF, Person, Secrets


class NoRole(Refusal):
    """Whoever only learns opens her account herself, or is in a list of people."""

    message = N_("Choose at least one role. Whoever only learns registers, or comes in by a group's list.")


def open_account(
    database: Database,
    pen: Pen,
    *,
    username: str,
    display_name: str,
    roles: Collection[str],
    by: Person,
    now: datetime,
) -> tuple[Person, str]:
    """The new person, and the code with which she chooses her passphrase within `ways_in.LASTS`.
    Raises NoRole, BadUsername, BadName, UsernameTaken, NotAdministrator, Busy."""
    held = frozenset(roles).intersection(STAFF)
    if not held:
        raise NoRole
    code, hashed = ways_in.one_time_code()
    with database.writing() as tx:
        powers.check_may(tx, by)
        made = accounts.add(
            tx,
            pen,
            username=username,
            display_name=display_name,
            secrets=Secrets("", None),  # which no passphrase is the right one for
            roles=held,
            must_change=True,
            now=now,
        )
        resets.give(tx, made.id, code_hash=hashed, expires_at=now + ways_in.LASTS, by=by.id, now=now)
        note_made(tx, made, by=by.id, now=now)
    return made, code


def note_made(tx: Connection, made: Person, *, by: str = "", now: datetime) -> None:
    """That somebody of the staff has an account now; nothing for who only learns. `by`: empty for the command line."""
    if made.is_staff:
        note(tx, "account-made", by=by, subject=made.id, now=now, roles=sorted(made.roles.intersection(STAFF)))
