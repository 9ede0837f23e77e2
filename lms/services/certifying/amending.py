"""What becomes of a certificate later: another in its place, revoked, its holder's name erased. Each is an act of somebody of
the staff, with a reason, in the log for good; the worker signs what follows from it (docs/decisions/0027)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from lms.certificates import number as numbers
from lms.certificates.credential import Credential
from lms.config import Settings
from lms.i18n import N_
from lms.learning import events as types
from lms.learning.events import Event
from lms.refusals import Refusal
from lms.services.certifying import certify
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.services.people.accounts import clean_name
from lms.storage import certificates, event_log
from lms.storage.certificates import Certificate

REPLACE = MappingProxyType({"name": N_("The name is another one"), "error": N_("Something on it was wrong")})
REVOKE = MappingProxyType(
    {
        "mistake": N_("It was issued by mistake"),
        "identity": N_("Somebody else took the course in their name"),
        "wish": N_("Its holder asks for it"),
        "other": N_("Another reason, which the note tells"),
    }
)
"""Why, by the name in the log."""
MOST = 500
"""Characters of a note."""


class NoReason(Refusal):
    """Nobody said why."""

    message = N_("Choose a reason. With “another reason” write in the note which.")


class LongNote(Refusal):
    """The note is too long."""

    message = N_("The note has more than %(most)s characters: make it shorter.")


class NotMadeYet(Refusal):
    """It is still being made."""

    message = N_("This certificate is still being prepared. Wait until it is there.")
    status = 409


class NoLonger(Refusal):
    """It was replaced or revoked before."""

    message = N_("This certificate was replaced or revoked before: nothing was changed.")
    status = 409


class Erased(Refusal):
    """Its holder is known here no longer."""

    message = N_("The name of this certificate's holder was erased here: nothing can be issued in its place.")
    status = 409


class SameName(Refusal):
    """Another name was wanted, and it is the same."""

    message = N_("The certificate says this name already. Write the other one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Who does it and for what reason. `event` is the form's, so that a double click is one act."""

    by: str
    reason: str
    note: str = ""
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a certificate's history."""

    event: Event
    at: datetime
    reason: str
    """A sentence, English, for gettext; empty where nobody had to give one."""


def issue_anew(tx: Connection, pen: Pen, settings: Settings, *, number: str, name: str, why: Why, now: datetime) -> str:
    """The number of the certificate asked for in that one's place, with that name. Until it is made the old one stands; then it is
    replaced, unless it was revoked. What it says of the course and the day stays, the issuer is as it is today.

    Raises NoReason, LongNote, BadName, SameName, NotMadeYet, NoLonger, Erased.
    """
    remark, said = _checked(why, REPLACE), clean_name(name)
    old = _held(tx, number)
    if old.is_erased:
        raise Erased
    if old.successor:
        if why.event is None or event_log.find(tx, why.event) is None:
            raise NoLonger
        return old.successor
    if why.reason == "name" and said == old.credential.name:
        raise SameName
    credential = _renewed(old.credential, numbers.new(pen.store.id), said, settings)
    certificates.request(
        tx,
        learner=old.learner,
        course=old.course,
        major=old.major,
        credential=credential,
        now=now,
        edition=old.edition + 1,
        replaces=old.number,
    )
    data = {"number": credential.number, "replaces": old.number, "reason": why.reason, "note": remark}
    record(tx, pen, _act(types.ISSUANCE_REQUESTED, old, why, data), now=now)
    note(tx, "certificate-asked", by=why.by, subject=number, now=now, reason=why.reason)
    return credential.number


def revoke(tx: Connection, pen: Pen, settings: Settings, *, number: str, why: Why, now: datetime) -> None:
    """The certificate stands no longer, which every list says from then on, for good.

    Raises NoReason, LongNote, NotMadeYet, NoLonger.
    """
    remark = _checked(why, REVOKE)
    held = _held(tx, number)
    act = _act(types.CREDENTIAL_REVOKED, held, why, {"number": number, "reason": why.reason, "note": remark})
    if record(tx, pen, act, now=now) is None:
        return
    if not certificates.end(tx, number, "revoked", on=settings.day(now)):
        raise NoLonger
    note(tx, "certificate-revoked", by=why.by, subject=number, now=now, reason=why.reason)


def erase(tx: Connection, pen: Pen, *, number: str, by: str, now: datetime) -> None:
    """Whose the certificate is and its files are known here no longer; whoever has the file can still verify it.

    Raises NotMadeYet.
    """
    held = _held(tx, number)
    if held.is_erased:
        return
    certificates.erase(tx, number)
    act = Act(type=types.CREDENTIAL_ERASED, learner=None, by=by, course=held.course, data={"number": number})
    record(tx, pen, act, now=now)
    note(tx, "certificate-erased", by=by, subject=number, now=now)


def history(tx: Connection, certificate: Certificate) -> list[Told]:
    """What became of the certificate, the oldest first."""
    if certificate.is_erased:
        return []
    told = (types.ISSUANCE_REQUESTED, types.CREDENTIAL_ISSUED, types.CREDENTIAL_REVOKED)
    found = event_log.of_learner(tx, certificate.learner, certificate.course)
    mine = (each for each in found if each.type in told and each.data.get("number") == certificate.number)
    reasons: Mapping[str, str] = {**REPLACE, **REVOKE}
    return [
        Told(each, datetime.fromisoformat(each.at), reasons.get(str(each.data.get("reason", "")), "")) for each in mine
    ]


def _checked(why: Why, reasons: Mapping[str, str]) -> str:
    remark = " ".join(why.note.split())
    if why.reason not in reasons or (why.reason == "other" and not remark):
        raise NoReason
    if len(remark) > MOST:
        raise LongNote(most=MOST)
    return remark


def _held(tx: Connection, number: str) -> Certificate:
    """The certificate, which nobody else changes until the commit. Raises NotMadeYet."""
    found = certificates.hold(tx, number)
    if found is None or not found.issued:
        raise NotMadeYet
    return found


def _renewed(old: Credential, number: str, name: str, settings: Settings) -> Credential:
    """The same, in that name, by the issuer as it is today."""
    return replace(old, number=number, name=name, **certify.issuer_as(settings))


def _act(kind: str, about: Certificate, why: Why, data: Mapping[str, str]) -> Act:
    return Act(type=kind, learner=about.learner or None, by=why.by, course=about.course, data=data, id=why.event)
