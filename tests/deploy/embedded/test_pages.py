"""What the pages are given of a real stack."""

import asyncio
from pathlib import Path

import msgspec

from dashboards.web_parts import Refusal, WebParts
from deploy.embedded.pages import Pages
from deploy.embedded.stack import Stack
from tests.deploy.embedded.stacks import FEED, MORNING_MS, accepted, clock_at, count, let_pass, stack_on

MINUTE_MS = 60_000


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
                    Refusal(0, "no hall 'nowhere' is in force; there are: pingliang", "case_no"),
                    Refusal(1, "'boston311' is no feed of hall 'pingliang'; it has: approvals", "feed"),
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
