"""A cohort at a glance: how far each person is in one of its courses, and who is stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from lms.content.model import Edition, Module
from lms.content.stems import fold
from lms.learning.progress import Progress
from lms.learning.standing import Standing, standing
from lms.learning.stuck import Facts, Mark, Outlook, Tries, mark, outlook, tries
from lms.learning.summary import summary
from lms.services.people.consent import WITHDRAWN
from lms.storage import devices, members, projection
from lms.storage.devices import Phone
from lms.storage.members import Member
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue, Release


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one module. `tries` are those at a test that she has not passed."""

    mark: Mark
    tries: Tries | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person in the course: a cell for each of its modules, in order."""

    member: Member
    standing: Standing
    cells: tuple[Cell, ...]
    outlook: Outlook
    last: datetime | None
    """When she last did something there; where she has a phone, when something last came of it: its clock may be wrong."""
    phone: Phone | None = None
    """Her phone that may still send something; None where she has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A course and everybody in the cohort, by name, or a part of them."""

    release: Release
    edition: Edition
    rows: tuple[Row, ...]

    @property
    def modules(self) -> list[Module]:
        """The columns."""
        return list(self.edition.modules.values())

    @property
    def stuck(self) -> list[Row]:
        """Who needs a call, whoever needs it most first."""
        return [each for each in self.by_urgency if each.outlook.call]

    @property
    def under_way(self) -> list[Row]:
        """Who has not completed the course and needs no call, in the same order."""
        return [each for each in self.by_urgency if not each.outlook.call and not each.outlook.complete]

    @property
    def complete(self) -> int:
        """How many have completed it."""
        return sum(each.outlook.complete for each in self.rows)

    @property
    def unbegun(self) -> int:
        """How many have done nothing yet, as far as can be known: with a phone that may hold it, it can't."""
        return sum(not each.standing.begun and not each.outlook.complete and not each.phone for each in self.rows)

    @property
    def with_phones(self) -> bool:
        """Whether somebody may have done what is not here yet."""
        return any(each.phone and not each.outlook.away for each in self.rows)

    @property
    def by_urgency(self) -> list[Row]:
        """Everybody, whoever needs a call most first."""
        return sorted(self.rows, key=lambda each: each.outlook.urgency)

    def part(self, start: int, many: int) -> "Overview":
        """So many of them from that place on, whoever needs a call most first."""
        return replace(self, rows=tuple(self.by_urgency[start : start + many]))

    def done(self, column: int) -> int:
        """How many are done with the module in that column, from 0."""
        return sum(each.cells[column].mark == "done" for each in self.rows)


def overview(
    tx: Connection, catalogue: Catalogue, release: Release, *, cohort: str, language: str, now: datetime
) -> Overview:
    """The cohort in that live release: five statements, however many they are."""
    course = release.course.id
    phones, heard = devices.of_cohort(tx, cohort, now), devices.heard(tx, cohort, course)
    desk = _Desk(tx, catalogue, release, language, now, phones, heard)
    progress = projection.of_cohort(tx, cohort, course)
    opened = projection.attempts_of_cohort(tx, cohort, course)
    found = members.of_cohort(tx, cohort, course)
    rows = [desk.row(each, progress.get(each.id, Progress()), opened.get(each.id, ())) for each in found]
    rows.sort(key=lambda each: (fold(each.member.name), each.member.id))
    return Overview(release=release, edition=release.course.edition(language), rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every row is made with."""

    tx: Connection
    catalogue: Catalogue
    release: Release
    language: str
    now: datetime
    phones: Mapping[str, Phone]
    heard: Mapping[str, datetime]

    def row(self, member: Member, progress: Progress, opened: Sequence[OpenedAttempt]) -> Row:
        """One person's."""
        record = self.catalogue.today(self.tx, progress, self.release)
        stands = standing(record, self.release.course, self.language)
        moments = {each.id: each.opened_at for each in opened}
        away = {each.id: each.expires_at for each in opened if each.device and each.expires_at}
        tested = {
            each.module.id: tries(record, each, moments, away, now=self.now)
            for each in stands.modules
            if each.module.kind == "test" and not each.done
        }
        last, phone = self.heard.get(member.id) or summary(progress).last_at, self.phones.get(member.id)
        facts = Facts(
            standing=stands,
            joined=member.joined_at,
            last=last,
            tests=tuple(tested[each.module.id] for each in stands.missing if each.module.id in tested),
            active=member.active,
            withdrawn=member.consent == WITHDRAWN,
            phone=phone is not None,
        )
        cells = tuple(
            Cell(mark(each, tested.get(each.module.id)), tested.get(each.module.id)) for each in stands.modules
        )
        seen = outlook(facts, now=self.now)
        return Row(member=member, standing=stands, cells=cells, outlook=seen, last=last, phone=phone)
