"""Every page that there is: by following links as nobody and as somebody with every role, and by a learner's acts."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask, Response, request

from lms.certificates.keys import load_issuer
from lms.cli import worker
from lms.content.countries import Country, Entry
from lms.content.model import Course, Quiz
from lms.ids import uuid7
from lms.learning import forms
from lms.learning.attempts import AttemptWiring, PracticeWiring
from lms.learning.events import encode
from lms.learning.grading import Answer, right_answer
from lms.learning.paper import paper_key
from lms.services.groups import cohorts
from lms.services.people import first_run, passphrases, ways_in
from lms.services.studying import evaluation
from lms.services.studying import polls as voting
from lms.storage import cohorts as groups
from lms.storage import comments, countries, event_log, goals, indicators, people, polls, projection, roll
from lms.storage.cohorts import Cohort
from tests import programme
from tests.answers import sheet_form, wrong_answer
from tests.conftest import NOW
from tests.phone import Phone, granted
from tests.visitor import Form
from tests.web.client import Client
from tests.web.client import page as page_of
from tests.web.conftest import signed_in, site_of
from tests.web.test_fresh import confirmed

ROLES = ("learner", "author", "coordinator", "administrator")
FACTS = {
    "username": "nadia",
    "display_name": "K'iche' & Ñ <i>",
    "passphrase": "tres palabras sueltas",
    "consent": "yes",
}
SKIP = ("/s/", "/media/", "/v", "/me/certificates/", "/report")
"""Beginnings of addresses that are no pages; `/verify` and `/report` are visited by hand."""


CHANGING = re.compile(r'value="[\w.=-]{20,}"|data-csrf="[^"]*"')
"""What differs from one time to the next on the same page."""


class Gathered:
    """Every page that the program sends, and the templates of them."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.pages: list[tuple[str, str]] = []
        self.templates: set[str] = set()
        self._known: set[str] = set()
        app.after_request_funcs[None].insert(0, self._keep)  # the last that sees the answer
        seen = app.jinja_env.get_or_select_template
        monkeypatch.setattr(app.jinja_env, "get_or_select_template", lambda name, *more: self._note(seen, name, *more))

    def _note(self, seen: Callable[..., object], name: str, *more: object) -> object:
        self.templates.add(name)
        return seen(name, *more)

    def _keep(self, response: Response) -> Response:
        if response.mimetype == "text/html" and not response.is_streamed and response.status_code != 303:
            text = response.get_data(as_text=True)
            plain = CHANGING.sub("", text)
            if text.startswith("<!doctype") and plain not in self._known:
                self._known.add(plain)
                self.pages.append((f"{len(self.pages):03}{request.path.replace('/', '-')}", text))
        return response

    def follow(self, client: Client, *starts: str) -> None:
        """Every page that links lead to from these, once."""
        known = list(starts)
        for path in known:  # grows while it is read
            answer = client.get(path)
            for link in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.get_data(as_text=True)):
                target = link.replace("&amp;", "&")
                if target not in known and not urlsplit(target).path.startswith(SKIP):
                    known.append(target)


def practise(client: Client, course: Course) -> None:
    """Every quiz half saved, then wrong, then right; every poll and story."""
    modules = course.edition(client.language).modules.values()
    lessons = [module for module in modules if module.kind != "test" and list(module.questions())]
    for module in modules:
        path = f"/courses/{course.id}/{module.id}"
        page = client.forms(path)
        if module.kind == "test":
            continue
        for act, answer in (("save", wrong_answer), ("check", wrong_answer), ("check", right_answer)):
            for quiz in [block for block in module.body if isinstance(block, Quiz)]:
                answer_quiz(client, page, quiz, act, answer)
            client.get(path)
            if (act, answer) == ("check", wrong_answer) and module is lessons[0]:
                go_over(client, course)
        for poll in module.polls():
            client.send(_form(page, f"/poll/{poll.id}"), **{poll.id: poll.options[0].key})
        for scenario in module.scenarios():
            client.send(_form(page, f"/scenario/{scenario.id}"))
        client.send(_form(page, "/finish"))
        client.get(path)


