"""What a push channel is: settings of its own, and a session that sends; and how channels are opened at the start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from streams.contracts.push import Push


class Verdict(NamedTuple):
    """What a channel says of one attempt: sent, failed (worth another try) or dead (never will be); and why."""

    verdict: Literal["sent", "failed", "dead"]
    detail: str = ""


class Session(Protocol):
    """A channel with its settings, ready to send."""

    async def send(self, push: Push, now_ms: int) -> Verdict:
        """Send once. `push_id` is the same at every attempt: whoever receives can tell a repeat by it.

        Whatever goes wrong outside is a verdict, never an exception.
        """

    async def close(self) -> None:
        """Let go of connections."""


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one channel, in the channel's own file. The fields named in `secret` are never printed."""

    secret: ClassVar[frozenset[str]] = frozenset()

    def __repr__(self) -> str:
        """Everything but what is secret."""
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in self.secret)
        return f"{type(self).__name__}({', '.join(shown)})"

    def __rich_repr__(self) -> Any:
        """The same for terminals."""
        return ((name, getattr(self, name)) for name in self.__struct_fields__ if name not in self.secret)


class NoSettings(ChannelSettings, frozen=True, kw_only=True):
    """For a channel that needs none and is always on."""


Settings = TypeVar("Settings", bound=ChannelSettings)


@dataclass(frozen=True, kw_only=True)
class Channel(Generic[Settings]):
    """A part: one way to reach people.

    A channel is off without settings, unless `is_always_on`. `timeout_seconds` bounds one attempt, `at_once` how many
    run at the same time.
    """

    title_zh: str
    title_en: str
    settings_type: type[Settings]
    open: Callable[[Settings], Session]
    is_always_on: bool = False
    timeout_seconds: float = 15.0
    at_once: int = 4


@dataclass(frozen=True)
class OpenChannel:
    """A channel that is on."""

    name: str
    session: Session
    timeout_seconds: float
    at_once: int
    settings: ChannelSettings = field(default_factory=NoSettings)


class ChannelSettingsError(ValueError):
    """Settings of a channel are unknown, missing or wrong; the text names the channel and the field, never a value."""


def open_channels(
    channels: Mapping[str, Channel[Any]], settings: Mapping[str, Mapping[str, Any]]
) -> dict[str, OpenChannel]:
    """Open every channel that is on; `settings` holds one table a channel.

    Raises:
        ChannelSettingsError: there is no such channel, or its settings are half set or wrong.
    """
    unknown = sorted(set(settings) - set(channels))
    if unknown:
        raise ChannelSettingsError(f"channels.{unknown[0]}: there is no such channel, only {', '.join(channels)}")
    opened = {}
    for name, channel in channels.items():
        if channel.is_always_on or name in settings:
            read = _read(name, channel, settings.get(name, {}))
            session = channel.open(read)
            opened[name] = OpenChannel(name, session, channel.timeout_seconds, channel.at_once, read)
    return opened


def _read(name: str, channel: Channel[Settings], given: Mapping[str, Any]) -> Settings:
    try:
        return msgspec.convert(dict(given), channel.settings_type, strict=False)
    except msgspec.ValidationError as error:
        raise ChannelSettingsError(f"channels.{name}: {error}") from None
