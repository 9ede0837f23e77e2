"""Reports as an author goes through them: which ones, by the course and module that they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from lms.storage.releases import Release
from lms.storage.reports import Count, Report
from lms.web.frame.locale import reader
from lms.web.frame.site import site

ALL = "*"
STATES = {"open": False, "done": True, "all": None}


@dataclass(frozen=True, slots=True)
class Group:
    """Reports on one module, or on pages of no module or course; `release` is the course as learners get it now."""

    release: Release | None
    course: str
    module: str
    reports: Sequence[Report]

    @property
    def titles(self) -> list[tuple[str, str]]:
        """(language, text): what the course and the module are called now, or their ids where they are gone."""
        if self.release is None:
            return [("", each) for each in (self.course, self.module) if each]
        edition = self.release.course.edition(reader().language)
        module = edition.modules.get(site().desk.catalogue.lineage(self.release).now(self.module))
        named = (module.language, module.title) if module else ("", self.module)
        return [(edition.language, edition.title), *([named] if self.module else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which reports an author looks at: `course` is an id, empty for pages of no course, `*` for all."""

    course: str
    state: str

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Choice":
        """What an address asks for; the open ones of every course where it asks for nothing."""
        state = asked.get("state", "")
        return cls(course=asked.get("course", ALL), state=state if state in STATES else "open")

    @property
    def course_id(self) -> str | None:
        """The course, None for all."""
        return None if self.course == ALL else self.course

    @property
    def done(self) -> bool | None:
        """Whether they are done, None for either."""
        return STATES[self.state]

    def of(self, counts: Mapping[str, Count]) -> int:
        """How many these are."""
        asked = [each for course, each in counts.items() if self.course in (ALL, course)]
        open_, done = sum(each.open for each in asked), sum(each.done for each in asked)
        return {False: open_, True: done, None: open_ + done}[self.done]


def groups(found: Sequence[Report], live: dict[str, Release]) -> list[Group]:
    """The reports by the place that they are about, in their order."""
    by_place = groupby(found, key=lambda each: (each.course, each.module))
    return [Group(live.get(course), course, module, list(each)) for (course, module), each in by_place]


def link(report: Report) -> str:
    """Where the author sees what the report is about; empty where nobody can tell."""
    page = report.page
    if not page or "…" in page:
        page = f"/courses/{report.course}/{report.module}" if report.module else ""
    query = f"?{urlencode({'lang': report.language})}" if page and report.course else ""
    return f"{page}{query}#{report.anchor}" if page and report.anchor else f"{page}{query}"
