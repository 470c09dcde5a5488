"""Settings: one `hallwatch.toml` plus `HALLWATCH_*` in the environment, read once into frozen structs.

Every name is known: a misspelt section, key or variable is refused with its own name in the error.
Secrets do not print.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

ENVIRONMENT_PREFIX = "HALLWATCH_"
TEST_NAMES = frozenset({"HALLWATCH_TEST_DATA", "HALLWATCH_SKIP_WEB"})
"""Names of the environment that the tests and the package build read; not settings."""


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of the settings file."""


class WebSettings(_Section, frozen=True, kw_only=True):
    """Where the pages are served. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8600


_Seconds = Annotated[float, msgspec.Meta(gt=0)]
_Count = Annotated[int, msgspec.Meta(ge=1)]


class StreamSettings(_Section, frozen=True, kw_only=True):
    """How the stream runs; docs/operations.md says when to turn which.

    `mark_seconds`: how often a live feed's horizon is marked; the longest that a due instant waits to be noticed.
    `checkpoint_seconds`: between checkpoints, `behind_seconds` the same while far behind. `tick_seconds`: how often
    wakes without a feed are looked for. `fetch_max_wait_ms`: how long a broker may hold an empty fetch.
    `patience_seconds`: how long work that is there may stand still before the worker ends and says where.
    `hot_max`: how many subjects of a partition are kept decoded. `lead_hours`: how far an event may lie ahead of its
    arrival.
    `snapshot_minutes` and `broker_megabytes`: when all rows are written down and the embedded broker is emptied.
    """

    partitions: _Count = 4
    mark_seconds: _Seconds = 0.5
    checkpoint_seconds: _Seconds = 0.25
    behind_seconds: _Seconds = 1.0
    tick_seconds: _Seconds = 0.1
    fetch_max_wait_ms: _Count = 50
    patience_seconds: Annotated[float, msgspec.Meta(ge=1)] = 30.0
    hot_max: _Count = 100_000
    lead_hours: _Seconds = 24.0
    snapshot_minutes: _Seconds = 5.0
    broker_megabytes: _Count = 512


class ServerSettings(_Section, frozen=True, kw_only=True):
    """A Kafka of one's own, for `hallwatch run`; the embedded stack does not look here.

    `brokers`: host:port, several with commas. `replication`: of the topics that are made. `session_seconds`: silence
    after which a worker's partitions go to others; Kafka refuses less than its `group.min.session.timeout.ms`, which
    is 6 seconds unless somebody has set it otherwise.
    """

    brokers: str = ""
    replication: _Count = 1
    session_seconds: Annotated[float, msgspec.Meta(ge=6)] = 10.0

    def __post_init__(self) -> None:
        """Refuse addresses that are none; an IPv6 host stands in brackets."""
        for broker in self.brokers.split(",") if self.brokers else ():
            if not re.fullmatch(r"([^\s:]+|\[[0-9a-fA-F:]+\]):\d+", broker):
                raise ValueError(f"brokers: {broker!r} is not host:port")


class StoreSettings(_Section, frozen=True, kw_only=True):
    """Which store keeps the facts: `chdb` inside this process, or a ClickHouse server."""

    kind: Literal["chdb", "clickhouse"] = "chdb"
    host: str = "127.0.0.1"
    port: int = 9000
    database: str = "hallwatch"
    user: str = "default"
    password: str = ""

    def __repr__(self) -> str:
        """Everything but the password."""
        return f"StoreSettings({self.kind}, {self.host}:{self.port}/{self.database})"


class CasesSettings(_Section, frozen=True, kw_only=True):
    """How much of a case is kept at hand.

    `events_max`: beyond so many events of a case the older half is no longer judged again. `retain_closed_days`: so
    long after its end a closed case is kept whole; then only a stub of it, and the store has the rest.
    """

    events_max: Annotated[int, msgspec.Meta(ge=2)] = 512
    retain_closed_days: Annotated[int, msgspec.Meta(ge=1)] = 400


class TellingSettings(_Section, frozen=True, kw_only=True):
    """How telling people goes on. `answer_seconds`: how long an attempt may stay without an answer (product clock)."""

    answer_seconds: int = 300


class Settings(_Section, frozen=True, kw_only=True):
    """Everything that can be set. `channels` holds one table a channel, read by the channel's own file."""

    data: str = "data"
    web: WebSettings = WebSettings()
    stream: StreamSettings = StreamSettings()
    server: ServerSettings = ServerSettings()
    store: StoreSettings = StoreSettings()
    cases: CasesSettings = CasesSettings()
    telling: TellingSettings = TellingSettings()
    channels: dict[str, dict[str, Any]] = {}

    def with_port(self, port: int) -> "Settings":
        """The same settings with the pages at another port."""
        return msgspec.structs.replace(self, web=msgspec.structs.replace(self.web, port=port))

    def __repr__(self) -> str:
        """Everything but what channels keep secret."""
        return f"Settings({self.data!r}, {self.web}, {self.stream}, {self.store}, channels={sorted(self.channels)})"


class SettingsError(Exception):
    """A setting is unknown or has a wrong value; the text names it, and the line or the variable it comes from."""


def read_settings(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file (default `hallwatch.toml`, if it is there) and the environment over it.

    `HALLWATCH_WEB__PORT=8601` sets `port` of section `web`.

    Raises:
        SettingsError: the file cannot be read, or a name or value is wrong.
    """
    environment = os.environ if environment is None else environment
    raw: dict[str, Any] = {}
    path, text = file or Path("hallwatch.toml"), ""
    if file is not None or path.exists():
        try:
            text = path.read_text(encoding="utf-8")
            raw = tomllib.loads(text)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: {error}") from error
    variables = {
        tuple(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")): name
        for name in environment
        if name.startswith(ENVIRONMENT_PREFIX) and name not in TEST_NAMES
    }
    for names, variable in variables.items():
        _set(raw, names, environment[variable], variable)
    try:
        return msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        names = _named(str(error))
        line = _line_of(text, names)
        place = variables.get(names) or (f"{path}, line {line}" if line else str(path))
        raise SettingsError(f"{place}: {error}") from error


def _set(raw: dict[str, Any], names: tuple[str, ...], value: str, variable: str) -> None:
    section = raw
    for name in names[:-1]:
        section = section.setdefault(name, {})
        if not isinstance(section, dict):
            raise SettingsError(f"{variable}: {name} is a value, not a section")
    section[names[-1]] = value


def _named(error: str) -> tuple[str, ...]:
    """The setting that a message of msgspec is about, section first."""
    found = re.search(r"at `\$\.([^`]+)`", error)
    unknown = re.search(r"unknown field `([^`]+)`", error)
    return (*(found[1].split(".") if found else ()), *([unknown[1]] if unknown else ()))


def _line_of(text: str, names: tuple[str, ...]) -> int:
    """The line of a settings file where a setting or a section stands; 0 where it cannot be told."""
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([\w.]+)\]", line):
            section = tuple(header[1].split("."))
        key = re.match(r"\s*(\w+)\s*=", line)
        if names and names == ((*section, key[1]) if key else section):
            return number
    return 0


def real_data() -> Path:
    """Where real logs lie that hallwatch is compared with (`HALLWATCH_TEST_DATA`, by default beside the project)."""
    return Path(os.environ.get("HALLWATCH_TEST_DATA", "../shared/data"))
