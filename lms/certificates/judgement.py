"""What the lists say of a certificate that is intact: the same for PDF, QR and badge."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from lms.certificates.trust import Entry, SignedList, State, Trust
from lms.certificates.verify import IN_TIME, OUT_OF_TIME, Check, Verification
from lms.i18n import N_

IN_FORCE = N_("The issuer's key was not withdrawn.")
WITHDRAWN_LATER = N_("The issuer's key was withdrawn on %(date)s, after it signed this.")
WITHDRAWN_BEFORE = N_("The issuer's key had been withdrawn on %(date)s, before it signed this.")
RECEIVED = N_("The issuer's key was stolen, but this certificate was registered on %(date)s, before that.")
COMPROMISED = N_(
    "It was issued by a compromised key: the issuer's key was stolen (%(date)s), and nobody had registered this "
    "certificate before."
)
STANDS = N_("The issuer has neither revoked nor replaced it, as of %(date)s.")
NOBODY_KNOWS = N_("There is no list here that could say whether it was revoked.")
REVOKED = N_("It was revoked on %(date)s.")
REPLACED = N_("It was replaced on %(date)s by the certificate %(number)s.")
FRESH = N_("The lists that this was checked against are up to date.")
STALE = N_("The list that this was checked against is of %(date)s: bring a newer one to be certain.")


def judged(found: Verification, trust: Trust, *, digest: str, today: date) -> Verification:
    """The verification with what the lists add to it. `digest` (see `trust.digest`) is that of the whole signed file."""
    entry = trust.issuer(found.kid)
    if found.outcome != "valid" or found.signed_on is None or entry is None:
        return found
    more = tuple(_checks(found, entry, trust, digest, found.signed_on.date(), today))
    sound = all(each.passed for each in more)
    return replace(found, outcome="valid" if sound else "invalid", checks=(*found.checks, *more))


def _checks(
    found: Verification, entry: Entry, trust: Trust, digest: str, signed_on: date, today: date
) -> Iterator[Check]:
    if not any(each.name == "period" for each in found.checks):
        in_time = signed_on <= entry.until  # a code tells the day of the course, which a renewed key may come after
        yield Check("period", in_time, IN_TIME if in_time else OUT_OF_TIME)
    yield _key(entry, trust.received_on(entry.kid, digest), signed_on)
    numbers = next((each for each in trust.numbers if each.issuer == entry.issuer), None)
    yield _state(found.number, entry, trust, numbers)
    yield age([trust.list_of(entry), *([numbers] if numbers else [])], today)


def _key(entry: Entry, received: date | None, signed_on: date) -> Check:
    withdrawn = entry.withdrawn
    if withdrawn is None:
        return Check("key", True, IN_FORCE)
    if withdrawn.reason == "stolen":
        if received is not None and received <= withdrawn.on:
            return Check("key", True, RECEIVED, {"date": received})
        return Check("key", False, COMPROMISED, {"date": withdrawn.on})
    later = signed_on <= withdrawn.on
    return Check("key", later, WITHDRAWN_LATER if later else WITHDRAWN_BEFORE, {"date": withdrawn.on})


def _state(number: str, entry: Entry, trust: Trust, numbers: SignedList | None) -> Check:
    over = ended(trust.state(number, entry.issuer))
    if over:
        return over
    if numbers is None:
        return Check("state", True, NOBODY_KNOWS, warning=True)
    return Check("state", True, STANDS, {"date": numbers.issued})


def ended(state: State) -> Check | None:
    """The check that failed, if the certificate was revoked or replaced."""
    if state.on is None:
        return None
    if state.kind == "revoked":
        return Check("state", False, REVOKED, {"date": state.on})
    return Check("state", False, REPLACED, {"date": state.on, "number": state.by})


def age(consulted: Sequence[SignedList], today: date) -> Check:
    """Whether these lists are up to date."""
    stale = min((each.issued for each in consulted if each.is_stale(today)), default=None)
    return Check("lists", True, STALE, {"date": stale}, warning=True) if stale else Check("lists", True, FRESH)