def answer_quiz(client: Client, page: list[Form], quiz: Quiz, act: str, answer: Callable[..., Answer]) -> None:
    """The quiz saved or checked with such answers."""
    assert client.person
    answers = {each.id: answer(each) for each in quiz.questions}
    values = forms.fields(quiz.questions, PracticeWiring(client.person.id), answers)
    sent = client.send(_form(page, f"/quiz/{quiz.id}"), ("act", act), **values, event=uuid7())
    assert sent.status_code == 303


def go_over(client: Client, course: Course) -> None:
    """What was missed reviewed: nothing filled in, then wrong, then right, until nothing is left."""
    assert client.person
    path = f"/courses/{course.id}/review"
    lessons = course.edition(client.language).modules.values()
    questions = {question.id: question for module in lessons for question in module.questions()}
    while opened := [form for form in client.forms(path) if form.action.endswith("/review")]:
        asked = [questions[name] for name in dict(opened[0].fields)["questions"].split()]
        client.send(opened[0])
        for answer in (wrong_answer, right_answer):
            answers = {each.id: answer(each) for each in asked}
            values = forms.fields(asked, PracticeWiring(client.person.id), answers)
            client.get(client.send(opened[0], **values, event=uuid7()).headers["Location"])


def _form(page: list[Form], part: str) -> Form:
    return next(form for form in page if form.action.endswith(part))


def keep(client: Client, course: Course) -> None:
    """A bookmark, a note, a thought that is kept, and a note that is too long; then all of them on one page."""
    page = client.forms(f"/courses/{course.id}/{next(iter(course.edition(client.language).modules))}")
    place = client.send(_form(page, "/me/notes/mark"), section="").headers["Location"]
    spot = client.form(place, "/me/notes/write")
    client.get(client.send(spot, text="<b>¿Y si…?</b>\nOtra línea").headers["Location"])
    client.send(spot, text="x" * 4001, event=uuid7())
    for form in [form for form in page if form.action.endswith("/write")]:
        client.send(form, text="Pienso")
    listed = client.get("/me/notes").get_data(as_text=True)
    client.get(re.findall(r"/me/notes/[0-9a-f-]{36}", listed)[0])
    client.get(client.send(client.form("/me/notes", "/me/notes/mark"), ("then", "undo")).headers["Location"])


def sit(app: Flask, client: Client, course: Course, answer: Callable[..., Answer]) -> None:
    """The final test opened, looked over and sent with such answers."""
    test = course.edition(client.language).modules[course.certificate]
    path = client.send(client.form(f"/courses/{course.id}/{test.id}", "/test")).headers["Location"]
    with site_of(app).database.reading() as tx:
        opened = projection.attempt(tx, path.rpartition("/")[2])
    assert opened
    asked = [each for each in test.questions() if each.id in opened.drawn]
    values = forms.fields(asked, AttemptWiring(opened.seed), {each.id: answer(each) for each in asked})
    half = {name: value for place, (name, value) in enumerate(values.items()) if place % 2}
    client.get(client.send(client.form(path, "/attempts/"), ("act", "review"), **half).headers["Location"])
    client.get(client.send(client.form(path, "/attempts/"), ("act", "save"), **values).headers["Location"])
    client.get(client.send(client.form(path, "/attempts/"), ("act", "send"), **values).headers["Location"])


def vote(app: Flask, course: Course) -> None:
    """Enough others have answered every poll."""
    with site_of(app).database.writing() as tx:
        for module in course.edition("es").modules.values():
            for poll in module.polls():
                for number in range(voting.ENOUGH):
                    option = poll.options[number % 3].key
                    polls.count(tx, course=course.id, poll=poll.id, option=option, learner=f"other-{number}")


