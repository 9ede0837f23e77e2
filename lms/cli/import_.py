"""`lms import`: courses from elsewhere, as drafts that nobody but their author sees."""

import shlex
from pathlib import Path

import click

from lms.cli.check import print_diagnostics
from lms.cli.place import now, open_database
from lms.cli.speech import SpokenGroup, _, ngettext
from lms.config import Settings
from lms.content.archive_refusals import Refused, shown
from lms.content.model import Course
from lms.services.studying.drafts import Draft, import_archive


@click.group(cls=SpokenGroup)
def command() -> None:
    """Courses from elsewhere: zip."""


@command.command(name="zip")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def zip_(file: Path) -> None:
    """Make a draft from the course in the archive FILE, with a report. Nothing is run and nothing is published.

    A draft with errors is kept, to be mended; of an archive that is refused nothing is kept. Both exit with 1.

    Example: lms import zip course.zip
    """
    settings = Settings.load()
    database = open_database(settings)
    made = import_archive(database, archive=file, drafts=settings.instance / "drafts", now=now())
    if isinstance(made, Refused):
        sentence = _("%(file)s is refused and nothing is kept: %(code)s: %(reason)s")
        values = {"file": shown(file.name), "code": made.code, "reason": made.sentence(_)}
        raise click.ClickException(sentence % values)
    _tell(made)
    if made.course is None:
        raise SystemExit(1)


def _tell(draft: Draft) -> None:
    folder = shlex.quote(str(_near(draft.folder)))
    was_there = _("This archive was imported before; its draft is there and was left as it is: %(folder)s")
    click.echo((was_there if draft.was_there else _("Draft: %(folder)s")) % {"folder": folder})
    print_diagnostics(draft.diagnostics)
    click.echo(_counts(draft))
    if draft.left_out:
        click.echo(_("Left out: %(names)s") % {"names": ", ".join(draft.left_out)})
    if draft.replaces:
        warning = _("Warning: publishing this draft replaces the course “%(title)s”, which has the same id.")
        click.echo(warning % {"title": draft.replaces})
    if draft.course is None:
        click.echo(_("The draft has errors. It can be published once they are mended in its folder."))
    click.echo(_("Nothing is published. To go on:"))
    click.echo(f"  lms check {folder}\n  lms publish {folder}")


def _near(folder: Path) -> Path:
    """The folder as seen from here, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _counts(draft: Draft) -> str:
    parts = [
        ngettext("%(n)s file", "%(n)s files", draft.files) % {"n": draft.files},
        _("languages: %(names)s") % {"names": ", ".join(draft.languages)},
    ]
    if draft.course:
        parts += _within(draft.course)
    errors = sum(each.severity == "error" for each in draft.diagnostics)
    warnings = len(draft.diagnostics) - errors
    parts += [
        ngettext("%(n)s error", "%(n)s errors", errors) % {"n": errors},
        ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings},
    ]
    return " · ".join(parts)


def _within(course: Course) -> list[str]:
    modules = list(course.edition(course.source).modules.values())
    questions = sum(1 for module in modules for _question in module.questions())
    return [
        ngettext("%(n)s module", "%(n)s modules", len(modules)) % {"n": len(modules)},
        ngettext("%(n)s question", "%(n)s questions", questions) % {"n": questions},
    ]
