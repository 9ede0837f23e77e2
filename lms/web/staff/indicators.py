"""The figures of a programme or of a coordinator's groups, as a page and as files; and the goals that they are held against."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from lms.content.stems import fold
from lms.learning.indicators import DIMENSIONS, NOT_SAID, Dimension, Measure, Quarter
from lms.learning.suppression import K
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.common.staff_acts import note
from lms.services.reporting import figures, goals, indicators
from lms.services.reporting.figures import Table
from lms.services.reporting.goals import PROGRAMME, UnknownGoal
from lms.services.reporting.indicators import Filters, Report
from lms.storage import goals as stored
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.sure import NotSure, check_sure
from lms.web.staff import plots

blueprint = Blueprint("indicators", __name__)
STAFF = ("coordinator", "administrator")
ROSTER = "/staff/roster"
STATES: Mapping[Measure, str] = MappingProxyType({"people": "completed", "certificates": "certified"})
"""What the list of people calls the state of those whom a number counts."""
NAMES = {"from": "since", "to": "until"}
"""What it calls the days of a period."""


@blueprint.get("/staff/indicators")
@access(*STAFF)
def page() -> str:
    """The figures for the filters in the address, each with a way to the people behind it."""
    with site().database.reading() as tx:
        report, filters = _report(tx)
        hers, countries = oversight.cohorts_of(tx, signed_in()), indicators.country_codes(tx)
    names, learned = {each: _names(report, each) for each in DIMENSIONS}, figures.gains(report, reader())
    drawn = {each: _plot(report, each, names[each]) for each in DIMENSIONS}
    return render_template(
        "staff/indicators.html",
        report=report,
        filters=filters,
        parts={"from": "", "to": "", **filters.parts()},
        cohorts=hers,
        countries=_countries(countries),
        types=TYPES,
        not_said=NOT_SAID,
        headings=figures.HEADINGS,
        columns=figures.COLUMNS,
        measured=figures.MEASURED,
        short=figures.SHORT,
        names=names,
        said_in=_titles(report),
        plots=drawn,
        roster=_roster(filters),
        goal_name=lambda goal: figures.goal_name(report, reader(), goal),
        period=figures.period(filters, reader()),
        spans=_spans(filters, site().settings.day(site().clock())),
        evaluations=figures.evaluations(report, reader()),
        gains=learned,
        gains_plot=_gains_plot(learned),
        publication=figures.for_publication(report, reader()),
        asks=site().settings.ask_sex,
        definitions=figures.DEFINITIONS,
        k=K,
    )


@blueprint.post("/staff/indicators.xlsx")
@access(*STAFF)
def as_workbook() -> Response:
    """All tables as a spreadsheet."""
    from lms.services.reporting.workbook import workbook as make  # only who takes it needs XlsxWriter

    return _file(make, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@blueprint.post("/staff/indicators.pdf")
@access(*STAFF)
def as_sheet() -> Response:
    """One page for a donor."""
    from lms.services.reporting.donor_page import donor_page as make  # only who takes it needs ReportLab

    return _file(make, "pdf", "application/pdf")


@blueprint.get("/staff/goals")
@access("administrator")
def every_goal() -> str:
    """The goals of the programme, and a form for another one."""
    return _goals()


@blueprint.post("/staff/goals")
@access("administrator")
def set_goal() -> AnyResponse | tuple[str, int]:
    """There is one goal more."""
    return _kept("")


@blueprint.get("/staff/goals/<goal>")
@access("administrator")
def one_goal(goal: str) -> str:
    """The form to change a goal or to delete it."""
    return _goals(goal)


@blueprint.post("/staff/goals/<goal>")
@access("administrator")
def change_goal(goal: str) -> AnyResponse | tuple[str, int]:
    """The goal is another one from now on."""
    return _kept(goal)


@blueprint.post("/staff/goals/<goal>/delete")
@access("administrator")
def delete_goal(goal: str) -> AnyResponse | tuple[str, int]:
    """There is no such goal any more."""
    try:
        check_sure()
    except NotSure as refusal:
        return _goals(goal, error=refusal.sentence(gettext), refused="delete"), refusal.status
    with site().database.writing() as tx:
        goals.remove(tx, goal, by=signed_in().id, now=site().clock())
    return redirect(url_for("indicators.every_goal", done="delete"), 303)


def _report(tx: Connection) -> tuple[Report, Filters]:
    """The report that the request asks for. Raises NotYours."""
    place = site()
    live = [each.course for each in place.desk.catalogue.all_live(tx)]
    codes = indicators.country_codes(tx)
    filters = indicators.read(
        request.values,
        courses=frozenset(each.id for each in live),
        countries=codes,
        today=place.settings.day(place.clock()),
    )
    scope = indicators.scope_of(tx, signed_in(), filters.cohort)
    zone = ZoneInfo(place.settings.timezone)
    return indicators.report(tx, scope=scope, filters=filters, courses=live, zone=zone, now=place.clock()), filters


def _file(make: Callable[..., bytes], form: str, content_type: str) -> Response:
    with site().database.writing() as tx:
        report, filters = _report(tx)
        by, now = signed_in().id, site().clock()
        note(tx, "indicators-taken", by=by, subject=filters.cohort, now=now, form=form, **filters.parts())
    response = make_response(make(report, reader(), name=site().settings.name, issuer=site().settings.issuer))
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="indicadores-{report.at:%Y-%m-%d}.{form}"'
    return response


def _names(report: Report, dimension: Dimension) -> dict[str, str]:
    rows = report.figures.tables[dimension]
    return {row.key: figures.name_of(report, reader(), dimension, row.key) for row in rows}


def _titles(report: Report) -> Callable[[str], Markup]:
    """The `lang` of a text that is a course's title; of any other nothing."""
    editions = [course.edition(reader().language) for course in report.courses.values()]
    known = {each.title: each.language for each in editions}
    return lambda text: Markup(' lang="{}"').format(known[text]) if text in known else Markup("")


