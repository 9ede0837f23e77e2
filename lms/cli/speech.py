"""The command line in its reader's language: sentences, and commands whose help is translated."""

import gettext as standard
import inspect
import locale
import os
from copy import copy
from typing import Any

import click

from lms.i18n import DEFAULT_LANGUAGE, catalogue_folder, installed_languages, negotiate, translations


def terminal_languages() -> list[str]:
    """The languages that the terminal asks for, best first."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return [
        locale.normalize(name).partition(".")[0] for name in names if name and name not in ("C", "POSIX", "C.UTF-8")
    ]


def language() -> str:
    """The language to speak: the first that the terminal asks for and that is installed, else the default."""
    return negotiate(terminal_languages(), [DEFAULT_LANGUAGE, *installed_languages()])


def _(message: str) -> str:
    """The message in the terminal's language."""
    return translations(language()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for that many, in the terminal's language."""
    return translations(language()).ngettext(one, many, n)


def teach_click() -> None:
    """click's own words (`Usage`, `No such option`) come from our catalogue, through the standard library's gettext."""
    standard.bindtextdomain("messages", str(catalogue_folder()))
    os.environ["LANGUAGE"] = language()


def paragraphs(help_text: str) -> list[str]:
    """A help text as the messages it is translated by: its paragraphs, each on one line."""
    return [" ".join(each.split()) for each in inspect.cleandoc(help_text).split("\n\n")]


class Spoken(click.Command):
    """Help in the terminal's language. The catalogue has each paragraph of the docstring as a message."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help."""
        spoken = copy(self)
        spoken._help_option = None  # click keeps the one it made first, in the language of then
        spoken.help = "\n\n".join(map(_, paragraphs(self.help or "")))
        spoken.params = [_spoken(each) for each in self.params]
        super(Spoken, spoken).format_help(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What follows the command's name in its usage."""
        return [_(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, for a list of commands."""
        first = _(paragraphs(self.help or "")[0])
        return first.partition(". ")[0].rstrip(".") + "."


class SpokenGroup(Spoken, click.Group):
    """A group of such commands."""

    command_class = Spoken


def _spoken(param: click.Parameter) -> click.Parameter:
    spoken: Any = copy(param)
    if getattr(param, "help", None):
        spoken.help = _(spoken.help)
    return spoken  # type: ignore[no-any-return]
