"""Erasing somebody: her account and all that is hers, at her wish. What stays is of nobody: that there were events, and that
there are certificates with these numbers (docs/decisions/0034)."""

from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.services.people import accounts
from lms.storage import belongings, certificates, drafts, event_log, links, people


class StillStaff(Refusal):
    """Somebody of the staff is not erased: what she did has to be told from what others did."""

    message = N_(
        "This account is of somebody of the staff. First an administrator takes away every role but “learner”."
    )
    status = 409


class OtherUsername(Refusal):
    """What was typed is not hers: perhaps another person is meant."""

    message = N_("This is another username. Nothing was erased.")


def check_username(tx: Connection, person: str, typed: str) -> None:
    """Nothing, where that is the person's username. Raises NotYours where nobody is that person, OtherUsername."""
    found = people.by_id(tx, person)
    if found is None:
        raise NotYours
    if accounts.fold(typed) != found.username:
        raise OtherUsername


def erase(tx: Connection, pen: Pen, *, person: str, by: str, now: datetime, noted: bool = True) -> None:
    """Nothing is hers any more. `by` is whose act it is: her own, of somebody of the staff, or empty for the command line;
    `noted`: it becomes a line of the audit, where it is not her own. Afterwards `Database.forget`. Raises StillStaff."""
    event_log.hold(tx, person)
    links.hold(tx)
    found = people.by_id(tx, person)
    if found is None:
        return
    if found.is_staff:
        raise StillStaff
    for number in certificates.forget(tx, person):
        gone = Act(type=types.CREDENTIAL_ERASED, learner=None, by=by or None, data={"number": number})
        record(tx, pen, gone, now=now)
    event_log.erase(tx, person)
    links.pass_on(tx, person)
    belongings.erase(tx, person)
    drafts.drop_lists(tx)  # she may be in one, which can be sent again
    told = Act(type=types.LEARNER_ERASED, learner=None, by=by or None, data={"learner": person})
    record(tx, pen, told, now=now)
    if noted and by != person:
        note(tx, "person-erased", by=by, subject=person, now=now)