def study(app: Flask, language: str, courses: list[Course]) -> None:
    """A learner does everything there is to do, up to her certificates."""
    ana = signed_in(app, f"ana-{language}")
    ana.language = language
    for path in (
        "/",
        "/me/learning",
        "/me/certificates",
        f"/courses/{courses[0].id}",
        f"/courses/{courses[0].id}/review",
    ):
        ana.get(path)
    for course in courses:
        compare(ana, course)
        practise(ana, course)
        keep(ana, course)
        for path in ("/me/learning", "/"):
            ana.get(path)
        for answer in (wrong_answer, right_answer):
            sit(app, ana, course, answer)
        ana.get(f"/courses/{course.id}")
        compare(ana, course)
        ana.get(f"/courses/{course.id}/{course.certificate}")
        opinion = ana.form(f"/courses/{course.id}/evaluation", "/evaluation")
        ana.send(opinion)
        ana.get(ana.send(opinion, useful="5", comment="<b>Bueno</b>").headers["Location"])
    ana.get("/me/certificates")
    work(app)
    told = ana.get("/me/certificates").get_data(as_text=True)
    number = re.findall(r"/me/certificates/([^\"]+)\.pdf", told)[0]
    pdf = ana.get(f"/me/certificates/{number}.pdf").get_data()
    for content in (pdf, pdf[:-9], b"x"):
        data = {"csrf": ana.csrf(), "file": (io.BytesIO(content), "c.pdf")}
        ana.browser.post("/verify", data=data, headers={"Accept-Language": language})
    for query in ("", f"?number={number}", "?number=hola", "?number=7K3Q-ZX0T-9B4M-E2-9"):
        ana.get(f"/verify{query}")


def compare(client: Client, course: Course) -> None:
    """The questions before or after the course, where it asks any: sent empty, kept, sent, and no longer there."""
    if not course.edition(client.language).knowledge:
        return
    path = f"/courses/{course.id}/knowledge"
    form = client.form(path, "/knowledge")
    client.send(form, ("act", "send"))
    first = {name: options[0] for name, options in form.options.items()}
    for act in ("save", "send"):
        client.get(client.send(form, ("act", act), **first).headers["Location"])
    client.get(path)


def work(app: Flask) -> None:
    """The worker makes the certificates that wait."""
    site = site_of(app)
    worker.make_pending(site.database, site.pen, load_issuer(site.settings.keys), site.settings, worker.Later())


def look_after(app: Flask, language: str, code: str) -> None:
    """An administrator looks at a group and its certificates, and replaces, revokes and erases one."""
    eva = signed_in(app, f"emma-{language}", *ROLES)
    eva.language = language
    with site_of(app).database.writing() as tx:
        ana = people.by_username(tx, f"ana-{language}")
        assert ana
        group = cohorts.join(tx, site_of(app).pen, person=ana.id, code=code, now=NOW)
    lists = f"/staff/cohorts/{group.id}/certificates"
    for path in ("/staff/cohorts", lists, "/staff/certificates?number=hola"):
        eva.get(path)
    (first, *_) = re.findall(r'href="/staff/certificates/([^"]+)"', eva.get(lists).get_data(as_text=True))
    path = f"/staff/certificates/{first}"
    for part in ("/replace", "/revoke", "/erase"):
        eva.send(eva.form(path, part), name="", sure="")
    eva.get(eva.send(eva.form(path, "/replace"), name="<b>Otra</b>", reason="name", note="<i>").headers["Location"])
    work(app)
    eva.get(f"{path}?done=replace")
    for page in (path, lists):
        eva.get(page)
    second = re.findall(r'href="/staff/certificates/([^"]+)"', eva.get(path).get_data(as_text=True))[0]
    path = f"/staff/certificates/{second}"
    eva.get(eva.send(eva.form(path, "/revoke"), reason="mistake", sure="yes").headers["Location"])
    eva.get(eva.send(eva.form(path, "/erase"), sure="yes").headers["Location"])


def speak(app: Flask, language: str, course: Course) -> None:
    """Somebody tells of an error and of what she thinks, and slips; an author reads all there is."""
    client = signed_in(app, f"berta-{language}", *ROLES)
    client.language = language
    module = next(each for each in course.edition(language).modules.values() if each.kind == "module")
    path = f"/courses/{course.id}/{module.id}"
    for about in (f"?page={path}&course={course.id}&module={module.id}", "?page=/about"):
        form = client.form(f"/report{about}", "/report")
        client.send(form, kind="harm")
        client.get(client.send(form, kind="harm", body="<b>Se equivoca</b> & no ayuda.").headers["Location"])
    client.get(client.send(client.form("/author/reports", "/author/reports/"), ("act", "done")).headers["Location"])
    for state in ("done", "all", "all&course=nada"):
        client.get(f"/author/reports?state={state}")
    for place, (question, options) in enumerate(evaluation.QUESTIONS.items()):
        with site_of(app).database.writing() as tx:
            polls.add(tx, course.id, {(f"evaluation:1:{question}", options[place % 3]): voting.ENOUGH - place % 2})
            polls.add(tx, course.id, {("evaluation:1", "sent"): 3})
    client.get(f"/author/evaluations/{course.id}")
    with site_of(app).database.writing() as tx:
        comments.add(tx, course=course.id, major=1, body="Me <i>sirvió</i> & mucho.")
    client.get(f"/author/evaluations/{course.id}")


