"""What keeps a session alive while she is there, and what closes it."""

import re

from flask import Flask
from sqlalchemy import event, select

from lms.storage import sessions as stored
from lms.storage.database import utc
from lms.storage.tables import drafts, sessions
from tests.web.client import Client, words
from tests.web.conftest import Clock, site_of

UNO = "/courses/demo-course/m-uno"


def here(client: Client, token: str) -> int:
    return client.post("/me/here", [("csrf", token)]).status_code


def test_a_page_says_how_long_it_may_be_left_alone(ana: Client, anybody: Client) -> None:
    text = ana.get(UNO).get_data(as_text=True)
    assert re.findall(r'data-lock="(\d+)" data-here="([^"]+)"', text) == [("15", "/me/here")]
    assert "data-lock" not in anybody.get("/login").get_data(as_text=True)


def test_whoever_is_there_stays_signed_in_for_one_write_a_minute(app: Flask, ana: Client, clock: Clock) -> None:
    writes: list[str] = []
    event.listen(
        site_of(app).database.engine,
        "before_cursor_execute",
        lambda *a: writes.append(a[2]) if a[2].startswith(("UPDATE", "INSERT", "DELETE")) else None,
    )
    token = ana.csrf()
    for _ in range(12):
        clock.pass_(minutes=5)
        assert [here(ana, token) for _ in range(5)] == [204] * 5
    assert len(writes) == 12
    assert ana.get("/me/learning").status_code == 200


def test_being_there_needs_a_session_and_makes_it_last_twelve_hours_at_most(ana: Client, clock: Clock) -> None:
    token = ana.csrf()
    for _ in range(12 * 6):
        clock.pass_(minutes=10)
        last = here(ana, token)
    assert last == 401


def close(client: Client, next_: str = UNO) -> str:
    sent = client.send(client.form(UNO, "/idle"), next=next_)
    assert sent.status_code == 303
    return sent.headers["Location"]


def test_the_closed_session_says_why_and_leads_back(ana: Client) -> None:
    target = close(ana)
    assert target == f"/login?next={UNO}&idle=1"
    assert "se cerró por falta de uso. Sus respuestas están guardadas" in words(ana.get(target))
    assert ana.get(UNO).headers["Location"] == f"/login?next={UNO}&idle=1"
    assert close_again(ana) == f"/login?next={UNO}&idle=1"


def close_again(client: Client) -> str:
    return client.post("/idle", [("csrf", client.csrf()), ("next", UNO)]).headers["Location"]


def test_it_leads_to_no_other_site(ana: Client) -> None:
    assert close(ana, "https://evil.test/") == "/login?next=/&idle=1"


def test_what_another_tab_still_sends_is_kept(app: Flask, ana: Client) -> None:
    form = next(each for each in ana.forms(UNO) if "/quiz/" in each.action)
    close(ana)
    answer = ana.send(form, ("act", "save"), **{"q-a": form.options["q-a"][0]})
    assert answer.status_code == 401
    with site_of(app).database.reading() as tx:
        assert len(tx.execute(select(drafts)).all()) == 1


def test_a_page_that_was_on_its_way_does_not_open_it_again(app: Flask, ana: Client, clock: Clock) -> None:
    cookie = ana.browser.get_cookie("s")
    assert cookie
    close(ana)
    with site_of(app).database.writing() as tx:
        stored.touch(tx, cookie.value, idle=site_of(app).settings.idle, now=clock())
    with site_of(app).database.reading() as tx:
        assert utc(tx.execute(select(sessions.c.seen_at)).scalar_one()) == stored.NEVER
    assert ana.get("/me/learning").status_code == 303


def test_a_session_that_ended_by_itself_says_so_too(ana: Client, clock: Clock) -> None:
    clock.pass_(minutes=15)
    assert ana.get(UNO).headers["Location"] == f"/login?next={UNO}&idle=1"
