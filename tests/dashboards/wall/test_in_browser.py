"""The built wall in a real browser; skipped, saying so, without playwright, Chromium or the built front end."""

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from dashboards.wall.figures import FeedFigure, WallFigures
from dashboards.web_parts import WebParts
from streams.contracts.instants import to_ms

if TYPE_CHECKING:
    from tests.dashboards.conftest import Browser, Stack

STATIC = Path(__file__).parents[3] / "dashboards" / "static"

pytestmark = pytest.mark.browser


@pytest.fixture
def address(stack: "Stack", served: Callable[[WebParts], str]) -> str:
    return served(stack.parts(STATIC))


def seconds_of(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def test_the_wall_counts_down_to_the_due_instant_and_up_after_it(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str]
) -> None:
    began = time.monotonic()
    ticking = replace(stack.parts(STATIC), now_ms=lambda: stack.now_ms + round((time.monotonic() - began) * 1000))
    page = browser.page
    page.goto(f"{served(ticking)}/wall")
    over, left = page.locator(".due-rows li").nth(0), page.locator(".due-rows li").nth(1)
    left.wait_for()
    assert "食品经营许可" in over.inner_text()
    assert "超期" in over.inner_text()
    assert "超期" not in left.inner_text()
    over_before, left_before = (seconds_of(row.locator(".count").inner_text()) for row in (over, left))
    assert over_before >= 3723
    assert 3 <= left_before <= 5
    page.wait_for_timeout(2000)
    over_after, left_after = (seconds_of(row.locator(".count").inner_text()) for row in (over, left))
    assert 2 <= over_after - over_before <= 3
    assert 2 <= left_before - left_after <= 3
    page.locator(".due-rows li:nth-child(2).over").wait_for()
    assert "超期" in left.inner_text()


def test_the_count_of_a_case_whose_feed_has_stopped_stands_still_and_says_as_of_when(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str]
) -> None:
    stopped = datetime(2012, 3, 14, 4, 30, tzinfo=UTC)
    standing = msgspec.structs.replace(
        stack.figures.due[0], due_ms=to_ms(stopped) - 5_000, complete_until_ms=to_ms(stopped)
    )
    recent = msgspec.structs.replace(
        stack.figures.due[1], due_ms=stack.now_ms - 3_000, complete_until_ms=stack.now_ms - 3_600_000
    )
    stack.figures = msgspec.structs.replace(stack.figures, due=(standing, recent))
    began = time.monotonic()
    ticking = replace(stack.parts(STATIC), now_ms=lambda: stack.now_ms + round((time.monotonic() - began) * 1000))
    page = browser.page
    page.goto(f"{served(ticking)}/wall")
    over, coming = page.locator(".due-rows li").nth(0), page.locator(".due-rows li").nth(1)
    over.wait_for()
    clock = page.locator(".now .clock").inner_text()
    before = [row.locator(".left").inner_text().split() for row in (over, coming)]
    assert before == [
        ["00:00:05", "截至", "2012-03-14", "承诺", "超期"],
        ["00:59:57", "截至", "11:00", "法定"],
    ]
    page.wait_for_timeout(2000)
    assert page.locator(".now .clock").inner_text() != clock
    assert [row.locator(".left").inner_text().split() for row in (over, coming)] == before
    # The same grey as the small print, whatever the level.
    quiet = page.locator(".date").evaluate("part => getComputedStyle(part).color")
    assert over.locator(".left").evaluate("part => getComputedStyle(part).color") == quiet


def test_the_clock_is_the_hall_s_and_runs_as_fast_as_the_server_says(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str]
) -> None:
    figures = msgspec.structs.replace(stack.figures, due=())

    async def read_slowly(_hall: str) -> WallFigures:
        await asyncio.sleep(0.4)
        return figures

    stack.reading = read_slowly
    fast = replace(stack.parts(STATIC), speed=lambda: 60.0)
    browser.page.goto(f"{served(fast)}/wall")
    clock = browser.page.locator(".clock")
    clock.wait_for()
    # A frame comes about every 0.6 seconds and starts at noon again; a fast clock has gone on 36 seconds by then.
    seen = set()
    for _ in range(30):
        seen.add(seconds_of(clock.inner_text()) - 12 * 3600)
        browser.page.wait_for_timeout(30)
    assert min(seen) == 0
    assert 5 <= max(seen) <= 60
    assert "演示时钟 ×60" in browser.page.locator(".signs").inner_text()


def test_levels_are_told_by_word_and_shape_and_not_by_colour_alone(browser: "Browser", address: str) -> None:
    page = browser.page
    page.goto(f"{address}/wall")
    shapes = set()
    for name, word, count in (("red", "红牌", "1"), ("yellow", "黄牌", "2"), ("warn", "预警", "7")):
        tile = page.locator(f"[data-tile={name}] .face")
        tile.wait_for()
        assert word in tile.inner_text()
        assert tile.locator(".huge").inner_text() == count
        shapes.add(tile.locator("svg").inner_html())
    assert len(shapes) == 3