def _plot(report: Report, dimension: Dimension, names: dict[str, str]) -> plots.Plot:
    rows = [(row.key, (row.people, row.certificates)) for row in report.figures.tables[dimension]]
    if dimension == "quarter":
        return plots.in_time([(figures.quarter_mark(Quarter.parse(key), reader()), numbers) for key, numbers in rows])
    return plots.lying([(names[key], numbers) for key, numbers in rows])


def _gains_plot(table: Table) -> plots.Plot:
    """What was right before and after each course of which it may be told."""
    told = [(str(name), [float(each or 0) for each in shares[:2]]) for name, people, *shares in table.rows if people]
    return plots.lying([(name, [round(100 * each) for each in shares]) for name, shares in told], percent=True)


def _countries(codes: frozenset[str]) -> dict[str, str]:
    named = {code: reader().country(code) for code in codes}
    return dict(sorted(named.items(), key=lambda each: fold(each[1])))


def _roster(filters: Filters) -> Callable[..., str]:
    """The address of the people behind a number: in all, or in the row of a table."""

    def address(measure: Measure, dimension: str = "", key: str = "") -> str:
        narrowed = filters.narrowed(dimension, key) if dimension else filters
        parts = {NAMES.get(name, name): value for name, value in narrowed.parts().items()}
        return f"{ROSTER}?{urlencode(parts | {'state': STATES[measure]})}"

    return address


def _spans(filters: Filters, today: date) -> list[tuple[str, str, bool]]:
    """Periods to choose at once: what each is called, its address, whether it is the one that is shown."""
    years = ((str(year), date(year, 1, 1), date(year, 12, 31)) for year in (today.year, today.year - 1))
    found = []
    for name, first, last in (*years, (gettext("Everything"), None, None)):
        parts = replace(filters, first=first, last=last).parts()
        query = parts if first else {**parts, "from": "", "to": ""}
        found.append((name, f"?{urlencode(query)}", (filters.first, filters.last) == (first, last)))
    return found


def _kept(goal: str) -> AnyResponse | tuple[str, int]:
    try:
        with site().database.writing() as tx:
            if goal and stored.by_id(tx, goal) is None:
                raise UnknownGoal
            courses = frozenset(each.course.id for each in site().desk.catalogue.all_live(tx))
            countries = indicators.country_codes(tx)
            made = goals.read(request.form, goal=goal, courses=courses, countries=countries)
            goals.keep(tx, made, by=signed_in().id, now=site().clock())
    except UnknownGoal:
        raise
    except Refusal as refusal:
        return _goals(goal, error=refusal.sentence(gettext), refused="set"), refusal.status
    return redirect(url_for("indicators.every_goal", done="change" if goal else "set"), 303)


def _goals(goal: str = "", *, error: str = "", refused: str = "") -> str:
    place = site()
    zone = ZoneInfo(place.settings.timezone)
    with place.database.reading() as tx:
        found = stored.by_id(tx, goal) if goal else None
        if goal and found is None:
            raise UnknownGoal
        live = [each.course for each in place.desk.catalogue.all_live(tx)]
        scope = indicators.scope_of(tx, signed_in(), "")
        report = indicators.report(tx, scope=scope, filters=Filters(), courses=live, zone=zone, now=place.clock())
        countries = indicators.country_codes(tx)
    return render_template(
        "staff/goal.html" if goal else "staff/goals.html",
        goal=found,
        reached=report.goals,
        goal_name=lambda each: figures.goal_name(report, reader(), each),
        live=live,
        countries=_countries(countries),
        types=TYPES,
        measured=figures.MEASURED,
        proposed={"target": PROGRAMME, "year": place.settings.day(place.clock()).year, "measure": "people"},
        done=request.args.get("done", ""),
        error=error,
        refused=refused,
        typed=request.form,
    )
