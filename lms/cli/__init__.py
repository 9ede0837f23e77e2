"""`lms`: thin commands over services, each in a module of its own, loaded when it is called."""

from importlib import import_module
from typing import Any

import click

from lms import __version__
from lms.cli.speech import SpokenGroup, _, teach_click
from lms.config import BadSetting
from lms.i18n import N_
from lms.refusals import Refusal

COMMANDS = {
    "audit": "lms.cli.audit",
    "check": "lms.cli.check",
    "clock": "lms.cli.clock",
    "cohorts": "lms.cli.cohorts",
    "hand-in": "lms.cli.hand_in",
    "ids": "lms.cli.ids",
    "import": "lms.cli.import_",
    "indicators": "lms.cli.indicators",
    "init": "lms.cli.init",
    "keys": "lms.cli.keys",
    "people": "lms.cli.people",
    "publish": "lms.cli.publish",
    "quarantine": "lms.cli.quarantine",
    "rebuild": "lms.cli.rebuild",
    "reports": "lms.cli.reports",
    "retention": "lms.cli.retention",
    "review": "lms.cli.review",
    "roster": "lms.cli.roster",
    "serve": "lms.cli.serve",
    "translate": "lms.cli.translate",
    "users": "lms.cli.users",
    "verify": "lms.cli.verify",
    "worker": "lms.cli.worker",
}


class Commands(SpokenGroup):
    """Finds each command's module by name, so that `lms serve` does not load the PDF library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named; for an unknown one an error that guesses which was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the command line, in the terminal's language."""
        teach_click()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a refusal or a bad setting is one line, not a traceback."""
        try:
            return super().invoke(ctx)
        except (Refusal, BadSetting) as error:
            raise click.ClickException(error.sentence(_)) from error


def _tell_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(_("%(program)s, version %(version)s") % {"program": "lms", "version": __version__})
        ctx.exit()


@click.command(cls=Commands)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_tell_version,
    help=N_("Show the version and exit."),
)
def main() -> None:
    """Vereda: check and publish courses, look after people, serve, verify certificates."""
