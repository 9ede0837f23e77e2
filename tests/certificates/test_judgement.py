"""What the lists say of a certificate: two issuers under one root, renewal, retirement, theft, revocation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import delegation, keys, lists, pades, pdf
from lms.certificates.judgement import judged
from lms.certificates.keys import Authority, Issuer
from lms.certificates.trust import Entry, Reason, Trust, Withdrawal, digest
from lms.certificates.verify import Check, Verification, verify_pdf
from tests.certificates.conftest import READER, Make
from tests.conftest import NOW

TODAY = NOW.date()
Judge = Callable[[bytes, Trust], Verification]


@pytest.fixture(scope="module")
def authority(keys_folder: Path) -> Authority:
    return keys.load_authority(keys_folder)


@pytest.fixture(scope="module")
def hub(authority: Authority) -> tuple[Issuer, Entry]:
    """A hub under the same root."""
    key, badge_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    request = delegation.read_request(delegation.make_request("H7", key, badge_key))
    certificate, entry = delegation.delegate(authority, request, renews=None, countersigns=False, now=NOW)
    issuer = Issuer(key, certificate, authority.certificate, badge_key, keys.endorsed(authority, entry))
    return issuer, entry


@pytest.fixture(scope="module")
def hubs_pdf(hub: tuple[Issuer, Entry], credential: Make) -> bytes:
    return pades.sign(pdf.draw(credential(number="7K3Q-ZX0T-9B4M-H7-5"), READER), hub[0], when=NOW)


@pytest.fixture(scope="module")
def both(trust: Trust, authority: Authority, hub: tuple[Issuer, Entry], issuer: Issuer) -> Trust:
    """Whoever has the list with central and the hub, each of which has revoked nothing."""
    central = trust.issuer(issuer.kid)
    assert central
    found = listing(trust, authority, central, hub[1])
    for each, entry in ((issuer, central), hub):
        found = found.having(lists.sign_numbers(entry, each.key, revoked={}, replaced={}, version=1, now=NOW))
    return found


def listing(trust: Trust, authority: Authority, *entries: Entry, version: int = 2) -> Trust:
    made = lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=version, now=NOW)
    return trust.having(made)


def withdrawn(both: Trust, authority: Authority, hub: Entry, on: date, reason: Reason) -> Trust:
    central = both.keys[0].entries[0]
    return listing(both, authority, central, replace(hub, withdrawn=Withdrawal(on, reason)), version=3)


def judge(data: bytes, trust: Trust, today: date = TODAY) -> Verification:
    return judged(verify_pdf(data, trust.roots), trust, digest=digest(data), today=today)


def told(found: Verification, name: str) -> Check:
    (check,) = (each for each in found.checks if each.name == name)
    return check


def test_each_verifies_what_the_other_issued(signed: bytes, hubs_pdf: bytes, both: Trust) -> None:
    for data in (signed, hubs_pdf):
        found = judge(data, both)
        assert found.outcome == "valid"
        assert [each.name for each in found.checks[-3:]] == ["key", "state", "lists"]
        assert not any(each.warning for each in found.checks)


def test_whoever_has_the_root_alone_knows_no_less_than_before(hubs_pdf: bytes, trust: Trust) -> None:
    alone = Trust(roots=trust.roots)
    assert judge(hubs_pdf, alone) == verify_pdf(hubs_pdf, trust.roots)
    assert judge(hubs_pdf, trust).outcome == "valid"  # certified, though this list is older than the hub
    assert judge(hubs_pdf, Trust(roots=())).outcome == "unknown"


def test_a_file_that_was_changed_is_not_judged(hubs_pdf: bytes, both: Trust) -> None:
    assert judge(hubs_pdf + b"\n", both).outcome == "invalid"


def test_what_a_retired_key_signed_before_stays_valid(
    hubs_pdf: bytes, both: Trust, authority: Authority, hub: tuple[Issuer, Entry]
) -> None:
    on_the_day = judge(hubs_pdf, withdrawn(both, authority, hub[1], TODAY, "retired"))
    assert on_the_day.outcome == "valid"
    assert told(on_the_day, "key").told(str) == f"The issuer's key was withdrawn on {TODAY}, after it signed this."
    before = judge(hubs_pdf, withdrawn(both, authority, hub[1], TODAY - timedelta(days=1), "retired"))
    assert before.outcome == "invalid"
    assert "before it signed this" in told(before, "key").told(str)


def received(both: Trust, data: bytes, kid: bytes, on: date, central: Issuer) -> Trust:
    entry = both.issuer(central.kid)
    assert entry
    days = {digest(data): on}
    return both.having(lists.sign_received(entry, central.key, of=kid, days=days, version=1, now=NOW))


def test_of_a_stolen_key_only_what_central_had_received_stays_valid(
    hubs_pdf: bytes, both: Trust, authority: Authority, hub: tuple[Issuer, Entry], issuer: Issuer
) -> None:
    kid = hub[0].kid
    stolen = withdrawn(both, authority, hub[1], TODAY, "stolen")
    found = judge(hubs_pdf, stolen)
    assert found.outcome == "invalid"
    assert "issued by a compromised key" in told(found, "key").told(str)
    in_time = received(stolen, hubs_pdf, kid, TODAY, issuer)
    found = judge(hubs_pdf, in_time)
    assert found.outcome == "valid"
    assert f"registered on {TODAY}" in told(found, "key").told(str)
    too_late = received(stolen, hubs_pdf, kid, TODAY + timedelta(days=1), issuer)
    assert judge(hubs_pdf, too_late).outcome == "invalid"
    another = received(stolen, hubs_pdf + b" ", kid, TODAY, issuer)
    assert judge(hubs_pdf, another).outcome == "invalid"
    of_another = received(stolen, hubs_pdf, issuer.kid, TODAY, issuer)
    assert judge(hubs_pdf, of_another).outcome == "invalid"


def test_a_thief_who_signs_yesterdays_date_is_refused(
    both: Trust, authority: Authority, hub: tuple[Issuer, Entry], credential: Make
) -> None:
    forged = pades.sign(pdf.draw(credential(), READER), hub[0], when=NOW - timedelta(days=1))
    assert judge(forged, both).outcome == "valid"
    assert judge(forged, withdrawn(both, authority, hub[1], TODAY, "stolen")).outcome == "invalid"


@pytest.mark.parametrize("days", [396, 4000])
def test_a_key_out_of_its_time_of_use_is_refused(
    both: Trust, hub: tuple[Issuer, Entry], credential: Make, days: int
) -> None:
    late = pades.sign(pdf.draw(credential(), READER), hub[0], when=NOW + timedelta(days=days))
    found = judge(late, both)
    assert found.outcome == "invalid"
    assert [each.name for each in found.checks if not each.passed] == ["period"]


@pytest.mark.parametrize(("days", "outcome"), [(-400, "valid"), (0, "valid"), (395, "valid"), (396, "invalid")])
def test_the_time_of_use_is_looked_at_where_nobody_has(
    both: Trust, hub: tuple[Issuer, Entry], days: int, outcome: str
) -> None:
    bare = Verification(
        outcome="valid", checks=(), kid=hub[0].kid, signed_on=NOW + timedelta(days=days), number="7K3Q-ZX0T-9B4M-H7-5"
    )
    found = judged(bare, both, digest="", today=TODAY)
    assert (found.outcome, told(found, "period").passed) == (outcome, outcome == "valid")


def test_a_certificate_that_was_revoked_or_replaced_says_so(
    hubs_pdf: bytes, both: Trust, hub: tuple[Issuer, Entry]
) -> None:
    number, new = verify_pdf(hubs_pdf, both.roots).number, "8M4R-0000-9B4M-H7-K"
    issuer, entry = hub
    revoking = lists.sign_numbers(entry, issuer.key, revoked={number: TODAY}, replaced={}, version=2, now=NOW)
    found = judge(hubs_pdf, both.having(revoking))
    assert (found.outcome, told(found, "state").told(str)) == ("invalid", f"It was revoked on {TODAY}.")
    replacing = lists.sign_numbers(entry, issuer.key, revoked={}, replaced={number: (TODAY, new)}, version=2, now=NOW)
    found = judge(hubs_pdf, both.having(replacing))
    assert found.outcome == "invalid"
    assert told(found, "state").told(str) == f"It was replaced on {TODAY} by the certificate {new}."


def test_without_a_list_of_numbers_and_with_a_stale_one_that_is_told_and_no_more(hubs_pdf: bytes, both: Trust) -> None:
    found = judge(hubs_pdf, replace(both, numbers=()))
    assert found.outcome == "valid" and told(found, "state").warning
    found = judge(hubs_pdf, both, today=TODAY + timedelta(days=181))
    assert found.outcome == "valid" and told(found, "lists").warning
    assert str(TODAY) in told(found, "lists").told(str)
    assert not told(judge(hubs_pdf, both, today=TODAY + timedelta(days=180)), "lists").warning


def test_a_check_is_told_in_the_readers_language_with_her_dates() -> None:
    check = Check("state", False, "It was revoked on %(date)s.", {"date": TODAY})
    assert (
        check.told(lambda text: text.replace("It was", "Fue"), READER.date) == "Fue revoked on 24 de noviembre de 2026."
    )
