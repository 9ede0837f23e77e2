"""The test sheet that completes a course, with its certificate asked for, beside the same sheet of somebody who has a module
left: the worker makes certificates, so that she waits no longer. The service alone in processor time, and the whole request
by the clock, which is what she waits for."""

import re
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from werkzeug.test import Client

from bench.place import Place, place
from lms.content.model import Course
from lms.learning.attempts import AttemptWiring
from lms.learning.forms import Form, fields
from lms.learning.grading import right_answer
from lms.learning.progress import Last, Progress, Result, Work
from lms.services.people import accounts, consent
from lms.services.studying import testing
from lms.services.studying.desk import Where
from lms.storage import preferences, projection
from lms.storage.people import Secrets
from lms.storage.releases import Release

COURSE = "trata-de-personas"
LEARNERS = 60


def main() -> None:
    """Prints the median of each, and their ratio."""
    here = place()
    with here.site.database.reading() as tx:
        live = here.site.desk.catalogue.live(tx, COURSE)
    if live is None:
        raise SystemExit("the course is not published")
    for way, told in ((_serve, "the service, processor time"), (_request, "the whole request, by the clock")):
        times: dict[bool, list[float]] = {True: [], False: []}
        for number in range(LEARNERS):
            completes = number % 2 == 0
            sheet = _sheet(here, live, f"{way.__name__}-{number}", completes=completes)
            times[completes].append(way(here, sheet))
        done, other = (statistics.median(times[each]) * 1000 for each in (True, False))
        print(f"{told}: sheet that completes {done:.2f} ms; another {other:.2f} ms; ratio {done / other:.2f}")


@dataclass(frozen=True)
class Sheet:
    """A sheet filled in, ready to be sent."""

    where: Where
    attempt: str
    form: Form
    browser: Client


def _serve(here: Place, sheet: Sheet) -> float:
    start = time.process_time()
    with here.site.database.writing() as tx:
        now = datetime.now(UTC)
        testing.send_sheet(tx, here.site.desk, sheet.where, attempt=sheet.attempt, form=sheet.form, now=now)
    return time.process_time() - start


def _request(_: Place, sheet: Sheet) -> float:
    page = sheet.browser.get(f"/attempts/{sheet.attempt}").get_data(as_text=True)
    hidden = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf", "event")}
    start = time.perf_counter()
    answer = sheet.browser.post(f"/attempts/{sheet.attempt}", data={**sheet.form, **hidden, "act": "send"})
    taken = time.perf_counter() - start
    if answer.status_code != 303 or "review" in answer.headers["Location"]:
        raise SystemExit(f"the sheet was not taken: {answer.status}")
    return taken


def _sheet(here: Place, live: Release, name: str, *, completes: bool) -> Sheet:
    now, course = datetime.now(UTC), live.course
    with here.site.database.writing() as tx:
        secrets = Secrets("none", None)
        who = accounts.add(tx, here.site.pen, username=name, display_name=name, secrets=secrets, now=now)
        preferences.change(tx, who.id, consent=consent.VERSION)
        projection.save(tx, who.id, course.id, _lessons(live, course, all_ended=completes))
        test = next(each for each in course.edition("es").modules.values() if each.kind == "test")
        where = Where(learner=who.id, course=course.id, module=test.id, release=live.digest, event=None, language="es")
        attempt = testing.open_attempt(tx, here.site.desk, where, now=now)
        opened = projection.attempt(tx, attempt)
    if opened is None:
        raise SystemExit("no attempt was opened")
    asked = [each for each in test.questions() if each.id in opened.drawn]
    form = fields(asked, AttemptWiring(opened.seed), {each.id: right_answer(each) for each in asked})
    browser = here.app.test_client()
    browser.set_cookie("s", here.site.entrance.open_session(who, now=now))
    return Sheet(where, attempt, form, browser)


def _lessons(live: Release, course: Course, *, all_ended: bool) -> Progress:
    lessons = [each for each in course.edition("es").modules.values() if each.kind == "module"]
    last = Last(at="2026-11-24T12:00:00.000Z", event="e", release=live.digest, answer=None, share=Fraction(1))
    questions = [question.id for each in lessons for question in each.questions()]
    work = Work(
        ended=frozenset(each.id for each in lessons[0 if all_ended else 1 :]),
        results={name: Result(best=Fraction(1), last=last) for name in questions},
    )
    return Progress(enrolled=True, work={live.digest: work})