def count(app: Flask, eva: Client, courses: list[Course]) -> None:
    """A goal is set, with a slip, and changed; the figures of a programme stand against it."""
    for target in ("0", "500"):
        eva.post("/staff/goals", [("csrf", eva.csrf()), ("measure", "people"), ("year", "2026"), ("target", target)])
    with site_of(app).database.writing() as tx:
        goal = goals.every(tx)[0].id
        if not indicators.countries(tx):
            programme.fill(tx, 40, countries=("BZ", "CR", ""), courses=[each.id for each in courses])
    for path in ("/staff/goals?done=set", f"/staff/goals/{goal}", "/staff/indicators?from=&to=&type=none"):
        eva.get(path)
    eva.post(f"/staff/goals/{goal}/delete", [("csrf", eva.csrf())])


def enter(app: Flask, language: str, code: str) -> None:
    """Somebody registers with a code, slips at each form, and gets back in."""
    nadia = Client(app)
    nadia.language = language
    facts = {**FACTS, "username": f"nadia-{language}"}
    nadia.send(nadia.form("/register", "/register"), username="", passphrase="")
    nadia.get(f"/join/{code}")
    told = nadia.send(nadia.form("/register", "/register"), **facts).get_data(as_text=True)
    recovery = re.findall(r'code-box">([^<]+)<', told)[0]
    for path in ("/me/profile", "/me/passphrase", "/me/join"):
        for form in nadia.forms(path):
            if form.action.endswith(path):
                nadia.send(form)
    nadia.send(nadia.form("/me/profile", "/consent"), ("choice", "no"))
    for path in ("/consent", "/me/profile"):
        nadia.get(path)
    nadia.send(nadia.form("/consent", "/consent"), ("choice", "yes"))
    nadia.send(nadia.form("/me/learning", "/logout"))
    nadia.send(nadia.form("/login", "/login"), username="nadie", passphrase="nada")
    nadia.send(nadia.form("/recover", "/recover"), username="nadie", code="nada", passphrase="nada")
    answers = {"username": facts["username"], "code": recovery, "passphrase": FACTS["passphrase"] + " más"}
    nadia.send(nadia.form("/recover", "/recover"), **answers)
    nadia.get("/nothing-here")
    nadia.get("/exit")


def bring(app: Flask, eva: Client, group: Cohort, language: str) -> None:
    """Somebody of the staff makes and changes a group, brings people into it, gives them ways in, and slips."""
    path = f"/staff/cohorts/{group.id}"
    eva.send(eva.form("/staff/cohorts/new", "/new"), name="")
    eva.send(eva.form(f"{path}/edit", "/edit"), cap="0")
    eva.send(eva.form(f"{path}/edit", "/state"))
    for part in ("edit", "code", "poster", "slips", "people", "import"):
        eva.get(f"{path}/{part}")
    rows = (
        f"usuario,nombre,país,color\nrosa-{language},Rosa <Í>,GT,x\nzoe-{language},Zoé,,\nmax-{language},Max,,\nx,,,\n"
    )
    for content in (b"", rows.encode(), rows.replace("GT", "HN").encode(), rows.replace("GT", "HN").encode()):
        data = {"csrf": eva.csrf(), "file": (io.BytesIO(content), "a.csv")}
        answer = eva.browser.post(f"{path}/import", data=data, headers={"Accept-Language": language})
        form = re.search(r'name="mark" value="(\w+)"', answer.get_data(as_text=True))
        if form:
            fields = [("csrf", eva.csrf()), ("mark", form[1])]
            eva.get(eva.post(f"{path}/import/confirm", fields).headers["Location"])
    with site_of(app).database.reading() as tx:
        inside = {each.username: each.id for each in roll.of_cohort(tx, group.id)}
    for part in ("passphrases", "passphrases", "cards"):
        eva.get(f"{path}/people")
        eva.post(f"{path}/{part}", [("csrf", eva.csrf())])
    rosa = f"/staff/people/{inside[f'rosa-{language}']}"
    for act, pin in (("card", "1111"), ("card", "2580"), ("reset", ""), ("deactivate", "")):
        eva.post(f"{rosa}/{act}", [("csrf", eva.csrf()), ("pin", pin)])
        eva.get(rosa)
    ways_in.reset(site_of(app).database, inside[f"nadia-{language}"], eva.person, now=NOW)  # type: ignore[arg-type]
    nadia = Client(app)
    nadia.language = language
    nadia.send(nadia.form("/card", "/card"), card="nada", pin="0")
    known = {"username": f"nadia-{language}", "passphrase": FACTS["passphrase"] + " más"}
    nadia.get(nadia.send(nadia.form("/login", "/login"), **known).headers["Location"])


