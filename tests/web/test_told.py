"""What the program tells by the way: its log, its errors, its headers. Nobody's name, answer, code or passphrase is in any of it, whatever
people do and whatever fails."""

import io
import logging
import re
import socket
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.cli import serve
from lms.services.people import passphrases
from lms.storage.tables import cohorts, drafts, metadata, notes, people
from tests.crowd.conftest import logged
from tests.installation import install
from tests.visitor import Visitor
from tests.web import everywhere
from tests.web.conftest import signed_in, site_of
from tests.web.everywhere import Gathered, visit
from tests.web.test_gate import address

CANARY = "canario-cnr"
SHORTEST = 6
"""Letters: shorter texts, such as a PIN, may be in anything."""


class Heard:
    """What was logged by whichever part, what came out on the standard streams, and every answer's headers."""

    def __init__(self, app: Flask) -> None:
        self.records = io.StringIO()
        self.headers: list[str] = []
        self.shown: set[str] = set()
        self._handler = logging.StreamHandler(self.records)
        self._handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s %(exc_text)s"))
        app.after_request_funcs[None].insert(0, self._hear)

    def _hear(self, response: Response) -> Response:
        told = {name: value for name, value in response.headers if name != "Set-Cookie"}
        self.headers.append(urllib.parse.unquote("\n".join(f"{name}: {value}" for name, value in told.items())))
        if response.mimetype == "text/html" and not response.is_streamed:
            text = response.get_data(as_text=True)
            self.shown.update(re.findall(r'class="(?:code-box|passphrase|pin)[^"]*">\s*([^<]+?)\s*<', text))
        return response

    def __enter__(self) -> "Heard":
        logging.getLogger().addHandler(self._handler)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self._handler)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the program's own log has, as it is set up."""
    with logged() as stream:
        yield stream


def own(app: Flask) -> set[str]:
    """Everything in the database that is somebody's own, or a secret."""
    columns = people.c
    found: set[str] = set()
    with site_of(app).database.reading() as tx:
        for row in tx.execute(
            select(columns.username, columns.display_name, columns.phone, columns.institution, columns.external_id)
        ):
            found.update(each for each in row if each)
        for column in (notes.c.body, drafts.c.body, cohorts.c.code):
            found.update(tx.execute(select(column)).scalars())
        for name in ("passphrase_hash", "pin_hash", "code_hash", "secret", "hash"):
            for table in metadata.sorted_tables:
                if name in table.c and table.name not in ("events", "audit", "quarantine"):
                    found.update(each for each in tx.execute(select(table.c[name])).scalars() if each)
    return {each for each in found if len(each) >= SHORTEST}


@pytest.mark.audit
def test_whatever_people_do_nothing_of_theirs_is_told(
    app: Flask,
    cheap: None,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    gathered = Gathered(app, monkeypatch)
    with site_of(app).database.reading() as tx:
        course = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert course
    with Heard(app) as heard:
        visit(app, gathered, "es", [course.course])
    shown = {each.strip() for each in heard.shown if len(each.strip()) >= SHORTEST}
    theirs = own(app) | shown | {everywhere.FACTS["passphrase"]}
    assert len(theirs) > 40 and len(shown) > 3 and len(heard.headers) > 300, "it is looked for"
    out = capfd.readouterr()
    for where, text in {
        "log": log.getvalue(),
        "records": heard.records.getvalue(),
        "streams": out.out + out.err,
        "headers": "\n".join(heard.headers),
    }.items():
        assert sorted(each for each in theirs if each in text) == [], where


def failures() -> list[Exception]:
    """Each tells what it failed with."""
    return [
        RuntimeError(CANARY),
        KeyError(CANARY),
        OperationalError("INSERT", {"name": CANARY}, Exception(f"no such column {CANARY}")),
        OperationalError("INSERT", {"name": CANARY}, Exception(f"disk I/O error {CANARY}")),
        IntegrityError("INSERT", {"name": CANARY}, Exception(f"Key (username)=({CANARY}) already exists")),
    ]


@pytest.mark.parametrize("failure", failures(), ids=lambda each: type(each).__name__)
def test_whatever_fails_says_where_and_not_with_what(
    app: Flask, log: io.StringIO, capfd: pytest.CaptureFixture[str], failure: Exception
) -> None:
    def fail(**_: object) -> None:
        name = CANARY  # noqa: F841 - a trace might show it
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise failure from error

    who, asked = signed_in(app, "eva", *everywhere.ROLES), 0
    token = who.csrf()
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(("/s/", "/about", "/language"))]
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        fail.__dict__.update(vars(view))
        app.view_functions[rule.endpoint] = fail
        path = address(rule.rule)
        fields = [("csrf", token), ("name", CANARY), ("passphrase", CANARY)]
        answer = who.post(path, fields) if "POST" in (rule.methods or ()) else who.get(path)
        app.view_functions[rule.endpoint] = view
        assert answer.status_code in (500, 507), (rule, answer.status_code)
        assert CANARY not in answer.get_data(as_text=True) and CANARY not in str(answer.headers), rule
        asked += 1
    said = capfd.readouterr()
    assert asked > 90 and log.getvalue().count("\n") >= asked, "each is in the log"
    assert CANARY not in log.getvalue() + said.out + said.err


def test_the_server_is_asked_for_no_log_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Granian:
        def __init__(self, *_: object, **settings: Any) -> None:
            asked.update(settings)

        def serve(self) -> None:
            pass

    monkeypatch.setattr("granian.Granian", Granian)
    serve._serve("127.0.0.1", 1, 1)
    assert not asked.get("log_access") and asked["log_level"].value == "warning"
    assert "log_access_format" not in asked and asked["workers"] == 1


@pytest.mark.audit
def test_a_real_server_writes_nothing_of_anybodys(tmp_path: Path) -> None:
    """Names in addresses, forms, headers and lines that are no requests."""
    place = install(tmp_path)
    with place.serving():
        visitor = Visitor(place.url)
        for path in (
            f"/join/{CANARY}",
            f"/verify?number={CANARY}",
            f"/search?q={CANARY}",
            f"/{CANARY}",
            f"/v?{CANARY}",
        ):
            visitor.get(path)
        for path, values in {
            "/login": {"username": CANARY, "passphrase": CANARY},
            "/register": {
                "username": CANARY,
                "display_name": CANARY,
                "code": "",
                "passphrase": f"tres palabras {CANARY[-3:]}",
                "consent": "yes",
            },
            "/recover": {"username": CANARY, "code": CANARY, "passphrase": CANARY},
        }.items():
            page = visitor.get(path)
            for form in [each for each in page.forms if each.action.startswith(path)]:
                visitor.send(page, form, **values)
        for raw in (
            f"{CANARY}\r\n\r\n",
            f"GET /{CANARY} HTTP/9.9\r\n\r\n",
            f"POST /login HTTP/1.1\r\nHost: x\r\nUser-Agent: {CANARY}\r\nContent-Length: 99999999999\r\n\r\n{CANARY}",
            f"GET / HTTP/1.1\r\nHost: {CANARY}\r\nCookie: s={CANARY}\r\nReferer: http://{CANARY}/\r\n\r\n",
            f"GET /\0{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", place.port), timeout=10) as line:
                line.settimeout(3)
                line.sendall(raw.encode())
                with suppress(OSError):
                    line.recv(4096)
        place.lms("users", "list")
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert place.folder / "serve.log" in written
    inside = [path.name for path, content in written.items() if CANARY.encode() in content]
    assert [name for name in inside if "sqlite" not in name] == [] and inside, "she did register"
