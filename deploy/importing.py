"""What every import of a file needs: mapping, hall and mask found for it, and a progress bar."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.client import StackClient
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.mark_history import MarkHistory
from deploy.embedded.marks_seen import kept_marks
from deploy.shelf import RegistryShelf
from deploy.shipped import hall_folder, mapping_folders
from deploy.wiring import collect_parts
from streams.contracts.errors import UnreadableError
from streams.intake.file_import import FileImport, ImportResult
from streams.intake.file_import import Progress as ShowProgress
from streams.intake.mappings import choose_mapping, load_mappings
from streams.intake.mask import mask_with
from streams.intake.normalise import FeedsOfHalls, feeds_of
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry, Registry
from streams.source import SourceMapping


def import_job(
    file: Path,
    folder: DataFolder,
    *,
    source: str = "",
    hall: str = "",
    mappings: Path | None = None,
    in_force: Mapping[str, HallRegistry] | None = None,
) -> tuple[FileImport, HallRegistry]:
    """How a file is to be read, and the hall its cases belong to: the one that is named, else the mapping's.

    A hall that is `in_force` stays as it is, whatever its folder says meanwhile: a file brings events, no calendars.

    Raises:
        UnreadableError: there is no such file or hall, no mapping fits, the hall's folder is wrong, or the
            mapping's feed is none of the hall's.
    """
    if not file.is_file():
        raise UnreadableError("no such file", zh="没有这个文件", field=str(file))
    sources = collect_parts().sources
    known = load_mappings(mapping_folders(mappings), sources)
    if source and source not in known and source not in sources:
        there = ", ".join(sorted(known)), ", ".join(sorted(sources))
        reason = f"{source!r} is neither a mapping ({there[0]}) nor a source ({there[1]})"
        zh = f"{source} 既不是映射（{there[0]}），也不是来源（{there[1]}）"
        raise UnreadableError(reason, zh=zh, field="--source")
    mapping = choose_mapping(known, file.name, source)
    registry = _hall(hall or mapping.hall, in_force or {})
    mapping = msgspec.structs.replace(mapping, hall=registry.hall.code)
    feeds = feeds_of(Registry(halls={registry.hall.code: registry}))
    check_mapping(mapping, feeds)
    job = FileImport(
        path=file,
        source=sources[mapping.source],
        mapping=mapping,
        zone=ZoneInfo(mapping.zone or registry.hall.zone),
        mask=mask_with(folder.mask_key()),
        feeds=feeds,
    )
    return job, registry


def halls_in_force(folder: DataFolder) -> Mapping[str, HallRegistry]:
    """The halls by their codes that a running stack, or an idle data folder, works with."""
    running = folder.running()
    if running:
        with closing(StackClient(running)) as client:
            history = msgspec.convert(client.get("/api/marks"), MarkHistory)
    else:
        history = kept_marks(folder).history
    return RegistryShelf(folder.registry)[history.versions[-1][1] if history.versions else ""].halls


def _hall(name: str, in_force: Mapping[str, HallRegistry]) -> HallRegistry:
    if name in in_force:
        return in_force[name]
    loaded = load_hall(hall_folder(name))
    return in_force.get(loaded.hall.code, loaded)


def check_mapping(mapping: SourceMapping, feeds: FeedsOfHalls) -> None:
    """Refuse a mapping whose hall or feed is not in force: none of its events could ever be judged.

    Raises:
        UnreadableError: says which there are.
    """
    hall = mapping.hall
    if hall not in feeds:
        zh = f"大厅 {hall} 未生效，请先执行：hallwatch registry apply {hall}"
        reason = f"{hall!r} is not in force; apply it first: hallwatch registry apply {hall}"
        raise UnreadableError(reason, zh=zh, field="hall")
    if mapping.feed and mapping.feed not in feeds[hall]:
        there = ", ".join(feeds[hall])
        zh = f"映射文件中的 {mapping.feed} 不是大厅 {hall} 的数据源；它有：{there or '无'}"
        reason = f"the mapping's {mapping.feed!r} is no feed of hall {hall!r}; it has: {there or 'none'}"
        raise UnreadableError(reason, zh=zh, field="feed")


async def with_bar(
    run: Callable[[ShowProgress], Awaitable[ImportResult]], path: Path, console: Console
) -> ImportResult:
    """Run an import under a bar that shows how much of the file is read."""
    bar = Progress(
        TextColumn(path.name), BarColumn(), DownloadColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    with bar:
        task = bar.add_task(path.name, total=path.stat().st_size)
        return await run(lambda done, total: bar.update(task, completed=done, total=total))
