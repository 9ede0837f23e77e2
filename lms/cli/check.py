"""`lms check`: what is wrong with courses, a line for each finding."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from lms.cli.figures import as_json, table
from lms.cli.place import now
from lms.cli.speech import Spoken, _, language
from lms.config import Settings
from lms.content.compile import Compiled, compile_course
from lms.content.countries import COUNTRIES_FILE, read_countries
from lms.content.diagnostics import Diagnostic
from lms.content.doubles import doubles
from lms.content.release import decode
from lms.content.report import Report
from lms.i18n import N_, negotiate, translations
from lms.services.running.publish import course_folders


@click.command(cls=Spoken)
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help=N_("How to print findings.")
)
@click.option(
    "--figures",
    "in_figures",
    is_flag=True,
    help=N_("Print each course's figures in each language instead of findings."),
)
@click.option("--lang", help=N_("Language of the sentences: es or en. By default the terminal's."))
def command(path: Path | None, form: str, in_figures: bool, lang: str | None) -> None:
    """Check every course of PATH (or PATH itself when it is one), by default the installation's courses.

    Prints `file:line: code: sentence` for each finding, the file as seen from here; exit 1 when one is an error.
    Nothing is published. A countries.yml beside the courses is checked with them.

    How the courses are written is looked at too: long sentences, words to avoid, what gives answers away, what has no
    source. Those are warnings; course.yml may accept one with its reason. --figures prints words, minutes, questions,
    kinds of interaction, reading ease and long sentences.

    Example: lms check courses_content/trata-de-personas --lang es
    """
    settings = Settings.load()
    courses = (path or settings.courses).resolve()
    folders = course_folders(courses)
    about_countries = _countries(courses) if folders != [courses] else None
    if not folders and about_countries is None:
        raise no_course(courses)
    spoken = negotiate([lang, language()], settings.languages)
    taken = doubles(folders)
    compiled = {folder: compile_course(folder, advice=True) for folder in folders}
    found = [
        from_here(folder, each)
        for folder, made in compiled.items()
        for each in (*taken.get(folder, ()), *made.diagnostics)
    ]
    found += about_countries or []
    rows = [each for made in compiled.values() for each in made.figures]
    accepted = sum(made.accepted for made in compiled.values())
    if form == "json":
        told = [_plain(each, spoken) for each in found]
        click.echo(as_json(rows) if in_figures else json.dumps(told, ensure_ascii=False, indent=1))
    else:
        if in_figures:
            click.echo(table(rows, translations(spoken).gettext))
        else:
            print_diagnostics(found, spoken)
            _tell_drafts([folder.name for folder, made in compiled.items() if _is_draft(made)], spoken)
        click.echo(_summary(len(folders), found, accepted, spoken))
    if any(each.severity == "error" for each in found):
        raise SystemExit(1)


def _is_draft(compiled: Compiled) -> bool:
    return compiled.course_json is not None and decode(compiled.course_json).is_draft


def _tell_drafts(names: Sequence[str], spoken: str) -> None:
    """Says of which courses learners are told that specialists have not reviewed them: no finding, and no fault."""
    if names:
        told = translations(spoken).gettext("Under review by specialists, and learners are told so: %(courses)s.")
        click.echo(told % {"courses": ", ".join(names)})


def _countries(courses: Path) -> list[Diagnostic] | None:
    """What is found in the file of countries beside the courses; None where there is none."""
    file = courses / COUNTRIES_FILE
    if not file.is_file():
        return None
    report = Report(file.name)
    read_countries(file, report, today=now().date())
    return [from_here(file, each) for each in report.found]


def no_course(folder: Path) -> click.ClickException:
    """What is said of a folder that holds no course."""
    sentence = _("There is no course in %(folder)s: a course is a folder with a course.yml.")
    return click.ClickException(sentence % {"folder": folder})


def from_here(folder: Path, found: Diagnostic) -> Diagnostic:
    """The finding in that (absolute) folder with a path that an editor opens."""
    return replace(found, file=str(seen_from_here(folder.parent / found.file)))


def seen_from_here(path: Path) -> Path:
    """The absolute path from the current directory where it is under it, else as it is."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def print_diagnostics(found: Sequence[Diagnostic], spoken: str | None = None) -> None:
    """Each finding in a line, in that language or the terminal's."""
    speak = translations(spoken or language()).gettext
    for each in found:
        click.echo(f"{each.file}:{each.line}: {each.code}: {each.sentence(speak)}")


def _plain(found: Diagnostic, spoken: str) -> dict[str, str | int]:
    return {
        "file": found.file,
        "line": found.line,
        "code": found.code,
        "severity": found.severity,
        "message": found.sentence(translations(spoken).gettext),
    }


def _summary(courses: int, found: Sequence[Diagnostic], accepted: int, spoken: str) -> str:
    ngettext = translations(spoken).ngettext
    errors = sum(each.severity == "error" for each in found)
    warnings = len(found) - errors
    parts = (
        ngettext("%(n)s course checked", "%(n)s courses checked", courses) % {"n": courses},
        ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors},
        ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings},
    )
    summary = "{}: {}, {}".format(*parts)
    if not accepted:
        return summary
    return f"{summary}, " + ngettext("%(n)s accepted", "%(n)s accepted", accepted) % {"n": accepted}
