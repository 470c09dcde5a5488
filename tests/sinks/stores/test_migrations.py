import re

import pytest

from sinks.stores.migrations import Migration, migrate, migrations


class Ledger:
    """A store that remembers what was run."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.known: list[tuple[str, str]] = []

    def migrate(self, *wanted: Migration) -> list[str]:
        return migrate(self.ran.append, lambda _: self.known, lambda *row: self.known.append(row), list(wanted))


FIRST = Migration("0001_a.sql", "h1", ("CREATE A", "CREATE B"))
SECOND = Migration("0002_b.sql", "h2", ("ALTER A",))


def test_each_migration_runs_once_and_in_order() -> None:
    store = Ledger()
    assert store.migrate(FIRST) == ["0001_a.sql"]
    assert store.migrate(FIRST, SECOND) == ["0002_b.sql"]
    assert [statement for statement in store.ran if "schema_migrations" not in statement] == [
        "CREATE A",
        "CREATE B",
        "ALTER A",
    ]


def test_a_migration_that_was_changed_after_it_ran_is_refused() -> None:
    store = Ledger()
    store.migrate(FIRST)
    with pytest.raises(ValueError, match=r"0001_a\.sql was changed"):
        store.migrate(FIRST._replace(content_hash="other"))


def test_a_migration_cut_short_is_run_again() -> None:
    class AwayError(Exception):
        pass

    def fail(statement: str) -> None:
        if statement == "CREATE B":
            raise AwayError

    store = Ledger()
    with pytest.raises(AwayError):
        migrate(fail, lambda _: store.known, lambda *row: store.known.append(row), [FIRST])
    assert store.known == []
    assert store.migrate(FIRST) == ["0001_a.sql"]


def test_the_shipped_migrations_are_numbered_without_a_gap_and_can_be_run_again() -> None:
    found = migrations()
    assert [int(re.match(r"(\d{4})_[a-z0-9_]+\.sql$", migration.name)[1]) for migration in found] == list(  # type: ignore[index]
        range(1, len(found) + 1)
    )
    for migration in found:
        for statement in migration.statements:
            assert re.match(r"(CREATE TABLE IF NOT EXISTS|ALTER TABLE \w+\s+(ADD|DROP) COLUMN IF)", statement), (
                statement
            )
            assert not statement.endswith(";")
            assert "--" not in statement