def guard(app: Flask, language: str) -> None:
    """Somebody of the staff sets up a second factor, is asked for it, gets other recovery codes, and turns it off."""
    olivia, path = signed_in(app, f"olivia-{language}", *ROLES), "/me/second-factor"
    olivia.language = language
    known = {"username": f"olivia-{language}", "passphrase": FACTS["passphrase"]}
    with site_of(app).database.writing() as tx:
        people.set_passphrase(tx, olivia.person.id, passphrases.hash_(known["passphrase"]))  # type: ignore[union-attr]
    for query in ("", "?needed=1"):
        olivia.get(path + query)
    olivia.send(olivia.form("/me/confirm", "/me/confirm"), passphrase=known["passphrase"])
    olivia.send(olivia.form(path, path))
    letters = re.search(r"\b[A-Z2-7]{32}\b", olivia.get(path).get_data(as_text=True))
    assert letters
    olivia.send(olivia.form(path, path), code="0")
    done = olivia.send(olivia.form(path, path), code=pyotp.TOTP(letters[0]).at(site_of(app).clock()))
    code = re.findall(r"(?:\w{4}-){3}\w{4}", done.get_data(as_text=True))[0]
    browser = Client(app)
    browser.language = language
    browser.get("/login?late=1")
    here = browser.send(browser.form("/login", "/login"), **known).headers["Location"]
    browser.send(browser.form(here, "/login/second"), code="0")
    browser.send(browser.form(f"{here}&recovery=1", "/login/second"), code=code)
    for act in ("codes", "off"):
        olivia.post(path, [("csrf", olivia.csrf()), ("act", act)])
        olivia.get(f"{path}?done={act}")


def lead(app: Flask, client: Client, course: Course, code: str) -> None:
    """Somebody looks after a group: a learner with a certificate, one who has only joined, and a sheet of paper of hers."""
    site = site_of(app)
    with site.database.writing() as tx:
        group, ana = groups.by_code(tx, code), people.by_username(tx, f"ana-{client.language}")
        assert group and ana
        cohorts.join(tx, site.pen, person=ana.id, code=code, now=NOW)
        nadia = next(each for each in groups.members(tx, group.id) if each != ana.id)
        people.set_passphrase(tx, client.person.id, passphrases.hash_(FACTS["passphrase"]))  # type: ignore[union-attr]
    here = f"/staff/cohorts/{group.id}"
    client.send(client.form("/me/confirm", "/me/confirm"), passphrase=FACTS["passphrase"])
    for path in ("", "/people", "/calls", "/messages", "/paper", "/certificates"):
        client.get(here + path)
    numbers = re.findall(r'"(/staff/certificates/[^"?]+)"', client.get(f"{here}/certificates").get_data(as_text=True))
    client.get(numbers[0])
    client.get(f"{here}/paper?sheet=3F7K")
    for module in course.edition(client.language).modules.values():
        key = paper_key(module, "3F7K")
        if key:
            asked = f"{here}/paper?course={course.id}&person={nadia}&module={module.id}&sheet=3F7K"
            look = page_of(client.send(client.form(asked, "/paper"), ("act", "look"), **sheet_form(key), ended="yes"))
            client.send(look.form("/paper"), ("act", "correct"))
            client.send(look.form("/paper"), ("act", "keep"))
            client.get(client.send(look.form("/paper"), ("act", "keep"), sure="yes").headers["Location"])
    client.get(here)


