import asyncio
from collections.abc import Callable

from alerting.channel import open_channels
from alerting.channels.console import CHANNEL
from streams.contracts.push import Push


def test_the_console_passes_every_check(passes_every_check: Callable[..., None]) -> None:
    passes_every_check("console", CHANNEL, {})


def test_the_console_is_always_on_and_has_always_told(make_push: Callable[..., Push]) -> None:
    session = open_channels({"console": CHANNEL}, {})["console"].session
    assert asyncio.run(session.send(make_push(), 0)).verdict == "sent"
