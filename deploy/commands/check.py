"""`hallwatch check`: reads a hall folder offline and names file, line and field of what is wrong."""

from typing import Annotated

import typer

from deploy.commands.options import Lang
from deploy.shipped import hall_folder
from deploy.wiring import collect_parts
from streams.contracts.words import Words
from streams.registry.loading import check_hall


def check_hall_folder(
    hall: Annotated[str, typer.Argument(help="A hall folder, or a shipped hall by name.")] = "pingliang",
    lang: Lang = "zh",
) -> None:
    """Check a hall's registry folder; exit code 1 when something is wrong."""
    folder = hall_folder(hall)
    problems = check_hall(folder, {rule.id for rule in collect_parts().rules.values()})
    for problem in problems:
        typer.echo(problem.text(lang))
    count = Words(f"{len(problems)} 个问题", f"{len(problems)} problems") if problems else Words("没有问题", "ok")
    typer.echo(f"{folder}: {count.in_language(lang)}")
    raise typer.Exit(1 if problems else 0)
