"""Deny by default: who may see what, and which forms are believed."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.content.module import TAKEN
from lms.web.frame.gate import safe_next
from lms.web.frame.security import ACCESS, access
from tests.web.client import Client
from tests.web.conftest import signed_in

PUBLIC = {
    "api.certificate",
    "api.challenge",
    "api.courses",
    "api.file",
    "api.how_it_stands",
    "api.take_tests",
    "handing.hand_in",
    "handing.page",
    "look.choose",
    "auth.get_back_in",
    "auth.join",
    "auth.log_in",
    "auth.login",
    "auth.logout",
    "auth.recover",
    "auth.register",
    "auth.sign_up",
    "catalogue.course",
    "catalogue.courses",
    "verify.root",
    "verify.page",
    "verify.file",
    "consent.page",
    "events.take",
    "files.media",
    "files.static",
    "health.alive",
    "health.ready",
    "help.country",
    "mine.erased",
    "packs.file",
    "pages.about",
    "pages.accessibility",
    "pages.exit_",
    "pages.language",
    "pages.leave",
    "pages.privacy",
    "pages.safety",
    "pocket.countries",
    "pocket.exit_",
    "pocket.manifest",
    "pocket.page",
    "pocket.why",
    "pocket.words",
    "pocket.worker",
    "presence.idle",
    "reports.form",
    "reports.send",
    "reports.thanks",
    "search.results",
    "second.ask",
    "second.enter",
    "verifier.lists",
    "verifier.page",
    "verifier.worker",
    "ways.card",
    "ways.log_in",
    "welcome.account",
    "welcome.code",
    "welcome.page",
}
SESSIONLESS = {
    "api.certificate",
    "api.challenge",
    "api.courses",
    "api.file",
    "api.how_it_stands",
    "api.take_tests",
    "handing.hand_in",
    "events.take",
}
"""What looks at no cookie: each of these shows by a signature whose it is, or gives nothing of anybody's."""
VALUES = {
    "device": "x",
    "course": "demo-course",
    "module": "m-uno",
    "quiz": "q-a",
    "scenario": "e-camino",
    "poll": "p-uno",
    "attempt": "x",
    "note": "x",
    "code": "ABC",
    "cohort": "x",
    "person": "x",
    "number": "x",
    "sha256": "x",
    "digest": "x",
    "name": "x",
    "report": "x",
    "goal": "x",
    "part": "who",
    "other": "x",
    "language": "es",
}


def address(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES[found[1]], rule)


