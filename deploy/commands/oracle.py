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
from deploy.commands.import_file import report
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
from streams.contracts.words import Language, Words
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
_COLUMNS = (
    Words("类型", "type"),
    Words("办件", "cases"),
    Words("2 分钟内一致", "within 2 min"),
    Words("5 分钟内一致", "within 5 min"),
    Words("时限一致的判定", "verdicts, same deadline"),
    Words("其中一致", "agree"),
    Words("全部判定", "verdicts, any deadline"),
    Words("其中一致", "agree"),
)
_ALL = Words("合计", "all")
_LEGEND = Words(
    "判定：已办结并且对方给出了是否超期的办件；“时限一致”指双方到期时刻相差不超过 5 分钟，门槛只看这一部分",
    "verdicts: closed cases of which theirs says whether they were in time; same deadline: the two lie at most 5 "
    "minutes apart, and only these must agree",
)
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
    _show(result, found, unread, texts, out, lang)
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
                reason = "not everything was judged and stored in time"
                raise UnavailableError(reason, zh="没有及时算完并保存")
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
    ours = Words("  我方：没有计时", "  ours: no clock")
    if apart is not None:
        ours = Words(f"  我方：相差 {apart / MINUTE_MS:+,.0f} 分钟", f"  ours: {apart / MINUTE_MS:+,.0f} minutes")
    lines = [
        f"{one.case_no}  {one.kind}",
        f"{Words('  对方：', '  theirs: ').in_language(lang)}{theirs['target']}  {theirs.get('verdict', '')}",
        ours.in_language(lang),
    ]
    for clock in explained.clocks if explained is not None else ():
        lines.append(f"  {clock.title}  {clock.state}  {clock.due}")
        lines += [f"    {line}" for line in clock.lines]
    return "\n".join(lines)


def _show(
    result: ImportResult, found: Agreement, unread: list[str], texts: list[str], out: Path, lang: Language
) -> None:
    table = Table(*(words.in_language(lang) for words in _COLUMNS))
    for kind, counts in found.kinds.items():
        table.add_row(kind, *_cells(counts))
    table.add_section()
    table.add_row(_ALL.in_language(lang), *_cells(found.total))
    print_table(table)
    typer.echo(_LEGEND.in_language(lang))
    for line in report(result, lang, stored=True):
        typer.echo(line)
    if unread:
        count, first = f"{len(unread):,}", unread[0]
        told = Words(
            f"对方有 {count} 个时限读不出，首个 {first}", f"{count} deadlines of theirs cannot be read, first {first}"
        )
        typer.echo(told.in_language(lang))
    for text in texts[:_SHOWN]:
        _console.print(text, markup=False)
    count = f"{len(texts):,}"
    told = Words(f"共 {count} 处不一致，连同计时明细见：{out}", f"{count} deviations, all with their ledgers: {out}")
    typer.echo(told.in_language(lang))
    shares = found.total.shares()
    for name in found.missed():
        share = shares[name]
        none = Words("没有可比的", "nothing to compare").in_language(lang)
        missed = Words("未达到", "missed").in_language(lang)
        typer.echo(f"{missed}: {name} {none if share is None else f'{share:.2%}'} < {LEAST[name]:.1%}")


def _cells(counts: Counts) -> list[str]:
    return [
        f"{counts.cases:,}",
        _of(counts.within_2, counts.cases),
        _of(counts.within_5, counts.cases),
        f"{counts.same_due:,}",
        _of(counts.same_due_agreed, counts.same_due),
        f"{counts.verdicts:,}",
        _of(counts.verdicts_agreed, counts.verdicts),
    ]


def _of(count: int, whole: int) -> str:
    return f"{count:,} ({count / whole:.2%})" if whole else "–"
