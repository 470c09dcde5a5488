"""`hallwatch explain`: why each clock of a case stands where it stands, line by line."""

import asyncio
import re
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from dashboards.console.api import no_case
from dashboards.reader import Reader
from deploy.client import StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, reading_store, settings_and_folder
from deploy.embedded.marks_seen import kept_marks
from deploy.explaining import Asked, Grounds, explain_case
from deploy.shelf import RegistryShelf
from deploy.wiring import collect_parts
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.processes.case.explain import Explanation

_EVENT_ID = re.compile(r"\b[0-9a-f]{24}\b")
_EXAMPLE = "2026-11-23T09:00:00+08:00"
_console = Console(highlight=False, soft_wrap=True)


def explain(
    case_no: Annotated[str, typer.Argument(help="The case number with its hall, e.g. wabo/case-10011.")],
    lang: Lang = "zh",
    at: Annotated[str, typer.Option(help="As of this instant, with an offset, e.g. 2011-11-01T09:00:00+01:00.")] = "",
    known_at: Annotated[str, typer.Option(help="By what was known at this instant: events and calendars.")] = "",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Explain a case, from the running stack or an idle data folder."""
    settings, folder = settings_and_folder(settings_file, data)
    asked = Asked(case_no, lang, _instant_ms("--at", at), _instant_ms("--known-at", known_at))
    with reading_store(settings, folder) as (store, running):
        if running:
            with closing(StackClient(running)) as client:
                answer: Any = client.get(f"/api/cases/{case_no}/explain", lang=lang, at=at, known_at=known_at)
            found: Explanation | None = msgspec.convert(answer, Explanation)
        else:
            grounds = Grounds(RegistryShelf(folder.registry), collect_parts().rules, kept_marks(folder).history)
            with closing(Reader(store)) as reader:
                found = asyncio.run(explain_case(reader, grounds, asked, wall_now_ms()))
    if found is None:
        raise UnreadableError(no_case(case_no, "en", at, known_at), zh=no_case(case_no, "zh", at, known_at))
    _show(found, known_at)


def _instant_ms(option: str, at: str) -> int | None:
    if not at:
        return None
    try:
        instant = datetime.fromisoformat(at)
    except ValueError as error:
        reason = f"{at!r} is no instant, write e.g. {_EXAMPLE}"
        raise UnreadableError(reason, zh=f"“{at}”不是时刻，写法如 {_EXAMPLE}", field=option) from error
    if instant.tzinfo is None:
        raise UnreadableError("give an offset, e.g. +08:00", zh="请写明时差，例如 +08:00", field=option)
    return to_ms(instant)


def _short_ids(text: str, *, zh: bool) -> str:
    """Ids of events by their beginnings, which is enough to find them."""
    return _EVENT_ID.sub(lambda found: f"{'事件' if zh else 'event'} {found[0][:8]}", text)


def _show(found: Explanation, known_at: str) -> None:
    zh = found.language == "zh"
    _console.print(f"[bold]{found.case_no}[/]  {found.item}  {found.state}")
    known = f"  {'当时所知' if zh else 'as known at'} {known_at}" if known_at else ""
    calendars = f"  {'日历版本' if zh else 'calendar version'} {', '.join(found.calendars)}" if found.calendars else ""
    _console.print(f"{'截至' if zh else 'as of'} {found.until}{known}{calendars}")
    for clock in found.clocks:
        _console.print(f"\n[bold]{clock.title}[/]  {clock.state}  {'到期' if zh else 'due'} {clock.due}")
        for line in clock.lines:
            _console.print(f"  {_short_ids(line, zh=zh)}")
    for finding in found.findings:
        _console.print(f"\n[bold]{finding.title}[/] ({finding.rule})\n  {finding.message}")
        for stretch in finding.stretches:
            _console.print(f"  {stretch}")
    for remark in found.remarks:
        _console.print(f"\n{_short_ids(remark, zh=zh)}")
