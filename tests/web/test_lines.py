"""`POST /api/v1/events`: what phones send, answered line by line once it is safe."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from lms.learning import events as types
from lms.services.pocket import receiving
from tests.phone import granted
from tests.web.client import Client
from tests.web.conftest import signed_in

TYPE = "application/x-ndjson"


def post(app: Flask, body: bytes | str, content_type: str = TYPE, **more: Any) -> TestResponse:
    return app.test_client().post("/api/v1/events", data=body, content_type=content_type, **more)


def lines(*sent: dict[str, str]) -> str:
    return "".join(json.dumps(each) + "\n" for each in sent)


def why(answer: TestResponse) -> tuple[int, str]:
    body = answer.get_json()
    assert body["vereda"] == "refused 1"
    assert body["message"]
    return answer.status_code, body["why"]


def test_each_line_has_its_outcome_and_a_cut_one_has_none(app: Flask, ana: Client) -> None:
    phone = granted(app, ana)
    first, second = phone.line(types.ENROLLED), phone.line(types.ENROLLED)
    answer = post(app, lines(first, {"raw": "x"}, first) + json.dumps(second))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.get_json() == {
        "vereda": "events 1",
        "lines": 3,
        "outcomes": [
            {"line": 1, "outcome": "accepted", "why": ""},
            {"line": 2, "outcome": "refused", "why": "malformed"},
            {"line": 3, "outcome": "duplicate", "why": ""},
        ],
        "complete_to": {phone.device: 1},
    }
    assert post(app, lines(second), TYPE + "; charset=utf-8").get_json()["complete_to"] == {phone.device: 2}
    assert post(app, "").get_json() == {"vereda": "events 1", "lines": 0, "outcomes": [], "complete_to": {}}


def test_no_session_and_no_token_are_asked_for_whoever_is_signed_in(app: Flask, ana: Client) -> None:
    phone = granted(app, ana)
    beto = signed_in(app, "beto")
    answer = beto.browser.post("/api/v1/events", data=lines(phone.line(types.ENROLLED)), content_type=TYPE)
    assert answer.get_json()["outcomes"][0]["outcome"] == "accepted"


def test_what_is_not_lines_is_refused_whole(app: Flask) -> None:
    assert why(post(app, "{}\n", "application/json")) == (415, "type")
    assert why(post(app, b"\n" * 501)) == (413, "too_large")
    assert why(post(app, b"a" * (1024 * 1024 + 1))) == (413, "too_large")
    assert app.test_client().get("/api/v1/events").status_code == 405


@pytest.mark.parametrize(
    ("said", "status"),
    [("database or disk is full", 507), ("disk I/O error", 507), ("database is locked", 503)],
)
def test_where_nothing_can_be_kept_nothing_is_acknowledged(
    app: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch, said: str, status: int
) -> None:
    phone = granted(app, ana)
    line = phone.line(types.ENROLLED)

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception(said))

    with monkeypatch.context() as patch:
        patch.setattr(receiving.folding, "follow", fail)
        answer = post(app, lines(line))
    assert answer.status_code == status
    assert answer.get_json()["vereda"] == "refused 1"
    assert post(app, lines(line)).get_json()["outcomes"][0]["outcome"] == "accepted", "it was not kept before"
