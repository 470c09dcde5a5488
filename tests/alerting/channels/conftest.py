"""The checks that every channel passes; a channel's test asks for `passes_every_check` and gives its own settings."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from alerting.channel import Channel, OpenChannel, Verdict, open_channels
from streams.contracts.push import Push


@pytest.fixture
def passes_every_check(make_push: Callable[..., Push]) -> Callable[..., None]:
    def check(name: str, channel: Channel[Any], given: Mapping[str, Any]) -> None:
        _names_are_in_both_languages(channel)
        _settings_are_strict_and_secret(name, channel, given)
        _a_push_gets_a_verdict(name, channel, given, make_push())

    return check


def _names_are_in_both_languages(channel: Channel[Any]) -> None:
    assert channel.title_en.isascii()
    assert channel.title_zh
    assert not channel.title_zh.isascii()
    assert 0 < channel.timeout_seconds < 60, "delivery asks again after minutes: an attempt must be over by then"
    assert channel.at_once >= 1


def _settings_are_strict_and_secret(name: str, channel: Channel[Any], given: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"channels.{name}"):
        open_channels({name: channel}, {name: {**given, "misspelt": 1}})
    for field in channel.settings_type.__struct_fields__:
        assert field not in channel.settings_type.secret or str(given[field]) not in repr(_open(name, channel, given))
    assert (name in open_channels({name: channel}, {})) is channel.is_always_on


def _a_push_gets_a_verdict(name: str, channel: Channel[Any], given: Mapping[str, Any], push: Push) -> None:
    async def send() -> Verdict:
        opened = _open(name, channel, given)
        try:
            return await opened.session.send(push, 1_000)
        finally:
            await opened.session.close()

    verdict = asyncio.run(send())
    assert verdict.verdict in ("sent", "failed", "dead")
    assert len(verdict.detail) <= 300


def _open(name: str, channel: Channel[Any], given: Mapping[str, Any]) -> OpenChannel:
    return open_channels({name: channel}, {name: given})[name]
