"""Settings chosen in the browser: kept, checked, in force; what whoever runs the computer has set wins."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.config import CHOSEN, BadSetting, Settings
from lms.services.running import choosing, in_force
from lms.services.running.choosing import NotUsable
from lms.storage import settings as stored
from lms.storage.database import Database
from lms.storage.tables import audit
from tests.conftest import NOW

PNG = b"\x89PNG\r\n\x1a\n and so on"
ALL = {
    "name": "Sendero",
    "issuer": "Red Mesoamericana",
    "demonstration": False,
    "signatories": [{"name": "Carla Méndez", "position": "Coordinadora"}],
    "logo": PNG,
    "accent": "#502060",
    "verify_base": "https://cursos.example.org",
    "registration": "closed",
    "ask_sex": True,
    "shared_devices": False,
    "idle_minutes": "30",
    "languages": ["en"],
    "timezone": "America/Tegucigalpa",
}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return Settings(instance=tmp_path)


def test_everything_that_may_be_chosen_comes_back_as_it_was_chosen(database: Database, own: Settings) -> None:
    assert set(ALL) == set(CHOSEN)
    assert set(choosing.change(database, own, ALL, by="eva", now=NOW)) == set(CHOSEN)
    assert choosing.change(database, own, ALL, by="eva", now=NOW) == [], "nothing is another one"
    expected = own
    for name, value in ALL.items():
        expected = expected.choosing(name, value)
    found = in_force.InForce(own, database)()
    assert found == expected
    assert (found.idle_minutes, found.logo, found.languages) == (30, PNG, ("en",))
    with database.reading() as tx:
        shown = choosing.shown(tx, own)
        assert {each.origin for each in shown.values()} == {"chosen"}
        assert {each.since for each in shown.values()} == {NOW}
        said = {row.subject: json.loads(row.data) for row in tx.execute(select(audit))}
    assert set(said) == set(CHOSEN)
    assert said["name"] == {"old": "Vereda", "new": "Sendero"}
    assert said["signatories"] == {}
    assert set(said["logo"]) == {"sha256"}


@pytest.mark.parametrize("where", ["environment", "file", "handed-down"])
def test_what_is_fixed_wins_over_what_was_chosen(database: Database, own: Settings, where: str) -> None:
    choosing.change(database, own, ALL, by="eva", now=NOW)
    fixed = replace(own, name="Camino", fixed={"name": where})  # type: ignore[dict-item]
    with database.reading() as tx:
        found, shown = in_force.read(tx, fixed), choosing.shown(tx, fixed)
    assert (found.name, found.issuer) == ("Camino", "Red Mesoamericana")
    assert shown["name"].is_fixed
    assert shown["name"].origin == where
    assert not shown["issuer"].is_fixed
    assert choosing.change(database, fixed, {"name": "Otro", "port": 1, "https": True}, by="eva", now=NOW) == []


def test_one_that_can_not_be_used_keeps_all_of_them(database: Database, own: Settings) -> None:
    with pytest.raises(NotUsable) as refused:
        choosing.change(database, own, {"name": "Sendero", "accent": "teal", "idle_minutes": "1"}, by="eva", now=NOW)
    assert set(refused.value.reasons) == {"accent", "idle_minutes"}
    assert refused.value.reasons["accent"].reason(str) == "Write a colour such as #12464C."
    with database.reading() as tx:
        assert stored.every(tx) == {}


def test_a_database_that_does_not_answer_leaves_what_was_in_force(
    database: Database, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosing.change(database, own, {"name": "Sendero"}, by="eva", now=NOW)
    held = in_force.InForce(own, database)
    before = held()
    other = Database("sqlite:////no/where/at/all.sqlite")
    monkeypatch.setattr(held, "_database", other)
    in_force.tell(own)
    assert held() is before
    with pytest.raises(Exception, match="unable to open"):
        in_force.InForce(own, other)()


def test_a_folder_that_can_not_be_written_costs_a_minute_and_no_more(database: Database, tmp_path: Path) -> None:
    own, moment = Settings(instance=tmp_path / "gone"), [0.0]
    held = in_force.InForce(own, database, clock=lambda: moment[0])
    assert held().name == "Vereda"
    choosing.change(database, own, {"name": "Sendero"}, by="eva", now=NOW)
    assert held().name == "Vereda"
    moment[0] = in_force.AGAIN
    assert held().name == "Sendero"


@given(
    name=st.sampled_from(CHOSEN),
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.lists(st.text())
    | st.lists(st.dictionaries(st.sampled_from(["name", "position"]), st.text()))
    | st.binary(),
)
def test_whatever_is_chosen_is_taken_or_refused_with_a_sentence(name: str, value: object) -> None:
    try:
        found = Settings(instance=Path("/nowhere")).choosing(name, value)
    except BadSetting as refusal:
        assert refusal.reason(str)
    else:
        assert hash(found) == hash(found)
        if not isinstance(found.logo, bytes):
            json.dumps(choosing.plain(getattr(found, name)))