def administer(app: Flask, eva: Client, language: str) -> None:
    """An account opened for the staff, two held side by side and linked, somebody to erase, lines in quarantine."""
    site = site_of(app)
    confirmed(app, eva)
    names = [f"doble-{language}", f"doble.{language}"]
    form = eva.form("/staff/people/new", "/new")
    eva.send(form, username=names[0], display_name="Rosa <Í>")
    for name in names:
        eva.send(form, ("role", "author"), username=name, display_name="Rosa <Í>")
    eva.send(form, ("role", "author"), username=names[0], display_name="Rosa <Í>")
    with site.database.writing() as tx:
        one, other = (found.id for name in names if (found := people.by_username(tx, name)))
        line = next(each for each in event_log.since(tx, 0) if each.event.learner and each.event.course)
        changed = replace(line.event, data={**line.event.data, "more": language})
        event_log.append(tx, encode(changed), changed, now=NOW, via="file")
    here = f"/staff/people/{one}"
    for path in ("/staff/same", f"{here}?open=roles", f"{here}/erase", f"{here}/same?q=rosa", "/staff/people?q=rosa"):
        eva.get(path)
    eva.get(eva.send(eva.form(f"{here}/same/{other}", f"/same/{other}")).headers["Location"])
    quarantined = re.findall(r'href="(/staff/quarantine/\w{64})"', eva.get("/staff/quarantine").get_data(as_text=True))
    eva.get(quarantined[0])
    eva.send(eva.form(quarantined[0], quarantined[0]), reason="Otra línea")
    eva.get(quarantined[0])
    eva.get("/staff/quarantine?state=seen")
    doubt(app, eva, language)


def doubt(app: Flask, eva: Client, language: str) -> None:
    """Phones whose lines do not all count, one of them of nobody who is here, and what is done about them."""
    her = signed_in(app, f"vilma-{language}")
    known = granted(app, her, name="K'iche' & Ñ <i>")
    with site_of(app).database.reading() as tx:
        live = site_of(app).desk.catalogue.all_live(tx)[0]
    act = {"release": live.digest, "course": live.course.id, "item": next(iter(live.key.lessons))}
    strange, nobodys = Phone(app, known.learner), Phone(app, uuid7())
    sent = [known.line("learner.module_completed", n=1, **act) for _ in range(2)]
    sent += [phone.line("learner.module_completed", **act) for phone in (strange, strange, nobodys)]
    body = "".join(json.dumps(each) + "\n" for each in sent)
    app.test_client().post("/api/v1/events", data=body, content_type="application/x-ndjson")
    listed = eva.get("/staff/quarantine/phones").get_data(as_text=True)
    assert f"/{nobodys.device}" in listed
    for phone in (known, strange, nobodys):
        page = f"/staff/quarantine/phones/{phone.learner}/{phone.device}"
        eva.get(page)
        for fields in (
            [],
            [("line", json.loads(sent[2]["raw"])["id"]), ("reason", "Lo vi")] if phone is strange else [],
        ):
            answer = eva.post(page, [("csrf", eva.csrf()), *fields])
            eva.get(answer.headers.get("Location", page))
    person = f"/staff/people/{known.learner}"
    eva.get(person)
    eva.post(f"{person}/phone", [("csrf", eva.csrf()), ("device", known.device)])
    eva.get(person)


def know_countries(app: Flask) -> None:
    """Two countries with an entry in each state: checked, checked long ago, looked up, not checked, of another language."""
    month, year = NOW.date() - timedelta(days=30), NOW.date() - timedelta(days=400)
    entries = {
        "emergency_number": Entry(
            text={"es": "000"}, verified_on=month, verified_by="Eva", source_url="https://example.org/n"
        ),
        "gbv_line": Entry(text={"es": "0000 0000"}, verified_on=year, verified_by="Eva"),
        "trafficking_law": Entry(text={"es": "Ley <1>", "en": "Law <1>"}, looked_up=True),
        "refugee_authority": Entry(text={"en": "Refugees & more"}),
    }
    with site_of(app).database.writing() as tx:
        countries.replace(tx, [Country("BZ", {}), Country("CR", entries)])


