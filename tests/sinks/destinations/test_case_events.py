from datetime import timedelta

import msgspec

from streams.contracts.case_event import Accepted
from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import SHANGHAI, START, accepted, finished, kept

LATER = START + timedelta(days=1)


def test_an_event_is_kept_whole(module_store: Store, keep: Keep) -> None:
    event = accepted(1)
    keep("case-events", [kept(event)])
    (row,) = module_store.query(
        "SELECT case_no, event_id, kind, occurred_at, arrived_at, feed, hall, site, org, item, window, staff, body "
        "FROM case_events FINAL WHERE case_no = 'pl/1'"
    ).rows
    assert row[:-1] == (
        "pl/1", "e1", "case.accepted", START, START, "hall", "pl", "1f", "amr", "shop", "w3", "s7",
    )  # fmt: skip
    assert msgspec.json.decode(row[-1], type=Accepted) == msgspec.structs.replace(event, arrived_at=None)


def test_the_same_event_again_is_the_same_row_with_its_first_arrival(module_store: Store, keep: Keep) -> None:
    for arrived in (LATER, START, LATER + timedelta(days=1)):
        keep("case-events", [kept(accepted(2, arrived=arrived))])
    for table in ("case_events", "case_events_history"):
        answer = module_store.query(f"SELECT arrived_at FROM {table} FINAL WHERE case_no = 'pl/2'")
        assert answer.rows == [(START,)]
    assert module_store.query(
        "SELECT uniqExact(event_id, data_version, content_hash) FROM case_events_history WHERE case_no = 'pl/2'"
    ).rows == [(1,)]


def test_every_source_version_is_kept_and_the_highest_counts(module_store: Store, keep: Keep) -> None:
    for version, notice in ((2, "second"), (0, "first"), (1, "between")):
        keep("case-events", [kept(accepted(3, version=version, notice=notice))])
    said = "JSONExtractString(body, 'notice_no')"
    assert module_store.query(f"SELECT {said} FROM case_events FINAL WHERE case_no = 'pl/3'").rows == [("second",)]
    assert module_store.query(
        f"SELECT {said} FROM case_events_history FINAL WHERE case_no = 'pl/3' ORDER BY data_version"
    ).rows == [("first",), ("between",), ("second",)]


def test_among_equal_versions_the_winner_does_not_depend_on_the_order(module_store: Store, keep: Keep) -> None:
    notices = ["a", "b", "c", "d"]
    for number, order in ((4, notices), (5, notices[::-1])):
        for notice in order:
            event = msgspec.structs.replace(
                accepted(4, notice=notice), case_no="pl/4", event_id="same", feed=f"f{number}"
            )
            keep("case-events", [kept(msgspec.structs.replace(event, case_no=f"pl/{number}", feed="f"))])
    hashes = [
        module_store.query(
            "SELECT content_hash = "
            "(SELECT max(content_hash) FROM case_events_history WHERE case_no = {case_no:String}) "
            "FROM case_events FINAL WHERE case_no = {case_no:String}",
            {"case_no": case_no},
        ).rows
        for case_no in ("pl/4", "pl/5")
    ]
    assert hashes == [[(1,)], [(1,)]]


def test_an_event_without_an_arrival_arrived_when_its_record_did(module_store: Store, keep: Keep) -> None:
    stamp = LATER.astimezone(SHANGHAI)
    keep("case-events", [kept(accepted(6, arrived=None), timestamp=int(stamp.timestamp() * 1000))])
    assert module_store.query("SELECT arrived_at FROM case_events FINAL WHERE case_no = 'pl/6'").rows == [(stamp,)]


def test_a_file_imported_twice_adds_no_row(module_store: Store, keep: Keep) -> None:
    def imported(days: int) -> None:
        arrived = START + timedelta(days=days)
        events = [accepted(number, arrived=arrived) for number in range(100, 200)]
        ends = [msgspec.structs.replace(finished(number), arrived_at=arrived) for number in range(100, 200)]
        keep("case-events", [kept(event) for event in (*events, *ends)])

    def counted() -> list[tuple[object, ...]]:
        return [
            module_store.query(
                f"SELECT count(), uniqExact(case_no), max(arrived_at) FROM {table} FINAL WHERE case_no >= 'pl/100' "
                "AND length(case_no) = 6"
            ).rows[0]
            for table in ("case_events", "case_events_history")
        ]

    imported(0)
    once = counted()
    imported(30)
    assert counted() == once == [(200, 100, START), (200, 100, START)]
