"""`hallwatch demo`: a simulated hall day on a fast clock, seen on the wall, checked against its planted truth."""

import asyncio
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

import msgspec
import typer
import uvloop
from rich.console import Console
from rich.progress import Progress

from deploy.clock import VirtualClock
from deploy.commands.options import SettingsFile, settings_and_folder
from deploy.demo.department import Department
from deploy.demo.hall_day import HallDay, hall_day
from deploy.demo.outcome import Outcome, outcome_of
from deploy.demo.player import Player
from deploy.embedded.data_folder import DataFolder, read_json, write_safely
from deploy.embedded.running import Running, running_stack
from deploy.logs import set_up_logs
from deploy.reporting import write_ranking
from deploy.settings import Settings, TellingSettings
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry

_DIFFERENCES_SHOWN = 10
_console = Console(highlight=False)


class DemoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo folder was made with; a stopped demo goes on only with the same."""

    hall: str
    seed: int
    cases: int
    day: date
    days: int
    finished: bool = False


@dataclass(frozen=True)
class _Demo:
    plan: DemoPlan
    hall: HallRegistry
    script: HallDay
    seconds: float
    once: bool

    @property
    def feed(self) -> str:
        return next(feed.name for feed in self.hall.feeds if feed.way == "push")


def run_demo(
    once: Annotated[bool, typer.Option("--once", help="End after the day; exit code 0 if all was as planted.")] = False,
    hall: Annotated[str, typer.Option(help="The hall to simulate.")] = "pingliang",
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 1,
    cases: Annotated[int, typer.Option(min=1, help="How many cases.")] = 600,
    day: Annotated[str, typer.Option(help="The day that is shown.")] = "2026-11-23",
    days: Annotated[int, typer.Option(min=1, help="How many days are shown.")] = 1,
    seconds: Annotated[float, typer.Option(min=1, help="How long the day takes.")] = 60.0,
    port: Annotated[int | None, typer.Option(help="Port of the pages; 0 takes a free one.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="The demo's own data folder.")] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Simulate a hall and watch it. A demo that was stopped or killed goes on where it was."""
    settings, folder = settings_and_folder(settings_file, data or Path("data") / "demo")
    set_up_logs("warning")
    loaded = load_hall(hall_folder(hall))
    plan = DemoPlan(hall=hall, seed=seed, cases=cases, day=_day(day), days=days)
    try:
        script = hall_day(loaded, seed, plan.day, cases, days)
    except ValueError as error:
        raise UnreadableError(str(error), field="--hall") from error
    _make_room(folder, plan)
    demo = _Demo(plan, loaded, script, seconds, once or not sys.stdout.isatty())
    with Department(folder.root / "received.txt") as department:
        speed = (demo.script.ends_ms - demo.script.begins_ms) / 1000 / seconds
        settings = msgspec.structs.replace(
            settings if port is None else settings.with_port(port),
            # On a fast clock an answer that takes a moment seems to take hours.
            telling=TellingSettings(answer_seconds=max(300, int(30 * speed))),
            channels={**settings.channels, "webhook": {"url": department.url, "signing_secret": token_urlsafe(24)}},
        )
        raise typer.Exit(uvloop.run(_run(folder, settings, demo)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableError(f"{text!r} is no day, write e.g. 2026-11-23", field="--day") from error


def _make_room(folder: DataFolder, plan: DemoPlan) -> None:
    """Begin anew unless an unfinished demo of the same plan is there; only ever clears a folder that a demo made."""
    file = folder.root / "demo.json"
    held = read_json(file)
    if folder.is_owned() or held == msgspec.to_builtins(plan):
        return  # goes on, or is told that the folder is in use
    if held is not None:
        shutil.rmtree(folder.root)
    elif folder.root.exists() and any(folder.root.iterdir()):
        raise UnreadableError(f"{folder.root} holds something else than a demo", field="--data")
    write_safely(file, msgspec.json.encode(plan))


async def _run(folder: DataFolder, settings: Settings, demo: _Demo) -> int:
    clock = VirtualClock(demo.script.begins_ms)
    speed = (demo.script.ends_ms - demo.script.begins_ms) / 1000 / demo.seconds
    async with running_stack(folder, settings, clock, speed=lambda: speed, console=_console) as running:
        _console.print(f"大屏 wall:   [bold]{running.address}/wall[/]\n控制台 console: {running.address}/")
        running.stack.marks_live_feeds = False  # the player knows how far the feed is
        await running.stack.apply_hall(demo.hall)
        player = Player(running.stack, demo.script, demo.feed, clock)
        if not await _play(player, running, demo):
            _console.print("已中止,再次运行将继续 stopped; run again to go on")
            return 1
        code = await _finish(folder, running, demo, player)
        if not demo.once:
            _console.print("大厅保持运行,Ctrl-C 结束 the hall stays up, Ctrl-C ends")
            await player.alive(running.stopping)
    return code


async def _play(player: Player, running: Running, demo: _Demo) -> bool:
    resume_ms = running.stack.door.last_ms
    with Progress(console=_console, transient=True) as bar:
        task = bar.add_task("历史办件 history", total=None)
        await player.history(resume_ms, lambda done, total: bar.update(task, completed=done, total=total))
    shown = f"{demo.plan.day:%Y-%m-%d}" + (f" + {demo.plan.days - 1} d" if demo.plan.days > 1 else "")
    with _console.status(f"模拟 simulating {shown} …"):
        return await player.day(demo.seconds, running.stopping)


async def _finish(folder: DataFolder, running: Running, demo: _Demo, player: Player) -> int:
    settled = await running.stack.drained()
    loop = asyncio.get_running_loop()
    outcome = await loop.run_in_executor(None, outcome_of, running.stack.store, demo.script.truth)
    ranking, files = await loop.run_in_executor(
        None,
        lambda: write_ranking(
            running.stack.store,
            demo.hall,
            f"{demo.plan.day:%Y-%m}",
            "org",
            from_ms(demo.script.ends_ms),
            running.stack.parts.exports,
            folder.reports,
        ),
    )
    await running.stack.publish_ranking(ranking)
    write_safely(folder.root / "demo.json", msgspec.json.encode(msgspec.structs.replace(demo.plan, finished=True)))
    _show(outcome, files, player)
    good = settled and not outcome.differences and not outcome.counts["死信 dead letters"]
    _console.print("[green]与预设事实一致 as planted[/]" if good else "[red]与预设事实不符 not as planted[/]")
    return 0 if good else 1


def _show(outcome: Outcome, files: list[Path], player: Player) -> None:
    for name, count in outcome.counts.items():
        _console.print(f"  {name:<28} {count:>8,}")
    for file in files:
        _console.print(f"  文件 file  {file}")
    for difference in outcome.differences[:_DIFFERENCES_SHOWN]:
        _console.print(f"  {difference}")
    if player.missed:
        _console.print(f"  {len(player.missed):,} alerts were over before anybody took them on")
