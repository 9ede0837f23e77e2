"""The pocket's scripts with the real store: what she does away is there once, and both say the same of where she stands."""

import json

import pytest
from playwright.sync_api import Browser, Page

from lms.learning.standing import Standing, standing
from lms.storage import projection
from lms.storage.releases import Catalogue
from tests.browser import new_page, register
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tests.pocket.test_screens")]
COURSE = "muestrario"
TAKE = """async ([course, languages]) => {
  const profile = await pocket.profile.add(await pocket.api.me(), 'Chrome');
  const { courses } = await pocket.api.ask(profile, 'courses');
  const { manifest } = courses.find(({ id }) => id === course);
  await pocket.take.take(profile, manifest, { languages, media: true });
  return [profile.learner, manifest];
}"""
RIGHT = """async ([learner, course, wrong]) => {
  const profile = await pocket.profile.get(learner);
  const text = await pocket.take.text(profile, course, 'es');
  const right = (question) => {
    const keys = (things) => things.map(({ key }) => key);
    switch (question.kind) {
      case 'single': case 'multiple': case 'true-false': return keys(question.options.filter((option) => option.right));
      case 'match': case 'classify': return Object.fromEntries(question.pairs.map(({ key, target }) => [key, target]));
      case 'order': return keys(question.items);
      case 'blanks': return Object.fromEntries(question.gaps.map((gap) => [gap.key, (gap.options.find((each) => each.right) || { key: gap.accepted[0] }).key]));
      default: return question.expected.find((each) => each.right).text.split('..')[0];
    }
  };
  const act = (values) => pocket.log.record(profile, { course, release: text.release, ...values });
  const told = [];
  for (const module of text.modules.filter(({ kind }) => kind === 'module')) {
    for (const { id, questions } of module.quizzes) {
      const answers = Object.fromEntries(questions.map((name) => [name, right(module.questions[name])]));
      for (const name of questions) told.push(pocket.grading.grade(module.questions[name], answers[name]));
      if (id === wrong) answers[questions[0]] = 'nothing';
      await act({ type: 'learner.attempt_submitted', item: id, data: { answers } });
    }
    for (const [scenario, { endings }] of Object.entries(module.scenarios)) {
      await act({ type: 'learner.scenario_ended', item: module.id, data: { scenario, outcome: Object.values(endings)[0] } });
    }
    await act({ type: 'learner.section_reached', item: module.id, data: { section: 's' } });
    await act({ type: 'learner.module_completed', item: module.id });
  }
  return told;
}"""
STAND = """async ([learner, course]) => {
  const row = await pocket.db.one('courses', [learner, course]);
  return pocket.progress.stand(row, await pocket.take.text({ learner }, course, 'es'));
}"""


@pytest.fixture
def page(browser: Browser, served: Installation) -> Page:
    """Somebody's page with the scripts, who has just opened an account."""
    made = new_page(browser)
    name = f"bolsillo{len(browser.contexts)}{id(made) % 9999}"
    register(made, served.url, name, "Ana Bolsillo")
    made.goto(f"{served.url}/pocket")
    made.evaluate("async () => { window.pocket = await import(document.querySelector('script[type=module]').src); }")
    return made


def told(served: Installation, learner: str, course: str) -> Standing:
    """Where the store has her."""
    database = served.database()
    with database.reading() as tx:
        catalogue = Catalogue()
        release = catalogue.live(tx, course)
        assert release
        progress = projection.of_course(tx, learner, course)
        record = catalogue.under(tx, progress, catalogue.seen_from(tx, release))
    return standing(record, release.course, "es")


def test_both_say_the_same_of_where_she_stands(page: Page, served: Installation) -> None:
    learner, manifest = page.evaluate(TAKE, [COURSE, ["es"]])
    assert set(page.evaluate(RIGHT, [learner, COURSE, ""])) == {"1"}
    away = page.evaluate(STAND, [learner, COURSE])
    sent = page.evaluate("() => pocket.send.now()")
    assert (sent["left"], sent["why"]) == (0, "")
    assert page.evaluate("(learner) => pocket.send.pending(learner)", learner)["refused"] == []
    there = told(served, learner, COURSE)
    shown = [
        (each.module.id, each.begun, each.done, str(each.share), list(each.missing), each.last)
        for each in there.modules
    ]
    keys = ("id", "begun", "done", "share", "missing", "last")
    assert [tuple(each[key] for key in keys) for each in away["modules"]] == shown
    state = page.evaluate("async (learner) => pocket.state.refresh(await pocket.profile.get(learner))", learner)
    assert state["device"]["complete_to"] == page.evaluate(
        "(learner) => pocket.log.everything(learner).then((all) => all.length)", learner
    )
    assert page.evaluate(STAND, [learner, COURSE]) == away
    assert manifest["release"] == state["courses"][COURSE]["live"]
    served.lms("rebuild", "--check")


def test_a_file_is_taken_and_its_receipt_believed(page: Page, served: Installation) -> None:
    learner, _ = page.evaluate(TAKE, [COURSE, ["es"]])
    page.evaluate(RIGHT, [learner, COURSE, ""])
    script = """async (learner) => {
      const profile = await pocket.profile.get(learner);
      await pocket.state.refresh(profile);
      const file = await pocket.file.save(await pocket.profile.get(learner));
      const answer = await fetch('/api/v1/file', { method: 'POST', body: file, credentials: 'omit' });
      const receipt = await answer.text();
      return [receipt, await pocket.file.receipt(profile, receipt).catch((error) => error.message), await pocket.log.everything(learner)];
    }"""
    receipt, taken, rows = page.evaluate(script, learner)
    said = json.loads(json.loads(receipt)["payload"])
    count = said["lines"]["accepted"] + said["lines"]["duplicate"]  # the page sends by itself as well
    assert count == said["complete_to"] == taken["taken"] > 5
    assert {row["held"] for row in rows} == {said["store"]}
    assert page.evaluate("() => pocket.send.now()")["left"] == 0


def test_a_sheet_on_a_ticket_is_marked_when_it_arrives(page: Page, served: Installation) -> None:
    learner, manifest = page.evaluate(TAKE, ["trata-de-personas", ["es"]])
    module = next(name for name, rules in manifest["tests"].items() if rules["offline"])
    script = """async ([learner, course, module, release]) => {
      const profile = await pocket.profile.get(learner);
      const [ticket] = await pocket.tickets.fetchTickets(profile, { course, module, release, language: 'es' });
      await pocket.tickets.begin({ ...ticket, learner });
      const form = document.createElement('form');
      form.innerHTML = ticket.html.es;
      for (const box of form.querySelectorAll('fieldset')) {
        const first = box.querySelector('input[type=radio], input[type=checkbox]');
        if (first) first.checked = true;
      }
      const told = await pocket.tickets.submit(profile, { ...ticket, learner }, new FormData(form), 'es');
      const sent = await pocket.send.now();
      await pocket.state.refresh(profile);
      const row = await pocket.db.one('courses', [learner, course]);
      const stood = await pocket.progress.stand(row, await pocket.take.text(profile, course, 'es'));
      return [told, sent, row.state.attempts[ticket.attempt], stood.modules.find(({ id }) => id === module)];
    }"""
    code, sent, attempt, stood = page.evaluate(script, [learner, "trata-de-personas", module, manifest["release"]])
    assert (sent["left"], sent["why"]) == (0, "")
    assert len(code["code"]) == 9
    assert attempt["state"] == "marked"
    assert (stood["share"], stood["begun"]) == (attempt["share"], True)
