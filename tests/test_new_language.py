"""`make language`: a catalogue of every sentence, and what is left to do; what is there stays."""

import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from lms.i18n import installed_languages, translations
from tests.pseudo import TEMPLATE
from translations.language import begin

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(TEMPLATE, tmp_path)
    return tmp_path


@pytest.mark.parametrize(("language", "forms"), [("fr", 2), ("mam", 2), ("pl", 3)])
def test_the_new_catalogue_has_every_sentence_and_its_plural_forms(folder: Path, language: str, forms: int) -> None:
    told = begin(language, folder)
    with TEMPLATE.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    with (folder / language / "LC_MESSAGES/messages.po").open("rb") as file:
        made = read_po(file, locale=language)
    assert {message.id for message in made if message.id} == wanted
    assert made.num_plurals == forms
    assert not any(message.fuzzy for message in made if message.id)
    assert f"0 of {len(wanted)} messages are translated" in told
    assert f"nplurals={forms};" in told
    assert f'"{language}"]' in told


def test_what_was_translated_stays_is_counted_and_is_spoken(folder: Path) -> None:
    begin("fr", folder)
    file = folder / "fr/LC_MESSAGES/messages.po"
    with file.open("rb") as source:
        made = read_po(source, locale="fr")
    made.get("Courses").string = "Cours"  # type: ignore[union-attr]
    with file.open("wb") as target:
        write_po(target, made)
    before = file.read_bytes()
    assert "1 of " in begin("fr", folder)
    assert file.read_bytes() == before
    with file.with_suffix(".mo").open("wb") as target:
        write_mo(target, made)
    assert installed_languages(folder) == ["fr"]
    assert translations("fr", folder).gettext("Courses") == "Cours"


@pytest.mark.parametrize("word", ["", "FR", "../fr", "french", "fr_FR.UTF-8"])
def test_what_is_no_language_makes_nothing(folder: Path, word: str) -> None:
    with pytest.raises(ValueError, match="is no language"):
        begin(word, folder)
    assert [path.name for path in folder.iterdir()] == [TEMPLATE.name]


def test_make_does_not_take_the_terminals_language_for_the_new_one() -> None:
    told = subprocess.run(
        ["make", "-n", "language"],
        check=False,
        cwd=ROOT,
        env={"LANG": "fr", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert 'test "environment" = "command line"' in told.stdout
