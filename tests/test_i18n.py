"""Sentences, dates and numbers as each reader writes them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lms.i18n import Reader, language_name, negotiate, spoken

WHEN = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


def reader(language: str) -> Reader:
    return Reader(language, ZoneInfo("America/Costa_Rica"))


def test_a_moment_is_told_in_the_readers_zone_and_language() -> None:
    assert reader("es").date(WHEN) == "24 de noviembre de 2026"
    assert reader("en").date(WHEN.date()) == "25 November 2026"
    assert "21:30" in reader("es").moment(WHEN)
    assert reader("en").moment(WHEN) == "24/11/2026,\u00a021:30"


def test_a_share_is_never_rounded_up() -> None:
    assert reader("es").percent(0.7999).startswith("79")
    assert reader("en").percent(1) == "100%"
    assert reader("es").number(1.5) == "1,5"
    assert [reader("es").number(each) for each in (1000, 9999, 10_000, 1_234_567)] == [
        "1000",
        "9999",
        "10\u00a0000",
        "1\u00a0234\u00a0567",
    ]
    assert reader("en").number(10_000) == "10,000"


def test_languages_are_named() -> None:
    assert (language_name("es"), language_name("en")) == ("Español", "English")
    assert (reader("en").language_called("es"), reader("es").language_called("en")) == ("Spanish", "inglés")


def test_a_language_that_babel_does_not_know_is_named_and_written_as_the_default_is() -> None:
    assert (language_name("mam"), language_name("cab"), language_name("quc")) == ("Mam", "Garífuna", "Kʼicheʼ")
    assert (language_name("zz-unknown"), language_name("qqq")) == ("zz-unknown", "qqq")
    for language in ("mam", "qqq", "not a language", "zz-unknown"):
        strange = reader(language)
        assert strange.date(WHEN) == "24 de noviembre de 2026"
        assert "21:30" in strange.moment(WHEN)
        assert (strange.number(1.5), strange.percent(0.5)[:2]) == ("1,5", "50")
        assert strange.language_called("en") == "inglés"
    assert reader("en").language_called("kek") == reader("es").language_called("kek-GT") == "Qʼeqchiʼ"
    assert reader("es").language_called("qqq") == "qqq"


def test_a_language_without_a_catalogue_is_spoken_as_the_default_is(tmp_path: Path) -> None:
    assert [spoken(each) for each in ("es", "en", "mam", "qqq")] == ["es", "en", "es", "es"]
    (tmp_path / "mam/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "mam/LC_MESSAGES/messages.mo").write_bytes(b"")
    assert [spoken(each, tmp_path) for each in ("mam", "en", "qqq")] == ["mam", "en", "es"]


def test_many_and_one_are_told_apart() -> None:
    assert reader("es").ngettext("%(n)s question", "%(n)s questions", 1) == "%(n)s pregunta"
    assert reader("es").ngettext("%(n)s question", "%(n)s questions", 2) == "%(n)s preguntas"


@pytest.mark.parametrize(
    ("asked", "given"), [(["fr", "en"], "en"), (["es-GT"], "es"), ([None, ""], "es"), (["zz"], "es")]
)
def test_a_language_is_agreed_on(asked: list[str | None], given: str) -> None:
    assert negotiate(asked, ("es", "en")) == given