def test_a_tile_shows_its_meaning_on_its_back(browser: "Browser", address: str) -> None:
    tile = browser.page.locator("[data-tile=overdue]")
    browser.page.goto(f"{address}/wall")
    tile.click()
    assert tile.get_attribute("aria-pressed") == "true"
    assert "最后一刻办结不算超期" in tile.locator(".back").inner_text()
    tile.press("Enter")
    assert tile.get_attribute("aria-pressed") == "false"


def test_figures_that_are_old_look_old(browser: "Browser", stack: "Stack", address: str) -> None:
    tile = browser.page.locator("[data-tile=open]")
    browser.page.goto(f"{address}/wall")
    tile.wait_for()
    assert "stale" not in (tile.get_attribute("class") or "")
    stack.figures = msgspec.structs.replace(stack.figures, behind_ms=12_000)
    browser.page.locator("[data-tile=open].stale").wait_for()
    assert "秒未更新" in tile.inner_text()


def test_a_store_that_is_away_and_a_lost_line_are_said_and_both_heal_by_themselves(
    browser: "Browser", stack: "Stack", address: str
) -> None:
    banner = browser.page.locator(".banner")
    browser.page.goto(f"{address}/wall")
    browser.page.locator(".grid").wait_for()
    assert banner.count() == 0
    stack.store_up = False
    banner.wait_for()
    assert "数据库无响应" in banner.inner_text()
    stack.store_up = True
    banner.wait_for(state="detached")
    stack.stop.set()
    banner.wait_for()
    assert "正在重连" in banner.inner_text()
    stack.stop.clear()
    banner.wait_for(state="detached")


def test_a_wall_left_running_takes_a_new_front_end_by_itself(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str], tmp_path: Path
) -> None:
    static = tmp_path / "static"
    shutil.copytree(STATIC, static)
    loads: list[Any] = []
    browser.page.on("load", lambda page: loads.append(page))
    browser.page.goto(f"{served(stack.parts(static))}/wall")
    browser.page.locator(".grid").wait_for()
    (static / ".stamp").write_text("another")
    with browser.page.expect_event("load"):
        stack.stop.set()
        browser.page.locator(".banner").wait_for()
        stack.stop.clear()
    browser.page.locator(".grid").wait_for()
    browser.page.wait_for_timeout(500)
    assert len(loads) == 2


@pytest.mark.parametrize(
    ("ago_ms", "silent", "told"),
    [
        (1_000, False, "数据源正常"),
        (3_600_000, False, "数据截至 2026-11-23 11:00"),
        (1_000, True, "数据源静默 hall"),
        (None, False, "数据源尚无数据"),
    ],
)
def test_the_feeds_say_up_to_when_they_are_complete(
    browser: "Browser", stack: "Stack", address: str, ago_ms: int | None, silent: bool, told: str
) -> None:
    horizon_ms = None if ago_ms is None else stack.now_ms - ago_ms
    feeds = (FeedFigure(feed="hall", horizon_ms=horizon_ms, silent=silent),)
    stack.figures = msgspec.structs.replace(stack.figures, feeds=feeds)
    browser.page.goto(f"{address}/wall")
    sign = browser.page.locator(".sign")
    sign.wait_for()
    assert sign.inner_text() == told


def test_an_empty_wall_says_so_in_the_middle_of_its_tiles(browser: "Browser", stack: "Stack", address: str) -> None:
    stack.figures = msgspec.structs.replace(stack.figures, due=(), alerts=(), orgs=())
    browser.page.goto(f"{address}/wall")
    browser.page.locator(".nothing").first.wait_for()
    for name in ("due", "alerts", "orgs"):
        tile = browser.page.locator(f"[data-tile={name}]").bounding_box()
        words = browser.page.locator(f"[data-tile={name}] .nothing").bounding_box()
        off = words["y"] + words["height"] / 2 - (tile["y"] + tile["height"] / 2)
        assert abs(off) < tile["height"] / 10


def test_a_new_alert_comes_to_the_top(browser: "Browser", stack: "Stack", address: str) -> None:
    first = browser.page.locator(".alert-rows li").first
    browser.page.goto(f"{address}/wall")
    first.wait_for()
    newest = msgspec.structs.replace(stack.figures.alerts[0], alert_id="a2", case_no="pl/77", level="red")
    stack.figures = msgspec.structs.replace(stack.figures, alerts=(newest, *stack.figures.alerts))
    browser.page.locator(".alert-rows li", has_text="红牌").wait_for()
    assert "77" in first.inner_text()


