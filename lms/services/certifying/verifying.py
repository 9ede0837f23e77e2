"""What became of a certificate that somebody shows: by its file, by the address in its QR code, or by its number; by the
lists that are trusted here, and by the register where there is one."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from cryptography import x509
from sqlalchemy import Connection

from lms.certificates import badge, judgement, qr
from lms.certificates.chain import key_id_of
from lms.certificates.judgement import COMPROMISED, REVOKED, judged
from lms.certificates.trust import GOOD, NumbersList, SignedList, State, Trust, digest
from lms.certificates.verify import Check, Verification, verify_pdf
from lms.i18n import N_
from lms.storage import certificates
from lms.storage.certificates import Certificate

Kind = Literal["genuine", "unregistered", "revoked", "replaced", "unknown", "altered", "compromised", "invalid"]
"""What to tell whoever asks. `unregistered`: signed here, and not in the register as it should be. `unknown`: of a file, that
its issuer is; of a number, that nothing is known of it here."""

REGISTERED = N_("This register has it: issued on %(date)s.")
LOST = N_("It was signed here, but this register does not have it, or no longer.")
ANOTHER = N_("This register has another file with this number.")
NOT_HERE = N_("This register has no certificate with this number.")
NO_REGISTER = N_("There is no register here that could be asked.")
STANDS_HERE = N_("It was neither revoked nor replaced.")
NOT_LISTED = N_("The lists of revoked and replaced numbers that are held here do not have it.")


@dataclass(frozen=True, slots=True)
class Found:
    """What became of it, and the certificate that the register has."""

    verification: Verification
    certificate: Certificate | None = None

    @property
    def kind(self) -> Kind:
        """What to tell whoever asks."""
        return kind_of(self.verification)


@dataclass(frozen=True, slots=True)
class Consulted:
    """Of which day the lists are that it was checked against."""

    keys: date | None
    numbers: date | None


def verified(shown: bytes | str, trust: Trust, now: datetime) -> Verification:
    """What became of each check of a file (a PDF, a `credential.json`), or of the text in a QR code. Raises NoCode."""
    if isinstance(shown, str):
        return qr.verify(qr.parse(shown), trust, now)
    if shown.lstrip().startswith(b"{"):
        return badge.verify(shown, trust, now)
    return judged(verify_pdf(shown, trust.roots), trust, digest=digest(shown), today=now.date())


def in_register(tx: Connection, found: Verification, trust: Trust, own: x509.Certificate | None = None) -> Found:
    """The same with what the register adds to it: what became of the certificate counts before any list says it. What the
    installation that signs with `own` signed should be in its register."""
    if not found.whole or kind_of(found) in ("altered", "unknown"):
        return Found(found)
    exact = certificates.by_sha256(tx, hashlib.sha256(found.whole).hexdigest())
    certificate = exact or certificates.by_number(tx, found.number)
    if certificate is None or not certificate.issued:
        ours = own is not None and _is_own(found, trust, own)
        return Found(_with(found, Check("register", True, LOST, warning=True)) if ours else found)
    over = judgement.ended(_state(certificate))
    if over:
        kept = tuple(each for each in found.checks if each.name != "state")
        return Found(replace(found, outcome="invalid", checks=(*kept, over)), certificate)
    if exact is None:
        return Found(_with(found, Check("register", True, ANOTHER, warning=True)))
    return Found(_with(found, _registered(certificate)), certificate)


def of_number(tx: Connection | None, number: str, trust: Trust, today: date) -> Found:
    """What the register, where there is one, and the lists of numbers know of that number. `valid`: it stands in this
    register; `invalid`: revoked or replaced, in one or the other; else `unknown`."""
    held = certificates.by_number(tx, number) if tx is not None else None
    certificate = held if held and held.issued else None
    lists = trust.lists_for(number)
    over = judgement.ended(_state(certificate)) if certificate else None
    over = over or judgement.ended(trust.state(number))
    checks = (_where(tx, certificate), over or _standing(certificate, lists), *_age(lists, trust, today))
    verification = Verification(
        outcome="invalid" if over else "valid" if certificate else "unknown",
        checks=checks,
        number=number,
        kid=lists[0].kid if lists else b"",
    )
    return Found(verification, certificate)


def kind_of(found: Verification) -> Kind:
    """What to tell whoever asks."""
    if found.outcome == "unknown":
        return "unknown"
    if found.outcome == "valid":
        return "unregistered" if any(each.sentence in (LOST, ANOTHER) for each in found.checks) else "genuine"
    wrong = {each.name: each.sentence for each in found.checks if not each.passed}
    if wrong.keys() & {"number", "signed", "whole", "unchanged"}:
        return "altered"
    if COMPROMISED in wrong.values():
        return "compromised"
    if wrong.keys() == {"state"}:
        return "revoked" if wrong["state"] == REVOKED else "replaced"
    return "invalid"


def consulted(found: Verification, trust: Trust) -> Consulted:
    """Of which day the lists are that it was checked against."""
    entry = trust.issuer(found.kid)
    if entry is None:
        return Consulted(None, None)
    numbers = next((each.issued for each in trust.numbers if each.issuer == entry.issuer), None)
    return Consulted(trust.list_of(entry).issued, numbers)


def _is_own(found: Verification, trust: Trust, own: x509.Certificate) -> bool:
    """Whether the installation that signs with `own` signed it, with this key or one before."""
    mine, theirs = trust.issuer(own), trust.issuer(found.kid)
    return found.kid == key_id_of(own) or (mine is not None and theirs is not None and mine.issuer == theirs.issuer)


def _with(found: Verification, check: Check) -> Verification:
    return replace(found, checks=(*found.checks, check))


def _registered(certificate: Certificate) -> Check:
    return Check("register", True, REGISTERED, {"date": certificate.credential.issued_on})


def _state(certificate: Certificate) -> State:
    if certificate.ended_on is None:
        return GOOD
    over: Literal["revoked", "replaced"] = "revoked" if certificate.state == "revoked" else "replaced"
    return State(over, certificate.ended_on, certificate.successor)


def _where(tx: Connection | None, certificate: Certificate | None) -> Check:
    if certificate:
        return _registered(certificate)
    return Check("register", True, NOT_HERE if tx is not None else NO_REGISTER, warning=True)


def _standing(certificate: Certificate | None, lists: list[NumbersList]) -> Check:
    if certificate:
        return Check("state", True, STANDS_HERE)
    if lists:
        return Check("state", True, NOT_LISTED)
    return Check("state", True, judgement.NOBODY_KNOWS, warning=True)


def _age(lists: list[NumbersList], trust: Trust, today: date) -> tuple[Check, ...]:
    entries = [entry for each in lists if (entry := trust.issuer(each.kid))]
    asked: list[SignedList] = [*lists, *map(trust.list_of, entries)]
    return (judgement.age(asked, today),) if asked else ()
