"""What became of a certificate is told of each of its files, by the list that the worker publishes: erased, replaced, revoked."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.certificates.judgement import REPLACED, REVOKED, STANDS
from lms.certificates.trust import digest, hashed, plain
from lms.certificates.verify import Check, Verification
from lms.services.certifying import amending
from lms.services.certifying.amending import Erased
from lms.storage import certificates
from lms.storage.certificates import Kind
from lms.storage.tables import certificate_files
from lms.storage.tables import certificates as rows
from tests.certificates.instance import KINDS, Place, make_place, verify

NAME, OTHER, LAST = "Ana Lucía Xicoténcatl", "Lucía Xicoténcatl", "Lu Xicoténcatl"
Files = Mapping[Kind, bytes]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = make_place(tmp_path, monkeypatch)
    yield made
    made.database.close()


@pytest.fixture
def first(place: Place) -> str:
    number = place.ask(place.person(NAME))
    assert place.work() == 1
    return number


def judge(place: Place, files: Files) -> Mapping[Kind, Verification]:
    assert files.keys() == set(KINDS)
    return {kind: verify(kind, data, place.trust, place.now) for kind, data in files.items()}


def state(found: Verification) -> Check:
    (check,) = (each for each in found.checks if each.name == "state")
    return check


def renewed(place: Place, number: str, name: str, days: int) -> tuple[str, Files]:
    """Another in its place, made so many days later, and its files."""
    place.now += timedelta(days=days)
    new = place.anew(number, name)
    assert place.one(number).stands and place.one(number).successor == new
    assert place.work() == 1
    return new, place.files(new)


def test_who_has_an_erased_one_verifies_it_and_nothing_here_says_whose_it_was(place: Place, first: str) -> None:
    held = {first: place.files(first)}
    second, held_second = renewed(place, first, OTHER, 3)
    held[second] = held_second
    waiting = place.anew(second, LAST)
    for number in (first, second):
        place.erase(number)
        place.erase(number)
    place.work()
    place.erase(waiting)
    with place.database.reading() as tx:
        register = [*tx.execute(select(rows)), *tx.execute(select(certificate_files))]
        assert len(register) == 3 + 3 * len(KINDS)
        assert not any(part in repr(register) for part in ("Xicot", "Ana", "Luc", place.people[0].id))
        assert not any(row.bytes for row in tx.execute(select(certificate_files.c.bytes)))
        for number, files in held.items():
            for data in files.values():
                found = certificates.by_sha256(tx, sha256(data).hexdigest())
                assert found and found.number == number and amending.history(tx, found) == []
    for number, files in held.items():
        for kind, found in judge(place, files).items():
            assert (state(found).sentence, found.number) == (REPLACED, number), kind


def test_an_erased_one_that_stands_is_valid_and_can_still_be_revoked(place: Place, first: str) -> None:
    files = place.files(first)
    place.erase(first)
    place.work()
    for kind, found in judge(place, files).items():
        assert (found.outcome, state(found).sentence) == ("valid", STANDS), kind
    place.now += timedelta(days=1)
    place.revoke(first)
    place.work()
    for kind, found in judge(place, files).items():
        assert (found.outcome, state(found).sentence) == ("invalid", REVOKED), kind


def test_none_is_issued_in_the_place_of_an_erased_one(place: Place, first: str) -> None:
    """Nobody is known whose it would be, and two of them would be taken for one another."""
    place.erase(first)
    with pytest.raises(Erased):
        place.anew(first, OTHER)
    assert place.work() == 0 and place.one(first).stands


def test_each_old_one_says_which_took_its_place(place: Place, first: str) -> None:
    held = {first: place.files(first)}
    second, held[second] = renewed(place, first, OTHER, 3)
    third, held[third] = renewed(place, second, LAST, 4)
    days = {first: place.now - timedelta(days=4), second: place.now}
    for number, new in ((first, second), (second, third)):
        for kind, found in judge(place, held[number]).items():
            said = {"date": place.settings.day(days[number]), "number": new}
            assert (found.outcome, state(found).sentence, state(found).values) == ("invalid", REPLACED, said), kind
            assert new in state(found).told(str)
    for kind, found in judge(place, held[third]).items():
        assert (found.outcome, found.number) == ("valid", third), kind
    (numbers,) = place.trust.numbers
    assert not any(plain(each) in numbers.raw.decode() or each in numbers.raw.decode() for each in held)


def test_one_that_is_replaced_after_its_key_was_renewed_is_valid_on_paper_too(place: Place, first: str) -> None:
    """The code tells the day of the course, which is earlier than the new key."""
    place.now += timedelta(days=380)
    place.under(place)
    new, files = renewed(place, first, OTHER, 10)
    assert place.one(new).credential.issued_on == place.one(first).credential.issued_on
    for kind, found in judge(place, files).items():
        assert found.outcome == "valid", (kind, [each.sentence for each in found.checks if not each.passed])


def test_a_revoked_one_says_since_when_whatever_comes_after(place: Place, first: str) -> None:
    held = place.files(first)
    place.now += timedelta(days=5)
    day = place.settings.day(place.now)
    waiting = place.anew(first, OTHER)
    place.revoke(first)
    place.work()
    place.now += timedelta(days=5)
    place.work()
    for kind, found in judge(place, held).items():
        assert (found.outcome, state(found).sentence) == ("invalid", REVOKED), kind
        assert state(found).values == {"date": day} and day.isoformat() in state(found).told(str)
    for kind, found in judge(place, place.files(waiting)).items():
        assert found.outcome == "valid", kind
    (numbers,) = place.trust.numbers
    assert numbers.revoked == {hashed(first): day} and not numbers.replaced
    assert digest(held["pdf"]) not in numbers.raw.decode()
