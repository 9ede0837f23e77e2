"""Two issuers under one root, with the same code of two letters, that do not meet for a month: each goes on alone, and
verifies what the other issued with the root and the lists that somebody carries over."""

import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lms.certificates import number as numbers
from lms.certificates.judgement import REPLACED, REVOKED, STALE
from lms.certificates.qr import NOT_LISTED
from lms.certificates.shelf import Shelf
from lms.certificates.trust import ForeignList, OldList, Trust
from lms.certificates.verify import Verification, verify_pdf
from lms.storage.certificates import Kind
from tests.certificates.instance import KINDS, Place, bring, make_place, verify

AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
DAYS, A_DAY, NUMBERS = (30, 30, 200_000) if AUDIT else (6, 3, 20_000)


@dataclass
class Month:
    """What became of the month: the places, what each held before it, and the numbers by what became of them."""

    central: Place
    hub: Place
    before: Mapping[str, Trust]
    good: list[tuple[Place, str]] = field(default_factory=list)
    revoked: list[tuple[Place, str]] = field(default_factory=list)
    replaced: dict[str, tuple[Place, str]] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        """The last day."""
        return self.central.now

    @property
    def all(self) -> list[tuple[Place, str]]:
        """Every number that was issued."""
        return [*self.good, *self.revoked, *((place, old) for old, (place, _) in self.replaced.items())]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        central, hub = (make_place(folder / name, patch) for name in ("central", "hub"))
        hub.under(central)
        for each in (central, hub):
            each.work()
        bring(central, hub.lists())
        bring(hub, central.lists())
        told = Month(central, hub, {"central": central.trust, "hub": hub.trust})
        for day in range(1, DAYS + 1):
            for place in (central, hub):
                place.now = central.now + timedelta(days=1) if place is central else central.now
                live(told, place, day)
        yield told
        for each in (central, hub):
            each.database.close()


