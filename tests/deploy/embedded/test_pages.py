"""What the pages are given of a real stack."""

import asyncio
import time
from pathlib import Path

import httpx
import msgspec
import pytest

from dashboards.web_parts import Refusal, WebParts
from deploy.client import StackClient
from deploy.embedded.pages import Pages
from deploy.embedded.stack import Stack
from streams.contracts.alert import Acknowledge, ConfirmWithdrawal
from streams.contracts.case_event import Suspended
from streams.contracts.codec import encode
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from tests.deploy.embedded.stacks import FEED, MORNING_MS, accepted, clock_at, count, let_pass, stack_on
from tests.deploy.running_hall import RunningHall

MINUTE_MS = 60_000
_DAY_MS = 86_400_000


def parts_of(stack: Stack) -> tuple[Pages, WebParts]:
    pages = Pages(stack, lambda: 1.0)
    return pages, pages.parts(asyncio.Event(), "token")


def test_an_event_that_could_never_be_judged_is_refused_and_an_unknown_item_is_found_and_told(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            pages, parts = parts_of(stack)
            try:
                refused = await parts.accept(
                    [
                        msgspec.structs.replace(accepted(1), case_no="nowhere/1"),
                        msgspec.structs.replace(accepted(2), feed="boston311"),
                        msgspec.structs.replace(accepted(3), item="X-9"),
                    ]
                )
                assert refused == [
                    Refusal(
                        0,
                        "no hall 'nowhere' is in force; there are: pingliang",
                        "case_no",
                        "大厅 nowhere 未生效；已生效的有：pingliang",
                    ),
                    Refusal(
                        1,
                        "'boston311' is no feed of hall 'pingliang'; it has: approvals",
                        "feed",
                        "boston311 不是大厅 pingliang 的数据源；它有：approvals",
                    ),
                ]
                await let_pass(stack, clock, MORNING_MS + MINUTE_MS)
                assert await stack.drained()
                assert count(stack.store, "cases FINAL") == 1
                assert count(stack.store, "findings FINAL WHERE rule = 'REG-01' AND subject = 'pingliang/3'") == 1
                assert (await parts.figures("pingliang")).levels["notice"] == 1
                explained = await parts.explain("pingliang/3", "en", None, None)
                assert explained is not None
                assert explained.item == "X-9 (not in the register of items: its limits are unknown)"
                assert [finding.rule for finding in explained.findings] == ["REG-01"]
                assert (await parts.status())["feeds"] == {"pingliang": (FEED,)}
            finally:
                pages.close()

    asyncio.run(story())


def test_the_wall_names_a_feed_silent_that_has_never_spoken_and_again_when_it_falls_silent(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            pages, parts = parts_of(stack)

            async def is_silent() -> bool:
                (feed,) = (await parts.figures("pingliang")).feeds
                return feed.silent

            try:
                assert await is_silent()
                await parts.accept([accepted(1)])
                assert not await is_silent()
                clock.jump(MORNING_MS + MINUTE_MS + 5_000)
                assert not await is_silent()
                clock.jump(MORNING_MS + MINUTE_MS + 5_001)
                assert await is_silent()
                await let_pass(stack, clock, MORNING_MS + 10 * MINUTE_MS)
                assert not await is_silent(), "its reader said that it is complete until now"
            finally:
                pages.close()

    asyncio.run(story())


def _overdue(hall: RunningHall, client: StackClient, number: int) -> str:
    """The alert of a case that was accepted ten days ago and had to be done within half an hour."""
    now_ms = client.get("/api/status")["now_ms"]
    client.post("/api/intake/events", encode(accepted(number, now_ms - 10 * _DAY_MS)))
    client.post("/api/intake/marks", encode(HorizonMark(feed=FEED, horizon_at=from_ms(now_ms))))
    hall.settle()
    alerts = client.get("/api/alerts", hall="pingliang", limit="500")
    return next(str(alert["alert_id"]) for alert in alerts if alert["subject"] == f"pingliang/{number}")


def test_a_person_takes_an_alert_on_over_http(hall: RunningHall) -> None:
    with hall.client() as client:
        alert_id = _overdue(hall, client, 720)
        given_at = from_ms(client.get("/api/status")["now_ms"])
        command = Acknowledge(command_id="c720", alert_id=alert_id, person="C11-1", given_at=given_at, why="on it")
        assert client.post("/api/commands", encode(command)).json() == {"command_id": "c720"}
        hall.settle()
        alerts = client.get("/api/alerts", hall="pingliang", limit="500")
        (mine,) = (alert for alert in alerts if alert["alert_id"] == alert_id)
        assert (mine["state"], mine["acknowledged_by"]) == ("acknowledged", "C11-1")


def test_a_command_on_an_alert_that_is_not_there_is_refused(hall: RunningHall) -> None:
    command = Acknowledge(command_id="c", alert_id="none", person="C11-1", given_at=from_ms(0))
    with hall.client() as client, pytest.raises(UnreadableError) as refused:
        client.post("/api/commands", encode(command))
    assert (refused.value.field, refused.value.reason) == ("alert_id", "there is no alert 'none'")


def test_of_a_batch_what_means_something_is_taken_and_the_rest_named_by_line(hall: RunningHall) -> None:
    with hall.client() as client:
        now_ms = client.get("/api/status")["now_ms"]
        tomorrow = msgspec.structs.replace(accepted(722), occurred_at=from_ms(now_ms + 30 * _DAY_MS))
        lines = [encode(accepted(721, now_ms - _DAY_MS)), b"{torn", encode(tomorrow)]
        answer = client.post("/api/intake/events", b"\n".join(lines)).json()
    assert (answer["accepted"], answer["dead"]) == (1, 2)
    assert [(one["line"], one["field"]) for one in answer["refused"]] == [(2, ""), (3, "occurred_at")]


def test_halls_status_and_marks_say_what_is_in_force(hall: RunningHall) -> None:
    with hall.client() as client:
        halls = {one["hall"]: (one["name"]["en"], one["zone"]) for one in client.get("/api/halls")}
        assert halls["boston"] == ("City of Boston 311", "America/New_York")
        assert halls["pingliang"][1] == "Asia/Shanghai"
        status = client.get("/api/status")
        assert (status["live"], status["store_up"], status["halls"]) == (True, True, ["boston", "pingliang"])
        assert {one["hall"] for one in status["calendars"]} == {"boston", "pingliang"}
        versions = msgspec.json.encode(client.get("/api/marks"))
        assert status["registry"].encode() in versions


def test_a_registry_that_is_not_there_is_refused(hall: RunningHall) -> None:
    with hall.client() as client, pytest.raises(UnreadableError, match="no hall 'atlantis'"):
        client.post("/api/registry", b"atlantis")


def test_the_wall_shows_the_figures_of_a_hall_at_once(hall: RunningHall) -> None:
    address = hall.running.address
    assert "<html" in httpx.get(f"{address}/wall", timeout=60).text
    with hall.client() as client:
        _overdue(hall, client, 723)
    end = time.monotonic() + 60
    with httpx.stream("GET", f"{address}/api/wall/stream", params={"hall": "pingliang"}, timeout=60) as stream:
        for line in stream.iter_lines():
            assert time.monotonic() < end
            if line.startswith("data:"):
                assert "pingliang" in line
                return


def test_a_supervisor_confirms_a_proposed_withdrawal_once(tmp_path: Path) -> None:
    proposed = "SELECT finding_id FROM findings FINAL WHERE withdrawal = 'proposed'"
    latest = "SELECT state, withdrawal FROM findings FINAL WHERE finding_id = {id:String}"

    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            pages, parts = parts_of(stack)
            try:
                await parts.accept([accepted(1)])
                await let_pass(stack, clock, MORNING_MS + 40 * MINUTE_MS)
                late = Suspended(
                    event_id="s", feed=FEED, case_no="pingliang/1", occurred_at=from_ms(MORNING_MS + MINUTE_MS),
                    ground="鉴定", announced_days=5,
                )  # fmt: skip
                await parts.accept([late])
                assert await stack.drained()
                ((finding,),) = stack.store.query(proposed).rows
                command = ConfirmWithdrawal(
                    command_id="c", alert_id=finding, person="李主任", given_at=from_ms(clock()), why="鉴定通知书迟报"
                )
                await parts.command(command)
                assert await stack.drained()
                assert stack.store.query(latest, {"id": finding}).rows == [("withdrawn", "confirmed")]
                assert count(stack.store, "commands FINAL WHERE person = '李主任'") == 1
                with pytest.raises(UnreadableError, match="is proposed"):
                    await parts.command(command)
            finally:
                pages.close()

    asyncio.run(story())
