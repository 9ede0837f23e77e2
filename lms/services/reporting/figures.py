"""The figures as plain tables in the reader's language: what files say of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.i18n import N_, Reader
from lms.learning.gain import ENOUGH as TOGETHER
from lms.learning.indicators import DIMENSIONS, NOT_SAID, Dimension, Measure, Quarter
from lms.learning.suppression import K
from lms.services.common.institutions import TYPES
from lms.services.reporting import sexes
from lms.services.reporting.indicators import Filters, Report
from lms.services.studying.evaluation import QUESTIONS
from lms.services.studying.polls import ENOUGH
from lms.storage.goals import Goal

Value = str | int | float | None

HEADINGS: dict[Dimension, str] = {
    "quarter": N_("By quarter"),
    "course": N_("By course"),
    "country": N_("By country"),
    "type": N_("By kind of institution"),
}
COLUMNS: dict[Dimension, str] = {
    "quarter": N_("Quarter"),
    "course": N_("Course"),
    "country": N_("Country"),
    "type": N_("Kind of institution"),
}
MEASURED: dict[Measure, str] = {"people": N_("People trained"), "certificates": N_("Certificates")}
SHORT: dict[Measure, str] = {"people": N_("People"), "certificates": N_("Certificates")}
"""The same where a column is narrow."""
ASKED = {
    "useful": N_("It is useful for my work"),
    "clear": N_("It is clear"),
    "length": N_("Its length is right"),
    "safe": N_("I felt respected and safe"),
    "recommend": N_("Would you recommend it to a colleague?"),
}
"""What an evaluation asks: see lms/web/templates/macros/evaluation.html."""
DEFINITIONS = (
    (
        N_("People trained"),
        N_(
            "Whoever completed at least one course in the period. In each figure a person counts once, however many courses "
            "they completed, also if they have two accounts that were linked; so the rows of a table may add up to more "
            "than its total."
        ),
    ),
    (
        N_("Completed"),
        N_(
            "The day on which everything that the course asks for was done; where its requirements changed, the last time."
        ),
    ),
    (
        N_("Certificates"),
        N_(
            "One for each person and course, on the day on which it was first issued. One that was replaced counts once, "
            "one that was revoked does not count."
        ),
    ),
    (
        N_("Country and kind of institution"),
        N_("Those of the account today; where it has none, those of the group."),
    ),
    (N_("Group"), N_("For a group, what its members completed of the group's courses counts.")),
    (
        N_("Evaluations"),
        N_(
            "Anonymous, of everybody who completed the course, whatever the filters. Results are shown from ten answers on."
        ),
    ),
    (
        N_("Knowledge gain"),
        N_(
            "Of everybody who answered similar questions before and after the course, whatever the filters: half of them one "
            "form first, half the other, by chance. Normalised gain (Hake, 1998): of what was not known before, how much is "
            "known after; three tenths and more is medium, seven tenths and more is high. New answers are added ten people at "
            "a time, so that nobody's can be found."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its title, its headings, and rows of a name and values; `shares`: the columns that are parts of one."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]
    note: str = ""
    shares: frozenset[int] = frozenset()


def name_of(report: Report, reader: Reader, dimension: str, key: str) -> str:
    """What the reader calls the row of a table."""
    if key == NOT_SAID:
        return reader.gettext("Not known")
    if dimension == "quarter":
        return quarter_name(Quarter.parse(key), reader)
    if dimension == "country":
        return reader.country(key)
    if dimension == "type":
        return reader.gettext(TYPES[key]) if key in TYPES else key
    return report.courses[key].edition(reader.language).title if key in report.courses else key


def quarter_name(quarter: Quarter, reader: Reader) -> str:
    """`2026, quarter 4`."""
    return reader.gettext("%(year)s, quarter %(n)s") % {"year": quarter.year, "n": quarter.number}


def quarter_mark(quarter: Quarter, reader: Reader) -> str:
    """`Q4 2026`: below a bar."""
    return reader.gettext("Q%(n)s %(year)s") % {"year": quarter.year, "n": quarter.number}


def goal_name(report: Report, reader: Reader, goal: Goal) -> str:
    """What the goal counts: `People trained · 2026 · Guatemala`."""
    _ = reader.gettext
    when = quarter_name(Quarter(goal.year, goal.quarter), reader) if goal.quarter else str(goal.year)
    keys = {"course": goal.course, "country": goal.country, "type": goal.institution_type}
    named = (name_of(report, reader, dimension, key) for dimension, key in keys.items() if key)
    return "\u00a0· ".join((_(MEASURED[goal.measure]), when, *named))


def period(filters: Filters, reader: Reader) -> str:
    """The days that are counted, in words."""
    first, last = (reader.date(each) if each else "" for each in (filters.first, filters.last))
    if first and last:
        return reader.gettext("From %(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return reader.gettext("Since %(first)s") % {"first": first}
    return (
        reader.gettext("Until %(last)s") % {"last": last} if last else reader.gettext("From the beginning until today")
    )


def narrowed_by(report: Report, reader: Reader) -> list[tuple[str, str]]:
    """What is counted: each filter by its name, with what it lets through."""
    _, filters = reader.gettext, report.filters
    everything = _("The whole programme") if report.everybody else _("The groups of one coordinator")
    whose = report.cohort.name if report.cohort else everything
    rows = [(_("Period"), period(filters, reader)), (_("Groups"), whose)]
    named: tuple[tuple[Dimension, str, str], ...] = (
        ("course", filters.course, _("All courses")),
        ("country", filters.country, _("All countries")),
        ("type", filters.type, _("All kinds")),
    )
    return rows + [(_(COLUMNS[name]), name_of(report, reader, name, key) if key else all_) for name, key, all_ in named]


def tables(report: Report, reader: Reader) -> list[Table]:
    """Every table of the report: the total, each dimension, goals, evaluations, knowledge gain, and those for publication."""
    told, learned = evaluations(report, reader), gains(report, reader)
    return [
        _total(report, reader),
        *(of_dimension(report, reader, each) for each in DIMENSIONS),
        *([_goals(report, reader)] if report.goals else []),
        *([told] if told.rows else []),
        *([learned] if learned.rows else []),
        *for_publication(report, reader),
    ]


def of_dimension(report: Report, reader: Reader, dimension: Dimension) -> Table:
    """People and certificates by that dimension."""
    _ = reader.gettext
    rows = [
        (name_of(report, reader, dimension, row.key), row.people, row.certificates)
        for row in report.figures.tables[dimension]
    ]
    return Table(_(HEADINGS[dimension]), (_(COLUMNS[dimension]), *map(_, MEASURED.values())), rows)


def evaluations(report: Report, reader: Reader) -> Table:
    """Of each course of which anybody said so how many said what they think, the average of each scale, and how many would recommend it."""
    _ = reader.gettext
    rows: list[tuple[Value, ...]] = []
    for course, found in report.evaluations.items():
        if not found.sent:
            continue
        results = {each.question: each for each in found.results}
        scales = [results[name].average for name in QUESTIONS if name != "recommend"]
        yes = results["recommend"].percents.get("yes")
        rows.append(
            (name_of(report, reader, "course", course), found.sent, *scales, None if yes is None else yes / 100)
        )
    asked = [_(ASKED[name]) for name in QUESTIONS if name != "recommend"]
    headings = (_("Course"), _("Evaluations"), *asked, _("Would recommend it"))
    note = _("Averages from 1, not at all, to 5, completely. What fewer than %(n)s people answered is not shown.")
    return Table(_("What learners think"), headings, rows, note % {"n": ENOUGH}, frozenset([len(headings) - 1]))


def gains(report: Report, reader: Reader) -> Table:
    """Of each course that asks before and after it what people knew, and how much of what they did not know they learned, to
    the nearest hundredth."""
    _ = reader.gettext
    rows: list[tuple[Value, ...]] = []
    for course, found in report.gains.items():
        shares = (found.before, found.after, found.normalized) if found else (None, None, None)
        told = [None if each is None else round(float(each), 2) for each in shares]
        rows.append((name_of(report, reader, "course", course), found.people if found else None, *told))
    headings = (_("Course"), _("People"), _("Before"), _("After"), _("Normalised gain"))
    note = _(
        "Right answers before and after the course, of the same people. With fewer than %(n)s there is nothing to show."
    )
    return Table(_("Knowledge gain"), headings, rows, note % {"n": TOGETHER}, frozenset([2, 3, 4]))


def for_publication(report: Report, reader: Reader) -> list[Table]:
    """The tables of each year that is over, as they may be published."""
    return [table for year in report.published for table in of_year(report, reader, year)]


def of_year(report: Report, reader: Reader, year: sexes.Year) -> list[Table]:
    """Women and men in that year: in all, and by what nobody can be found in."""
    _ = reader.gettext
    answers, named = (_("Women"), _("Men")), _("Women and men, %(year)s") % {"year": year.year}
    note = _(
        "Only those who said it count, each once in the year. What could lead to fewer than %(k)s people is added up."
    )
    note %= {"k": K}
    made = [
        Table(
            named,
            (_("Answers"), *answers),
            [(_("All"), *year.total)],
            note,
        )
    ]
    for dimension, table in year.tables.items():
        rows: list[tuple[Value, ...]] = [
            (name_of(report, reader, dimension, _key(year.year, dimension, key)), *cells)
            for key, cells in table.rows.items()
        ]
        if table.together:
            rows.append((_("All others together"), *table.together))
        title = f"{named}: {_(HEADINGS[dimension]).lower()}"
        made.append(Table(title, (_(COLUMNS[dimension]), *answers), rows, note))
    return made


def _key(year: int, dimension: Dimension, key: str) -> str:
    return Quarter(year, int(key)).key if dimension == "quarter" else key or NOT_SAID


def _total(report: Report, reader: Reader) -> Table:
    _, total = reader.gettext, report.figures.total
    rows = [(_(label), n) for label, n in zip(MEASURED.values(), (total.people, total.certificates), strict=True)]
    return Table(_("In all"), (_("Indicator"), _("Number")), rows)


def _goals(report: Report, reader: Reader) -> Table:
    _ = reader.gettext
    rows = [(goal_name(report, reader, each.goal), each.goal.target, each.n, each.share) for each in report.goals]
    note = _("Each goal counts for its own period, whatever the filters.")
    return Table(_("Goals"), (_("Goal"), _("To reach"), _("Reached"), _("Share")), rows, note, frozenset([3]))
