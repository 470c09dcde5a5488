"""The program `hallwatch`: one command a file in `deploy/commands/`."""

import sys

import typer

from alerting.channel import ChannelSettingsError
from deploy.commands.calendars import calendar_commands
from deploy.commands.check import check_hall_folder
from deploy.commands.confirm import confirm
from deploy.commands.demo import run_demo
from deploy.commands.explain import explain
from deploy.commands.import_file import import_file
from deploy.commands.options import Spoken
from deploy.commands.oracle import run_oracle
from deploy.commands.parts import show_parts
from deploy.commands.rank import rank
from deploy.commands.registry import registry_commands
from deploy.commands.run import run
from deploy.commands.sql import ask_sql
from deploy.commands.up import run_up
from deploy.commands.version import show_version
from deploy.embedded.snapshot import SnapshotError
from deploy.embedded.stack import StackError
from deploy.settings import SettingsError
from streams.contracts.errors import SpokenError

_EXPECTED = (
    ChannelSettingsError,
    SettingsError,
    SnapshotError,
    StackError,
    SpokenError,
)
"""Errors that are the user's to mend: told in one line, without a traceback."""

app = typer.Typer(
    name="hallwatch",
    help="政务大厅实时电子监察 · Real-time electronic supervision of government service halls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(run_up)
app.command("run")(run)
app.command("demo")(run_demo)
app.command("import")(import_file)
app.command("explain")(explain)
app.command("confirm")(confirm)
app.command("sql")(ask_sql)
app.command("rank")(rank)
app.command("oracle")(run_oracle)
app.command("check")(check_hall_folder)
app.add_typer(registry_commands, name="registry")
app.add_typer(calendar_commands, name="calendar")
app.command("parts")(show_parts)
app.command("version")(show_version)


def main() -> None:
    """Run the program."""
    spoken = Spoken()
    try:
        app(obj=spoken)
    except _EXPECTED as error:
        told = error.text(spoken.language) if isinstance(error, SpokenError) else error
        typer.echo(f"hallwatch: {told}", err=True)
        sys.exit(2)
