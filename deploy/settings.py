"""Settings: one `hallwatch.toml` plus `HALLWATCH_*` in the environment, read once into frozen structs.

Every name is known: a misspelt section, key or variable is refused with its own name in the error.
Secrets do not print.
"""

import os
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


class StreamSettings(_Section, frozen=True, kw_only=True):
    """How the stream runs.

    `mark_seconds`: how often a live feed's horizon is marked; the longest that a due instant waits to be noticed.
    `snapshot_minutes` and `broker_megabytes`: when all rows are written down and the embedded broker is emptied.
    """

    partitions: int = 4
    mark_seconds: float = 0.5
    checkpoint_seconds: float = 0.25
    snapshot_minutes: float = 5.0
    broker_megabytes: int = 512


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
    """A setting is unknown or has a wrong value; the text names it."""


def read_settings(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file (default `hallwatch.toml`, if it is there) and the environment over it.

    `HALLWATCH_WEB__PORT=8601` sets `port` of section `web`.

    Raises:
        SettingsError: the file cannot be read, or a name or value is wrong.
    """
    environment = os.environ if environment is None else environment
    raw: dict[str, Any] = {}
    path = file or Path("hallwatch.toml")
    if file is not None or path.exists():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: {error}") from error
    for name, value in environment.items():
        if name.startswith(ENVIRONMENT_PREFIX) and name not in TEST_NAMES:
            _set(raw, name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"), value, name)
    try:
        return msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}") from error


def _set(raw: dict[str, Any], names: list[str], value: str, variable: str) -> None:
    section = raw
    for name in names[:-1]:
        section = section.setdefault(name, {})
        if not isinstance(section, dict):
            raise SettingsError(f"{variable}: {name} is a value, not a section")
    section[names[-1]] = value


def real_data() -> Path:
    """Where real logs lie that hallwatch is compared with (`HALLWATCH_TEST_DATA`, by default beside the project)."""
    return Path(os.environ.get("HALLWATCH_TEST_DATA", "../shared/data"))
