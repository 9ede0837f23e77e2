"""What is kept of a page for whoever comes next holds nothing of who saw it first."""

import re

import pytest
from flask import Flask
from jinja2 import UndefinedError

from lms.storage import people
from lms.web.frame import marks, shared
from tests.web.client import Client
from tests.web.conftest import signed_in, site_of
from tests.web.test_learn import COURSE, UNO

PAGES = ("/", "/me/learning", "/me/notes", COURSE, UNO, f"{COURSE}/m-dos")
SECRET = re.compile(r'(?:name="(?:csrf|event)" value|data-csrf)="([^"]+)"')
NOTE = "una nota de nadie más"


def seen(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def shapes(html: str) -> str:
    """The page without its tokens and numbers."""
    return SECRET.sub("", html)


@pytest.fixture
def beto(app: Flask) -> Client:
    return signed_in(app, "beto-el-segundo")


def test_two_people_share_no_token_and_no_number(ana: Client, beto: Client) -> None:
    for path in PAGES:
        hers, his = (SECRET.findall(seen(client, path)) for client in (ana, beto))
        assert hers
        assert len(hers) == len(his)
        assert set(hers).isdisjoint(his), path


def test_every_form_has_a_number_of_its_own(ana: Client) -> None:
    numbers = re.findall(r'name="event" value="([^"]+)"', seen(ana, UNO))
    assert len(numbers) > 1
    assert len(set(numbers)) == len(numbers)
    assert set(numbers).isdisjoint(re.findall(r'name="event" value="([^"]+)"', seen(ana, UNO)))


def test_what_one_did_shows_on_nobody_elses_page(app: Flask, ana: Client, beto: Client) -> None:
    before = [shapes(seen(beto, path)) for path in PAGES]
    ana.send(ana.form(UNO, "/quiz/q-d"), ("act", "save"))
    ana.send(ana.form(UNO, "/finish"))
    note = next(each for each in ana.forms("/me/notes/here?course=demo-course&module=m-uno") if "/write" in each.action)
    ana.send(note, text=NOTE)
    ana.send(ana.form("/", "/look"), theme="dark", size="huge")
    with site_of(app).database.writing() as tx:
        people.set_roles(tx, ana.person.id if ana.person else "", ["learner", "author"])
    hers = [seen(ana, path) for path in PAGES]
    assert NOTE in hers[2]
    assert NOTE in hers[4]
    assert all('data-look="huge dark"' in each for each in hers)
    assert [shapes(seen(beto, path)) for path in PAGES] == before


def test_a_page_comes_back_to_itself_and_no_mark_is_left(ana: Client, beto: Client) -> None:
    for client, query in ((ana, "?lang=en&x=%22%3Cb%3E"), (beto, "")):
        for path in PAGES:
            html = seen(client, path + query)
            back = f"{path}{query}".replace("&", "&amp;")
            assert set(re.findall(r'name="next" value="([^"]+)"', html)) == {back}
            assert marks.CSRF[:-1] not in html


def test_a_shared_part_sees_nothing_of_the_request_or_the_person(app: Flask) -> None:
    with app.test_request_context("/"):
        for hidden in ("person.id", "request.path", "session.x", "g.reader"):
            part = app.jinja_env.from_string("{{ " + hidden + " }}")
            with pytest.MonkeyPatch.context() as patch, pytest.raises(UndefinedError):
                patch.setattr(app.jinja_env, "get_or_select_template", lambda _name, part=part: part)
                shared.plain("part.html")
