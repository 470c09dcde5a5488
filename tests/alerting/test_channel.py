from typing import Any, ClassVar

import pytest

from alerting.channel import Channel, ChannelSettings, ChannelSettingsError, NoSettings, Verdict, open_channels
from streams.contracts.push import Push


class PagerSettings(ChannelSettings, frozen=True, kw_only=True):
    secret: ClassVar[frozenset[str]] = frozenset({"password"})

    number: int
    password: str


class Pager:
    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings

    async def send(self, push: Push, now_ms: int) -> Verdict:
        return Verdict("sent")

    async def close(self) -> None:
        return None


CHANNELS: dict[str, Channel[Any]] = {
    "pager": Channel(title_zh="寻呼", title_en="Pager", settings_type=PagerSettings, open=Pager, timeout_seconds=3),
    "bell": Channel(title_zh="铃", title_en="Bell", settings_type=NoSettings, open=Pager, is_always_on=True),
}


def test_a_channel_without_settings_is_off_unless_it_is_always_on() -> None:
    assert list(open_channels(CHANNELS, {})) == ["bell"]


def test_a_channel_with_settings_is_on_and_has_them() -> None:
    pager = open_channels(CHANNELS, {"pager": {"number": "7", "password": "hush"}})["pager"]
    assert (pager.name, pager.timeout_seconds) == ("pager", 3)
    assert pager.settings == PagerSettings(number=7, password="hush")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"pager": {"number": 7}}, "channels.pager: .*`password`"),
        ({"pager": {}}, "channels.pager: .*`number`"),
        ({"pager": {"number": 7, "password": "hush", "colour": "red"}}, "channels.pager: .*`colour`"),
        ({"bell": {"loud": 1}}, "channels.bell: .*`loud`"),
        ({"pagr": {"number": 7}}, "channels.pagr: there is no such channel, only pager, bell"),
    ],
)
def test_half_set_and_unknown_settings_are_refused_and_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ChannelSettingsError, match=named):
        open_channels(CHANNELS, given)


def test_a_refusal_does_not_tell_the_values() -> None:
    with pytest.raises(ChannelSettingsError) as refused:
        open_channels(CHANNELS, {"pager": {"number": "hush-hush", "password": "hush"}})
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_secrets_are_not_printed() -> None:
    settings = PagerSettings(number=7, password="hush")
    assert repr(settings) == "PagerSettings(number=7)"
    assert list(settings.__rich_repr__()) == [("number", 7)]
    assert "hush" not in repr(open_channels(CHANNELS, {"pager": {"number": 7, "password": "hush"}}))
