"""One suite for every store: what passes here may stand behind the Store protocol."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from streams.contracts.errors import UnavailableError
from streams.contracts.store import Store

SHANGHAI = timezone(timedelta(hours=8))


def command(number: int, why: str = "", version: int = 1) -> dict[str, list[object]]:
    at = datetime(2024, 3, 1, 9, 30, tzinfo=SHANGHAI)
    return {
        "command_id": [f"c{number}"],
        "kind": ["command.acknowledge"],
        "alert_id": ["a"],
        "person": ["王"],
        "given_at": [at],
        "why": [why],
        "body": ["{}"],
        "version": [version],
        "known_at": [at],
    }


def test_a_migration_runs_once(open_store: Callable[[str], Store], database: str) -> None:
    store = open_store(database)
    names = ["0001_facts.sql", "0002_steps_and_withdrawals.sql", "0003_late_events.sql", "0004_who_is_scored.sql"]
    assert store.migrate() == names
    assert store.migrate() == []
    assert open_store(database).migrate() == []


def test_what_was_written_is_there_for_another_thread_and_after_opening_again(
    open_store: Callable[[str], Store], database: str
) -> None:
    store = open_store(database)
    store.migrate()
    store.insert("commands", command(1))
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(store.query, "SELECT count() FROM commands").result().rows == [(1,)]
    store.close()
    assert open_store(database).query("SELECT command_id FROM commands").rows == [("c1",)]


def test_a_repeated_row_collapses_and_the_higher_version_stays(store: Store) -> None:
    for version in (1, 3, 2, 3):
        store.insert("commands", command(1, f"why {version}", version))
        store.insert("commands_history", command(1, f"why {version}", version))
    assert store.query("SELECT why FROM commands FINAL").rows == [("why 3",)]
    assert store.query("SELECT why FROM commands_history FINAL ORDER BY version").rows == [
        ("why 1",),
        ("why 2",),
        ("why 3",),
    ]


@pytest.mark.parametrize("rows", [1, 4_999, 5_000, 120_000])
def test_few_rows_and_many_arrive_whole(store: Store, rows: int) -> None:
    columns = {name: values * rows for name, values in command(1).items()}
    columns["command_id"] = [f"c{number}" for number in range(rows)]
    columns["why"] = [f"因为 {number}\n" for number in range(rows)]
    store.insert("commands", columns)
    assert store.query(
        "SELECT count(), uniqExact(command_id), countIf(why = concat('因为 ', substring(command_id, 2), '\n')) "
        "FROM commands"
    ).rows == [(rows, rows, rows)]


def test_instants_come_back_aware_and_right_to_the_millisecond(store: Store) -> None:
    row = command(1)
    row["given_at"] = [datetime(2024, 3, 1, 9, 30, 0, 123999, tzinfo=SHANGHAI)]
    store.insert("commands", row)
    ((given_at, early),) = store.query(
        "SELECT given_at, toTimeZone(given_at, 'Asia/Shanghai') FROM commands "
        "WHERE given_at >= {from:DateTime64(3, 'UTC')}",
        {"from": datetime(2024, 3, 1, 9, 30, 0, 123000, tzinfo=SHANGHAI)},
    ).rows
    assert given_at == early == datetime(2024, 3, 1, 1, 30, 0, 123000, tzinfo=UTC)
    assert given_at.utcoffset() == timedelta(0)
    assert early.utcoffset() == timedelta(hours=8)


def test_parameters_are_values_whatever_stands_in_them(store: Store) -> None:
    nasty = "it's \\ a 办件\n\t\0 '); DROP TABLE commands"
    answer = store.query(
        "SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Int64} AS c, {d:Float64} AS d, {e:Bool} AS e, "
        "{f:Date} AS f",
        {"a": nasty, "b": [nasty, ""], "c": -(2**62), "d": 1.5, "e": True, "f": date(2024, 2, 29)},
    )
    assert answer.columns == ("a", "b", "c", "d", "e", "f")
    assert answer.rows == [(nasty, [nasty, ""], -(2**62), 1.5, True, date(2024, 2, 29))]


def test_both_stores_give_the_same_plain_values(store: Store) -> None:
    answer = store.query(
        "SELECT 1 AS n, toUInt64(18446744073709551615) AS big, NULL AS nothing, 1 / 0 AS endless, "
        "toDecimal64(1.25, 2) AS price, toDate('2024-02-29') AS day, toDateTime('2024-01-01 00:00:00') AS at, "
        "[toDateTime64('2024-01-01 00:00:00.5', 3, 'UTC')] AS several, (1, 'b') AS pair, map('a', 1) AS named, "
        "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS id, true AS yes, toNullable('x') AS text, "
        "unhex('E58A9EFF') AS broken"
    )
    (row,) = answer.rows
    assert dict(zip(answer.columns, row, strict=True)) == {
        "n": 1,
        "big": 18446744073709551615,
        "nothing": None,
        "endless": None,
        "price": 1.25,
        "day": date(2024, 2, 29),
        "at": datetime(2024, 1, 1, tzinfo=UTC),
        "several": [datetime(2024, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)],
        "pair": (1, "b"),
        "named": {"a": 1},
        "id": "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
        "yes": True,
        "text": "x",
        "broken": "办\ufffd",
    }


def test_an_empty_answer_still_names_its_columns(store: Store) -> None:
    answer = store.query("SELECT command_id, given_at FROM commands")
    assert answer.columns == ("command_id", "given_at")
    assert answer.rows == []


def test_a_wrong_statement_is_refused_in_the_stores_own_words(store: Store) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        store.query("SELECT 1 FROM nowhere")
    with pytest.raises(ValueError, match="Syntax error"):
        store.query("SELEKT 1")
    assert store.query("SELECT 1").rows == [(1,)]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"given_at": ["yesterday"]},
        {"given_at": [None]},
        {"version": ["one"]},
        {"person": [7]},
        {"person": ["a", "b"]},
        {"nonsense": ["a"]},
    ],
)
def test_rows_that_do_not_fit_are_refused_and_the_store_stays_usable(
    store: Store, spoilt: dict[str, list[object]]
) -> None:
    with pytest.raises(ValueError):
        store.insert("commands", command(1) | spoilt)
    store.insert("commands", command(2))
    assert store.query("SELECT command_id FROM commands").rows == [("c2",)]


def test_writing_leaves_the_columns_as_they_were(store: Store) -> None:
    row = command(1)
    store.insert("commands_history", row)
    store.insert("commands", row)
    assert row == command(1)


def test_threads_write_and_read_at_the_same_time(store: Store) -> None:
    start = threading.Barrier(4)

    def work(number: int) -> int:
        start.wait()
        for step in range(5):
            store.insert("commands", command(number * 100 + step))
            store.query("SELECT count() FROM commands FINAL")
        return number

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(work, range(4))) == [0, 1, 2, 3]
    assert store.query("SELECT count() FROM commands FINAL").rows == [(20,)]


def test_a_closed_store_is_unavailable(store: Store) -> None:
    assert store.query("SELECT 1").rows == [(1,)]
    store.close()
    for ask in (lambda: store.query("SELECT 1"), lambda: store.insert("commands", command(1))):
        with pytest.raises(UnavailableError):
            ask()
        with ThreadPoolExecutor(1) as thread, pytest.raises(UnavailableError):
            thread.submit(ask).result()


def test_closing_while_others_ask_ends_them_all_as_unavailable(store: Store) -> None:
    asking = threading.Barrier(4)

    def ask_on() -> None:
        store.query("SELECT 1")
        asking.wait()
        while True:
            store.query("SELECT sum(cityHash64(number)) FROM numbers(1000000)")

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(ask_on) for _ in range(3)]
        asking.wait()
        store.close()
        for one in asked:
            with pytest.raises(UnavailableError):
                one.result(timeout=300)