def routes(app: Flask, method: str) -> list[tuple[str, str]]:
    return [(rule.endpoint, address(rule.rule)) for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def test_every_view_names_who_may_see_it(app: Flask) -> None:
    unnamed = [name for name, view in app.view_functions.items() if getattr(view, "access", None) not in ACCESS]
    assert unnamed == []


def test_what_is_public_is_listed_here_and_nothing_else(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if view.access == "public"}  # type: ignore[attr-defined]
    assert public == PUBLIC


def test_no_module_can_have_the_address_of_another_page_of_its_course(app: Flask) -> None:
    beside = {
        found[1] for rule in app.url_map.iter_rules() if (found := re.match(r"/courses/<course>/(\w+)", rule.rule))
    }
    assert beside == TAKEN


def test_a_view_that_names_nobody_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert signed_in(app, "eva", "administrator").get("/forgotten").status_code == 403
    for roles in (["everybody"], ["author", "everybody"]):
        with pytest.raises(ValueError, match="everybody"):
            access(*roles)


def test_a_stranger_is_sent_to_sign_in(app: Flask, anybody: Client) -> None:
    for endpoint, path in routes(app, "GET"):
        if endpoint not in PUBLIC:
            answer = anybody.get(path)
            if getattr(app.view_functions[endpoint], "for_programs", False):
                assert (answer.status_code, answer.get_json()["why"]) == (401, "sign_in"), endpoint
                continue
            assert (answer.status_code, answer.headers["Location"].split("=")[0]) == (303, "/login?next"), endpoint


def test_a_learner_does_not_get_what_is_not_hers(app: Flask, ana: Client) -> None:
    for role in ("author", "coordinator", "administrator"):
        view = access(role)(lambda: "secret")
        app.view_functions["pages.about"] = view
        assert ana.get("/about").status_code == 403
        assert signed_in(app, role, role).get("/about").status_code == 200


def test_one_of_several_roles_is_enough(app: Flask, ana: Client) -> None:
    app.view_functions["pages.about"] = access("author", "administrator")(lambda: "secret")
    for role, status in (("author", 200), ("administrator", 200), ("coordinator", 403)):
        assert signed_in(app, role, role).get("/about").status_code == status
    assert ana.get("/about").status_code == 403


def test_what_looks_at_no_cookie_is_listed_here_and_nothing_else(app: Flask, ana: Client) -> None:
    found = {name for name, view in app.view_functions.items() if getattr(view, "sessionless", False)}
    assert found == SESSIONLESS
    for endpoint, path in routes(app, "POST"):
        if endpoint in SESSIONLESS:
            answer = ana.post(path, [])
            assert answer.status_code in (200, 400, 415), endpoint
            assert "Set-Cookie" not in answer.headers, endpoint


def test_no_form_is_believed_without_its_token(app: Flask, anybody: Client, ana: Client) -> None:
    ana.get("/about")
    for endpoint, path in routes(app, "POST"):
        if endpoint in SESSIONLESS:
            continue
        for who in (anybody, ana):
            assert who.post(path, []).status_code == 400, endpoint
            assert who.post(path, [("csrf", "AAAA")]).status_code == 400, endpoint


def test_a_token_of_another_session_is_not_believed(app: Flask, ana: Client, anybody: Client) -> None:
    token = anybody.csrf()
    assert ana.post("/language", [("csrf", token), ("language", "en")]).status_code == 400
    assert ana.post("/language", [("csrf", ana.csrf()), ("language", "en")]).status_code == 303


def test_a_form_from_another_site_is_not_believed(ana: Client) -> None:
    fields = [("csrf", ana.csrf()), ("language", "en")]
    assert ana.post("/language", fields, headers={"Origin": "https://evil.test"}).status_code == 400
    assert ana.post("/language", fields, headers={"Origin": "http://localhost"}).status_code == 303
    assert ana.post("/language", fields, headers={"Origin": "null"}).status_code == 303


def test_tokens_differ_on_each_page(ana: Client) -> None:
    assert ana.csrf() != ana.csrf()


def test_somebody_with_a_given_passphrase_chooses_her_own_first(app: Flask) -> None:
    beto = signed_in(app, "beto", must_change=True)
    for path in ("/me/learning", "/courses/demo-course/m-uno"):
        assert beto.get(path).headers["Location"] == "/me/passphrase"
    assert beto.get("/me/passphrase").status_code == 200
    assert beto.get("/").status_code == 200


def test_a_form_sent_after_the_session_ended_says_so(app: Flask, ana: Client, clock: object) -> None:
    token = ana.csrf()
    clock.pass_(minutes=20)  # type: ignore[attr-defined]
    answer = ana.post("/courses/demo-course/m-uno/finish", [("csrf", token)])
    assert answer.status_code == 401
    assert "Entre de nuevo" in answer.get_data(as_text=True)


ELSEWHERE = [
    "", "http://evil.test", "https://evil.test/", "//evil.test", "///evil.test", "/\\evil.test", "\\/evil.test", "\\\\evil",
    "javascript:alert(1)", "/\tevil", "/\nevil", " /", "/ /", "evil", "?a", "#a", "/%0d\nX", "/\x00", "data:x", "/" + "a" * 600,
    "/\x7f", "http:/evil", "http:evil.test", "/\\/evil", "mailto:a@b",
]  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
def test_nobody_is_sent_to_another_site(text: str) -> None:
    assert safe_next(text) == "/"


@given(st.text(max_size=40))
def test_next_is_always_a_path_of_this_site(text: str) -> None:
    for tried in (text, f"/{text}", f"//{text}", f"http://{text}"):
        found = safe_next(tried)
        assert found.startswith("/")
        assert not found.startswith("//")
        assert "\\" not in found


def test_a_path_of_this_site_is_kept() -> None:
    assert safe_next("/courses/a/b?lang=es#x") == "/courses/a/b?lang=es#x"
    assert safe_next(None) == "/"
