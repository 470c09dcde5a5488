"""`hallwatch sql`: asks the running stack's store, or that of an idle data folder."""

import csv
import sys
from enum import StrEnum
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from dashboards.reader import check_reads
from deploy.commands.options import Data, Lang, SettingsFile, print_table, reading_store, settings_and_folder
from streams.contracts.errors import UnreadableError
from streams.contracts.store import Answer
from streams.contracts.words import Language, Words


class SqlFormat(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def ask_sql(
    query: Annotated[str, typer.Argument(help="One reading statement, e.g. SELECT count() FROM cases FINAL.")],
    format: Annotated[SqlFormat, typer.Option(help="How the answer is written.")] = SqlFormat.TABLE,
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Ask the store a question."""
    settings, folder = settings_and_folder(settings_file, data)
    try:
        check_reads(query)
        with reading_store(settings, folder) as (store, _):
            _write(store.query(query), format, lang)
    except ValueError as error:
        raise UnreadableError(str(error), field="query") from error


def _write(answer: Answer, format: SqlFormat, lang: Language) -> None:
    if format is SqlFormat.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
    elif format is SqlFormat.JSON:
        for row in answer.rows:
            line = msgspec.json.encode(dict(zip(answer.columns, row, strict=True)), enc_hook=str)
            typer.echo(line.decode())
    else:
        table = Table(*answer.columns, highlight=False)
        for row in answer.rows:
            table.add_row(*("" if value is None else str(value) for value in row))
        print_table(table)
        typer.echo(Words(f"{len(answer.rows)} 行", f"{len(answer.rows)} rows").in_language(lang))