def begin(app: Flask, language: str) -> None:
    """The first run, where nobody administers yet: a wrong code, the right one, the account, the first settings."""
    with site_of(app).database.writing() as tx:
        printed = first_run.give(tx, now=site_of(app).clock())
    if printed is None:
        return
    iris = Client(app)
    iris.language = language
    for code in ("0", printed.code):
        iris.send(iris.form("/welcome", "/welcome"), code=code)
    for name in ("x", f"iris-{language}"):
        known = {"display_name": FACTS["display_name"], "passphrase": FACTS["passphrase"]}
        iris.send(iris.form("/welcome", "/welcome/account"), username=name, **known)
    iris.send(iris.form("/consent", "/consent"), button=("choice", "yes"))
    first = "/staff/settings/first"
    iris.send(iris.form(first, first), name="", timezone="x", signatory=["Max", "", ""], idle_minutes="x")
    iris.get("/staff/settings?done=first")
    logo = "/staff/settings/logo"
    iris.send(iris.form(logo, logo))


def carry(app: Flask, language: str) -> None:
    """Phones of somebody's: granted, gone over their time, removed; a test taken away; files handed in."""
    her = signed_in(app, f"telma-{language}")
    her.language = language
    phones = [granted(app, her, name=name) for name in ("K'iche' & Ñ <i>", "", "x" * 80)]
    for phone, item in zip(phones, ("m-uno", "m-dos", "m-uno"), strict=True):
        handed = [{"vereda": "file 1", "learner": phone.learner, "device": phone.device, "made": ""}]
        lines = [phone.line("learner.module_completed", item=item, n=n) for n in (1, 2, 1)]
        for content in (handed, [*handed, *lines, {"raw": "x"}], [*handed, *lines, {"end": 3}]):
            file = "".join(json.dumps(each) + "\n" for each in content).encode()
            sent = {"file": (io.BytesIO(file), "avance.ndjson")}
            her.browser.post("/pocket/hand-in", data=sent, headers={"Accept-Language": language})
    her.browser.post("/pocket/hand-in", headers={"Accept-Language": language})
    her.get("/me/devices")
    for phone in phones[:2]:
        page = f"/me/devices/{phone.device}"
        her.send(her.form(page, page))
        her.get(page)
    for page in ("/me/devices", "/me/devices?revoked=1", "/me/data", "/me/learning"):
        her.get(page)


def visit(app: Flask, gathered: Gathered, language: str, courses: list[Course]) -> None:
    """Every page in that language."""
    begin(app, language)
    nobody, eva = Client(app), signed_in(app, f"eva-{language}", *ROLES)
    nobody.language = eva.language = language
    for query in (
        "q=",
        "q=x",
        "q=de la of the",
        "q=zapatos<",
        "q=persona+person",
        "q=persona+person&course=" + courses[0].id,
    ):
        nobody.get(f"/search?{query}")
    know_countries(app)
    for somebody in (nobody, eva):
        for code in ("BZ", "CR", "ZZ"):
            somebody.get(f"/your-country?country={code}")
    eva.send(eva.form("/your-country", "/your-country"), country="CR")
    eva.send(eva.form(f"/courses/{courses[0].id}", "/language"), ("language", "en"))
    starts = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    starts = (*starts, f"/pocket/countries.{language}.html")
    gathered.follow(nobody, *starts)
    gathered.follow(eva, *starts)
    study(app, language, courses)
    speak(app, language, courses[0])
    with site_of(app).database.writing() as tx:
        made = cohorts.create(tx, site_of(app).pen, name="Grupo <1>", courses=[courses[0].id], cap=9, days=9, now=NOW)
    enter(app, language, made.code)
    lead(app, eva, courses[0], made.code)
    look_after(app, language, made.code)
    bring(app, eva, made, language)
    guard(app, language)
    carry(app, language)
    administer(app, eva, language)
    count(app, eva, courses)