def test_no_line_runs_over_another_while_lines_change_on_a_fast_clock(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str]
) -> None:
    fast = replace(stack.parts(STATIC), speed=lambda: 300.0)
    browser.page.goto(f"{served(fast)}/wall")
    browser.page.locator(".due-rows li").nth(1).wait_for()
    first, second = stack.figures.due
    sooner = msgspec.structs.replace(second, case_no="pl/3", due_ms=second.due_ms - 1_000)
    stack.figures = msgspec.structs.replace(stack.figures, due=(first, sooner, second))
    apart = browser.page.evaluate(
        """() => new Promise((done) => { const seen = []; const look = () => {
            const boxes = [...document.querySelectorAll('.due-rows li')].map((row) => row.getBoundingClientRect());
            seen.push(boxes.every((box, number) => !number || boxes[number - 1].bottom <= box.top + 1));
            const three = boxes.length === 3 ? (look.since ??= performance.now()) : performance.now();
            performance.now() - three > 700 ? done(seen) : requestAnimationFrame(look); };
        look(); })"""
    )
    assert all(apart)


@pytest.mark.parametrize(
    ("width", "height", "query", "factor"),
    [
        (1920, 1080, "", 0),
        (1920, 1080, "", 1),
        (1920, 1080, "", 1_000),
        (1920, 1080, "?lang=en", 1_000),
        (3840, 2160, "", 1_000),
        (1366, 768, "?lang=en", 1_000),
        (1080, 1920, "", 1_000),
    ],
)
def test_the_wall_fits_its_screen_and_cuts_nothing(
    browser: "Browser", stack: "Stack", address: str, width: int, height: int, query: str, factor: int
) -> None:
    many = {name: getattr(stack.figures, name) * factor for name in ("open_cases", "accepted_today", "finished_today")}
    levels = {level: count * factor for level, count in stack.figures.levels.items()}
    lines = tuple(
        msgspec.structs.replace(
            stack.figures.due[0],
            case_no=f"pl/2026-{number:08}",
            clock="special_procedure",
            provisional=True,
            due_ms=stack.now_ms - 10**10,
            level="red" if number % 2 else "yellow",
        )
        for number in range(10 * bool(factor))
    )
    old = tuple(msgspec.structs.replace(line, complete_until_ms=stack.now_ms - 10**9) for line in lines[::2])
    stack.figures = msgspec.structs.replace(stack.figures, levels=levels, due=(*old, *lines[1::2]), **many)
    browser.page.set_viewport_size({"width": width, "height": height})
    browser.page.goto(f"{address}/wall{query}")
    browser.page.locator(".grid").wait_for()
    cut = browser.page.evaluate(
        """() => { const tileHead = (part) => part.closest('.face').querySelector('h2').getBoundingClientRect();
        const parts = 'li, .huge, .big, .left, h1 small, .left small *, .tile-head h2, .tile-age, .clock';
        return [...document.querySelectorAll(parts)].filter((part) => {
            const box = part.getBoundingClientRect();
            const tile = (part.closest('.face') ?? document.body).getBoundingClientRect();
            return box.left < tile.left - 1 || box.top < tile.top - 1
                || box.right > tile.right + 1 || box.bottom > tile.bottom + 1
                || part.matches('.big') && tileHead(part).right > box.left
                || part.matches('h1 small, .left') && part.scrollWidth > part.clientWidth;
        }).map((part) => part.textContent); }"""
    )
    assert cut == []


@pytest.mark.parametrize(
    ("halls", "query", "said"),
    [((), "", "尚无生效的大厅台账"), (("pl",), "?hall=nowhere", "没有这个大厅： nowhere")],
)
def test_a_hall_that_is_not_there_is_no_lost_line(
    browser: "Browser",
    stack: "Stack",
    served: Callable[[WebParts], str],
    halls: tuple[str, ...],
    query: str,
    said: str,
) -> None:
    in_force = [*halls]
    page = browser.page
    page.goto(f"{served(replace(stack.parts(STATIC), halls=lambda: in_force))}/wall{query}")
    page.get_by_text(said).wait_for()
    assert page.locator(".banner").count() == 0
    in_force.append("nowhere")
    page.locator(".grid").wait_for()


def test_each_hall_has_a_wall_of_its_own(browser: "Browser", address: str) -> None:
    for query, name in (("", "平凉市政务大厅"), ("?hall=pl", "平凉市政务大厅"), ("?hall=kt", "kt")):
        browser.page.goto(f"{address}/wall{query}")
        browser.page.locator(".grid").wait_for()
        assert browser.page.locator("h1").inner_text().startswith(name)


def test_english_is_there_too(browser: "Browser", address: str) -> None:
    browser.page.goto(f"{address}/wall?lang=en")
    browser.page.locator(".grid").wait_for()
    shown = browser.page.locator(".wall").inner_text()
    assert "Over and due next" in shown
    assert "org pl amr" in shown
