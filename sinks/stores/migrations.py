"""The schema's numbered migrations: each runs once, in order, forward only; the same SQL on every store."""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
  name String, content_hash String, ran_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = ReplacingMergeTree ORDER BY name
"""


class Migration(NamedTuple):
    """One file of sinks/schema: its name and its statements."""

    name: str
    content_hash: str
    statements: tuple[str, ...]


def migrations() -> list[Migration]:
    """Every migration, in order of its number."""
    found = [entry for entry in files("sinks").joinpath("schema").iterdir() if entry.name.endswith(".sql")]
    return [_read(entry.name, entry.read_text(encoding="utf-8")) for entry in sorted(found, key=lambda e: e.name)]


def migrate(
    run: Callable[[str], object],
    ask: Callable[[str], list[tuple[str, str]]],
    record: Callable[[str, str], object],
    wanted: list[Migration],
) -> list[str]:
    """Run what has not run yet; returns the names.

    Statements create only what is absent, so a migration that was cut short is simply run again.

    Raises:
        ValueError: a migration that has run was changed afterwards; the remedy is a new one.
    """
    run(_TABLE)
    known = dict(ask("SELECT name, content_hash FROM schema_migrations FINAL"))
    ran: list[str] = []
    for migration in wanted:
        if (before := known.get(migration.name)) is not None:
            if before != migration.content_hash:
                raise ValueError(f"{migration.name} was changed after it ran: write a new migration instead")
            continue
        for statement in migration.statements:
            run(statement)
        record(migration.name, migration.content_hash)
        ran.append(migration.name)
    return ran


def _read(name: str, text: str) -> Migration:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("--")]
    statements = [part.strip() for part in "\n".join(lines).split(";\n")]
    whole = tuple(part.rstrip(";") for part in statements if part.strip(";"))
    return Migration(name, hashlib.sha256("\n".join(lines).encode()).hexdigest(), whole)
