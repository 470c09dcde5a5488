"""`hallwatch oracle`: deadlines and verdicts that somebody else computed, against ours, through the real road."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from dashboards.reader import Reader
from deploy.agreement import LEAST, MINUTE_MS, Agreement, Compared, Counts, agreement_of
from deploy.clock import wall_now_ms
from deploy.commands.options import Lang, print_table
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.embedded.stack import Stack
from deploy.explaining import Asked, Grounds, explain_case
from deploy.importing import import_job, with_bar
from deploy.logs import set_up_logs
from deploy.settings import Settings, real_data
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import to_ms
from streams.contracts.words import Language
from streams.event_mapping import RowMapping
from streams.foreign_time import TimeReader
from streams.intake.file_import import FileImport, ImportResult
from streams.registry.registry import HallRegistry

_FILE = "boston311-2015h1.csv.gz"
_SHOWN = 5
_LATE = "OVERDUE"
_QUESTION = """
SELECT e.case_no, e.item, JSONExtractString(e.body, 'extra', 'target') AS target,
  JSONExtractString(e.body, 'extra', 'verdict') AS verdict, c.due_at, c.stopped_at
FROM case_events AS e FINAL
LEFT JOIN (
  SELECT case_no, due_at, stopped_at FROM clocks FINAL WHERE clock = 'promise' AND state != 'void'
) AS c ON c.case_no = e.case_no
WHERE e.kind = 'case.accepted' AND target != ''
SETTINGS join_use_nulls = 1
"""
_console = Console(highlight=False, soft_wrap=True)
_progress = Console(stderr=True)


def run_oracle(
    file: Annotated[Path | None, typer.Option(help="A file of the same columns (default: the Boston 311 log).")] = None,
    hall: Annotated[str, typer.Option(help="A hall folder, or a shipped hall by name (default: boston).")] = "",
    source: Annotated[str, typer.Option(help="The mapping that reads the file.")] = "boston311",
    out: Annotated[Path, typer.Option(help="Where every deviation is written with its ledger.")] = Path(
        "data/oracle.txt"
    ),
    lang: Lang = "zh",
) -> None:
    """Import a file with its own deadlines into a temporary folder and compare. Exit code 1: less agrees than must."""
    set_up_logs("warning")
    path = file or real_data() / _FILE
    with tempfile.TemporaryDirectory(prefix="hallwatch-oracle-") as made:
        folder = DataFolder(Path(made))
        job, registry = import_job(path, folder, source=source, hall=hall)
        result, found, unread, texts = uvloop.run(_compare(job, registry, folder, lang))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    _show(result, found, unread, texts, out)
    raise typer.Exit(1 if found.missed() or unread else 0)


async def _compare(
    job: FileImport, hall: HallRegistry, folder: DataFolder, lang: Language
) -> tuple[ImportResult, Agreement, list[str], list[str]]:
    """The import, the comparison, the case numbers whose target cannot be read, each deviation as text."""
    async with running_stack(folder, Settings(), wall_now_ms, pages=False, speed=lambda: 1.0) as running:
        stack = running.stack
        await stack.apply_hall(hall)
        result = await with_bar(lambda progress: job.run(stack, wall_now_ms, progress), job.path, _progress)
        with _progress.status("judging and storing …"):
            if not await stack.drained():
                raise UnavailableError("not everything was judged and stored in time")
        reader = Reader(stack.store)
        try:
            compared, unread = await _compared(reader, job)
            found = agreement_of(compared)
            with _progress.status("explaining the deviations …"):
                texts = [await _explained(reader, stack, one, lang) for one in found.deviations]
        finally:
            reader.close()
    return result, found, unread, texts


async def _compared(reader: Reader, job: FileImport) -> tuple[list[Compared], list[str]]:
    mapping = job.mapping
    times = TimeReader(mapping.times if isinstance(mapping, RowMapping) else ("iso",), job.zone)
    compared: list[Compared] = []
    unread: list[str] = []
    for case_no, kind, target, verdict, due_at, stopped_at in (await reader.ask(_QUESTION)).rows:
        try:
            their_due_ms = to_ms(times.read(target, "target").at)
        except UnreadableError:
            unread.append(case_no)
            continue
        late = verdict == _LATE if verdict else None
        ours = None if due_at is None else to_ms(due_at)
        stopped = None if stopped_at is None else to_ms(stopped_at)
        compared.append(Compared(case_no, kind, their_due_ms, late, ours, stopped))
    return compared, unread


async def _explained(reader: Reader, stack: Stack, one: Compared, lang: Language) -> str:
    """A deviation: what they say, what we say, and our ledger."""
    grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
    explained = await explain_case(reader, grounds, Asked(one.case_no, lang), stack.now())
    theirs = next(event.extra for event in await reader.events_of(one.case_no) if "target" in event.extra)
    apart = one.apart_ms()
    lines = [
        f"{one.case_no}  {one.kind}",
        f"  theirs: {theirs['target']}  {theirs.get('verdict', '')}",
        "  ours: no clock" if apart is None else f"  ours: {apart / MINUTE_MS:+,.0f} minutes",
    ]
    for clock in explained.clocks if explained is not None else ():
        lines.append(f"  {clock.title}  {clock.state}  {clock.due}")
        lines += [f"    {line}" for line in clock.lines]
    return "\n".join(lines)


def _show(result: ImportResult, found: Agreement, unread: list[str], texts: list[str], out: Path) -> None:
    table = Table("type", "cases", "within 2 min", "within 5 min", "verdicts compared", "verdicts agree")
    for kind, counts in found.kinds.items():
        table.add_row(kind, *_cells(counts))
    table.add_section()
    table.add_row("all", *_cells(found.total))
    print_table(table)
    typer.echo(f"{result.events:,} events of {result.cases:,} cases taken in, {result.dead:,} set aside")
    for reason, count in result.reasons.most_common():
        typer.echo(f"  {count:>8,} set aside: {reason}")
    if unread:
        typer.echo(f"{len(unread):,} deadlines of theirs cannot be read, first {unread[0]}")
    for text in texts[:_SHOWN]:
        _console.print(text, markup=False)
    typer.echo(f"{len(texts):,} deviations, all with their ledgers: {out}")
    shares = found.total.shares()
    for name in found.missed():
        share = shares[name]
        typer.echo(f"missed: {name} {'nothing to compare' if share is None else f'{share:.2%}'} < {LEAST[name]:.1%}")


def _cells(counts: Counts) -> list[str]:
    shares = counts.shares()
    shown = ["–" if share is None else f"{share:.2%}" for share in shares.values()]
    return [f"{counts.cases:,}", shown[0], shown[1], f"{counts.verdicts:,}", f"{counts.verdicts_agreed:,} ({shown[2]})"]
