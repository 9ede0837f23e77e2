"""`lms check`: what is wrong with courses, a line for each finding."""

import json
import locale
import os
from collections.abc import Sequence
from pathlib import Path

import click

from lms.config import Settings
from lms.content.compile import compile_course
from lms.content.diagnostics import Diagnostic
from lms.i18n import negotiate, translations
from lms.services.publish import course_folders


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print findings.")
@click.option("--lang", help="Language of the sentences: es or en. By default the terminal's.")
def command(path: Path | None, form: str, lang: str | None) -> None:
    """Check every course of PATH (or PATH itself when it is one), by default the installation's courses.

    Prints `file:line: code: sentence` for each finding; exit 1 when one is an error. Nothing is published.

    Example: lms check courses_content/trata-de-personas --lang es
    """
    settings = Settings.load()
    folders = course_folders(path or settings.courses)
    if not folders:
        raise click.ClickException(f"No course in {path or settings.courses}: a course is a folder with a course.yml.")
    language = negotiate([lang, *terminal_languages()], settings.languages)
    found = [each for folder in folders for each in compile_course(folder).diagnostics]
    if form == "json":
        click.echo(json.dumps([_plain(each, language) for each in found], ensure_ascii=False, indent=1))
    else:
        print_diagnostics(found, language)
        click.echo(_summary(len(folders), found, language))
    if any(each.severity == "error" for each in found):
        raise SystemExit(1)


def print_diagnostics(found: Sequence[Diagnostic], language: str | None = None) -> None:
    """Each finding in a line, in that language or the terminal's."""
    speak = translations(language or negotiate(terminal_languages(), ("es", "en"))).gettext
    for each in found:
        click.echo(f"{each.file}:{each.line}: {each.code}: {each.sentence(speak)}")


def terminal_languages() -> list[str]:
    """The languages that the terminal asks for, best first."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return [
        locale.normalize(name).partition(".")[0] for name in names if name and name not in ("C", "POSIX", "C.UTF-8")
    ]


def _plain(found: Diagnostic, language: str) -> dict[str, str | int]:
    return {
        "file": found.file,
        "line": found.line,
        "code": found.code,
        "severity": found.severity,
        "message": found.sentence(translations(language).gettext),
    }


def _summary(courses: int, found: Sequence[Diagnostic], language: str) -> str:
    ngettext = translations(language).ngettext
    errors = sum(each.severity == "error" for each in found)
    warnings = len(found) - errors
    parts = (
        ngettext("%(n)s course checked", "%(n)s courses checked", courses) % {"n": courses},
        ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors},
        ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings},
    )
    return "{}: {}, {}".format(*parts)
