"""`lms review`: a course as a sheet for whoever reviews it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms.cli.check import from_here, no_course, print_diagnostics, seen_from_here
from lms.cli.place import now
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.content.report import nearest
from lms.i18n import N_, Reader, spoken
from lms.services.running import sheets
from lms.services.running.publish import course_folders
from lms.services.running.sheets import Sheet


@click.command(cls=Spoken)
@click.argument("course")
@click.option(
    "--lang", default="", help=N_("The language of the course to review; by default the one it was written in.")
)
@click.option(
    "--format", "form", type=click.Choice(["html", "csv"]), default="html", help=N_("To print and sign, or a table.")
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help=N_("The file to write, “-” for none but the screen; by default it is named after the course."),
)
def command(course: str, lang: str, form: str, output: Path | None) -> None:
    """Make the sheet on which a specialist reviews COURSE, the id of one of the installation's courses or a folder.

    The sheet holds everything that readers are told in one language, with its sources, the right answers and their
    reasons, and what has to be confirmed in each country. It is one file that needs no connection; a file that is
    there already is left alone, since somebody may have written in it.

    Exit 1 when the course has errors.

    Example: lms review trata-de-personas --lang es
    """
    settings = Settings.load()
    folder = _folder(course, settings.courses.resolve())
    sheet, findings = sheets.make(folder, lang)
    if sheet is None:
        print_diagnostics([from_here(folder, each) for each in findings if each.severity == "error"])
        raise click.ClickException(_("The course has errors. Mend them first: `lms check` tells them all."))
    language = sheet.edition.language
    reader = Reader(spoken(language, settings.catalogues), ZoneInfo(settings.timezone), settings.catalogues)
    today = now().astimezone(reader.zone).date()
    text = sheets.as_csv(sheet, reader) if form == "csv" else sheets.as_html(sheet, reader, today=today)
    file = output or Path(f"{sheet.course.id}-{language}-{sheet.content}.{form}")
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    _write(file, text)
    _tell(sheet, file)


def _folder(course: str, courses: Path) -> Path:
    """The folder that is meant. Raises ClickException."""
    path = Path(course).resolve()
    if course_folders(path) == [path]:
        return path
    found = sheets.find_folder(courses, course)
    if found:
        return found
    if path.is_dir():
        raise no_course(path)
    near = nearest(course, [each.name for each in course_folders(courses)])
    said = (
        _("There is no course “%(course)s”. Did you mean “%(guess)s”?")
        if near
        else _("There is no course “%(course)s”.")
    )
    raise click.ClickException(said % {"course": course, "guess": near})


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
    except FileExistsError:
        sentence = _(
            "%(file)s is there already, and somebody may have written in it. Choose another name with --output."
        )
        raise click.ClickException(sentence % {"file": file}) from None
    except OSError as error:
        sentence = _("%(file)s can't be written: %(reason)s.")
        raise click.ClickException(sentence % {"file": file, "reason": error.strerror}) from error


def _tell(sheet: Sheet, file: Path) -> None:
    click.echo(str(seen_from_here(file.resolve())))
    pieces = sheet.pieces
    cited = sum(bool(each.sources) for each in pieces)
    local = sum(bool(each.local) for each in pieces)
    told = (
        ngettext("%(n)s item to review", "%(n)s items to review", len(pieces)) % {"n": len(pieces)},
        ngettext("%(n)s with its source", "%(n)s with their sources", cited) % {"n": cited},
        ngettext("%(n)s to confirm in each country", "%(n)s to confirm in each country", local) % {"n": local},
    )
    click.echo("  {}, {}, {}".format(*told))
