"""The walk past what learners say of a course."""

from collections.abc import Iterator

from playwright.sync_api import Page

from lms.services.studying import evaluation
from lms.services.studying import polls as voting
from lms.storage import people, polls
from tests.installation import Installation
from tests.tour.steps import COURSE, fill, going


def said(page: Page, served: Installation, username: str) -> Iterator[str]:
    """What she tells of a mistake and thinks of the course, and what its author sees of that."""

    go = going(page, served)
    with served.database().writing() as tx:
        person = people.by_username(tx, username)
        assert person
        people.set_roles(tx, person.id, people.ROLES)
    go("/author/reports?course=none")
    yield "reports-empty"
    go(f"{COURSE}/m-que-es")
    page.click("footer a[href^='/report?']")
    page.wait_for_selector("textarea")
    yield "report"
    page.check("[value=harm]")
    fill(page, {"body": "El ejemplo permite reconocer un lugar real.\nConviene cambiarlo."})
    yield "report-thanks"
    go("/author/reports")
    yield "reports"
    go(f"{COURSE}/evaluation")
    yield "evaluation"
    page.check("[name=useful][value='5']")
    fill(page, {"comment": "Me sirvió mucho."})
    yield "evaluation-thanks"
    go("/author/evaluations")
    yield "results-courses"
    course = COURSE.rpartition("/")[2]
    go(f"/author/evaluations/{course}")
    yield "results-few"
    with served.database().writing() as tx:
        for question, options in evaluation.QUESTIONS.items():
            for number in range(voting.ENOUGH):
                option = options[max(0, len(options) - 1 - number // 3)]
                polls.add(tx, course, {(f"evaluation:1:{question}", option): 1})
        polls.add(tx, course, {("evaluation:1", "sent"): voting.ENOUGH})
    go(f"/author/evaluations/{course}")
    yield "results"