def live(month: Month, place: Place, day: int) -> None:
    """A day: learners finish, one certificate is replaced and one revoked, and once the key is renewed."""
    if not place.people:
        for n in range(A_DAY):
            place.person(f"Persona {n} Pérez")
    if day == (DAYS // 3 if place is month.central else DAYS // 2):
        place.under(month.central)
    asked = [place.ask(who, day) for who in place.people]
    assert place.work() == A_DAY
    month.good += [(place, each) for each in asked]
    mine = [each for whose, each in month.good if whose is place]
    if day % 2 == 0:
        old, gone = mine[0], mine[1]
        new = place.anew(old, f"Otra {day}")
        place.revoke(gone)
        assert place.work() == 1
        month.good = [each for each in month.good if each[1] not in (old, gone)] + [(place, new)]
        month.revoked.append((place, gone))
        month.replaced[old] = (place, new)


def judge(month: Month, place: Place, number: str, trust: Trust, now: datetime) -> Iterator[tuple[Kind, Verification]]:
    files = place.files(number)
    assert files.keys() == set(KINDS)
    return ((kind, verify(kind, data, trust, now)) for kind, data in files.items())


def failed(found: Verification) -> list[str]:
    return [each.sentence for each in found.checks if not each.passed]


def test_no_number_is_given_twice(month: Month) -> None:
    issued = [number for _, number in month.all]
    assert len(issued) == DAYS * A_DAY * 2 + len(month.replaced)
    generated = [numbers.new("E2") for _ in range(NUMBERS)]
    assert len({*issued, *generated}) == len(issued) + len(generated)
    assert {each[15:17] for each in issued} == {"E2"}


@pytest.mark.parametrize("first", ["central", "hub"])
def test_each_verifies_what_the_other_issued(month: Month, first: str, tmp_path: Path) -> None:
    """With the root alone, and what each took from the other, whichever came to the other first."""
    here, there = (month.central, month.hub) if first == "central" else (month.hub, month.central)
    shelves = {}
    for place in (month.central, month.hub):
        shelf = shelves[id(place)] = Shelf(tmp_path / place.settings.instance.parent.name, tmp_path / "none")
        shelf.add_root(month.central.issuer.root)
        take(shelf, place.lists())
    take(shelves[id(there)], here.lists())
    take(shelves[id(here)], there.lists())
    for place, other in ((here, there), (there, here)):
        trust = shelves[id(other)].load()
        check(month, trust, [(whose, number) for whose, number in month.all if whose is place])


def take(shelf: Shelf, files: list[bytes]) -> None:
    """What of them is new; the rest is refused, since it is older than what is held."""
    for each in files:
        try:
            shelf.take(each)
        except OldList:
            continue


def check(month: Month, trust: Trust, some: list[tuple[Place, str]]) -> None:
    """Each of these certificates is told to be what became of it, by each of its files."""
    revoked = {number for _, number in month.revoked}
    assert some
    for place, number in some:
        for kind, found in judge(month, place, number, trust, month.end):
            if number in revoked:
                assert failed(found) == [REVOKED], (kind, number)
            elif number in month.replaced:
                assert failed(found) == [REPLACED], (kind, number)
                said = next(each for each in found.checks if not each.passed)
                assert said.values["number"] == month.replaced[number][1]
            else:
                assert (found.outcome, found.number) == ("valid", number), (kind, failed(found))
                assert not any(each.warning for each in found.checks)


def test_whoever_has_the_root_takes_the_lists_in_any_order(month: Month, tmp_path: Path) -> None:
    """A list whose signer is not known yet is refused by that reason, and taken when the list of keys is there."""
    newest = {
        each.raw
        for place in (month.central, month.hub)
        for each in (*month.central.trust.keys, *(one for one in place.trust.numbers if one.issuer == mine(place)))
    }
    assert len(newest) == 3
    found = []
    for turn, order in enumerate(itertools.permutations(sorted(newest))):
        shelf = Shelf(tmp_path / str(turn), tmp_path / "none")
        shelf.add_root(month.central.issuer.root)
        waiting = []
        for each in order:
            try:
                shelf.take(each)
            except ForeignList:
                waiting.append(each)
        for each in waiting:
            shelf.take(each)
        found.append(shelf.load())
    assert all(
        (each.keys, set(map(repr, each.numbers))) == (found[0].keys, set(map(repr, found[0].numbers))) for each in found
    )
    check(month, found[0], month.all[:: 9 if AUDIT else 5])


def mine(place: Place) -> bytes:
    entry = place.trust.issuer(place.issuer.kid)
    assert entry
    return entry.issuer


def test_the_lists_of_before_the_month_still_do(month: Month) -> None:
    """Half a year later too: they are told to be old. Who was certified since is known by its root, but no code of it."""
    for place, other in ((month.central, "hub"), (month.hub, "central")):
        trust, first = month.before[other], place.issuer.kid
        for number in [number for whose, number in month.good if whose is place][:: 9 if AUDIT else 3]:
            for later, stale in ((month.end, False), (month.end + timedelta(days=200), True)):
                for kind, found in judge(month, place, number, trust, later):
                    if trust.issuer(found.kid) is not None:
                        assert found.outcome == "valid", (kind, failed(found))
                        assert any(each.sentence == STALE for each in found.checks) is stale
                    elif kind == "code":
                        assert failed(found) == [NOT_LISTED]
                    else:
                        assert found.outcome == "valid" and (kind == "badge" or found.kid == first)


def test_the_month_was_one(month: Month) -> None:
    """Both renewed their keys, and went on under the same name."""
    (book,) = month.central.trust.keys
    by_issuer = {entry.issuer: [each for each in book.entries if each.issuer == entry.issuer] for entry in book.entries}
    assert sorted(len(each) for each in by_issuer.values()) == [2, 2]
    signed = [verify_pdf(place.files(number)["pdf"], month.hub.trust.roots) for place, number in month.all]
    kids = {found.kid for found in signed}
    assert len(kids) == 4
    assert len(month.replaced) == len(month.revoked) == DAYS // 2 * 2
