"""`lms init` prints a code while nobody administers; commands go by what was chosen in the browser."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from lms.certificates.keys import load_certificate
from lms.cli.place import in_force, now
from lms.config import Settings
from lms.services.people import first_run
from lms.services.running import choosing
from lms.storage import first_codes
from lms.storage.database import Database
from tests.cli.conftest import Lms
from tests.conftest import NOW

CODE = re.compile(r"^ {2}([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})$", re.MULTILINE)


def kept() -> bytes:
    return (Settings.load().instance / "vereda.sqlite").read_bytes()


def test_a_code_is_printed_once_and_another_when_asked_for(lms: Lms) -> None:
    said = lms("init").output
    (code,) = CODE.findall(said)
    assert "http://127.0.0.1:8000/welcome" in said
    assert code.encode() not in kept()
    again = lms("init").output
    assert CODE.findall(again) == []
    assert "still works" in again
    (other,) = CODE.findall(lms("init", "--code").output)
    assert other != code
    assert "█" in lms("init", "--code", "--url", "http://192.168.4.1:8000/").output
    with Database(Settings.load().url).writing() as tx:
        assert not first_codes.take(tx, code.replace("-", ""), "t", until=NOW, now=NOW)
    assert lms("audit").output.count("first-code") == 3


def test_a_code_that_was_typed_is_not_said_to_work(lms: Lms) -> None:
    (code,) = CODE.findall(lms("init").output)
    soon = now() + timedelta(minutes=30)
    with Database(Settings.load().url).writing() as tx:
        assert first_codes.take(tx, code.replace("-", ""), "t", until=soon, now=now())
    said = lms("init").output
    assert "was typed in a browser" in said
    assert "still works" not in said
    assert CODE.findall(said) == []
    assert len(CODE.findall(lms("init", "--code").output)) == 1


def test_once_somebody_administers_none_is_printed(lms: Lms) -> None:
    assert CODE.findall(lms("init", "--demo").output) == []
    assert "already" in lms("init", "--code", code=1).output


def test_the_first_account_may_be_made_by_command_too(lms: Lms) -> None:
    lms("init")
    lms("users", "add", "eva", "--role", "administrator")
    assert CODE.findall(lms("init").output) == []
    with Database(Settings.load().url).reading() as tx:
        assert first_codes.until(tx) is None
        assert first_run.is_over(tx)


def test_serving_says_that_nobody_administers(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.cli.serve._keep_worker", lambda _over: None)
    monkeypatch.setattr("lms.cli.serve._serve", lambda *_: None)
    monkeypatch.setenv("LMS_PARENT", "")
    lms("init")
    assert "There is no administrator yet" in lms("serve").output
    lms("users", "add", "eva", "--role", "administrator")
    assert "administrator" not in lms("serve").output


def test_commands_go_by_what_was_chosen(lms: Lms, instance: Path, tmp_path: Path) -> None:
    assert in_force().name == "Vereda", "no database yet"
    lms("init")
    own = Settings.load()
    database = Database(own.url)
    changes = {"name": "Sendero", "issuer": "Red Mesoamericana", "verify_base": "https://cursos.example.org"}
    choosing.change(database, own, changes, by="", now=NOW)
    database.close()
    assert in_force().name == "Sendero"
    assert "Red Mesoamericana" in lms("keys", "show").output
    stick = tmp_path / "stick"
    lms("keys", "init", "--root", str(stick), typed="una frase muy larga de verdad\n" * 2)
    assert "Red Mesoamericana" in load_certificate(stick / "root.pem").subject.rfc4514_string()
    (instance / "settings.toml").write_text('name = "Camino"\n')
    assert in_force().name == "Camino"


def test_the_worker_goes_by_what_was_chosen_meanwhile(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def pending(database: Database, _pen: object, _issuer: object, settings: Settings, _later: object) -> int:
        seen.append(settings.name)
        choosing.change(database, Settings.load(), {"name": "Sendero"}, by="", now=NOW)
        return len(seen) == 1

    monkeypatch.setattr("lms.cli.worker.make_pending", pending)
    lms("init")
    lms("worker", "--once")
    assert seen == ["Vereda", "Sendero"]
