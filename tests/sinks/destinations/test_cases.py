import msgspec

from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import CASE, KNOWN, START, kept


def test_how_a_case_stands_is_kept(module_store: Store, keep: Keep) -> None:
    keep("cases", [kept(CASE)])
    for table in ("cases", "cases_history"):
        (row,) = module_store.query(
            "SELECT case_no, state, accepted_at, result, on_time, no_limit, events, hall, org, "
            f"staff, version, known_at FROM {table} FINAL WHERE case_no = 'pl/1'"
        ).rows
        assert row == ("pl/1", "finished", START, "granted", True, False, 2, "pl", "amr", "s7", 11, KNOWN)


def test_what_is_not_decided_yet_is_null_and_the_latest_version_stays(module_store: Store, keep: Keep) -> None:
    open_case = msgspec.structs.replace(
        CASE, case_no="pl/9", state="accepted", result=None, finished_at=None, on_time=None, version=1
    )
    finished = msgspec.structs.replace(CASE, case_no="pl/9", version=2)
    keep("cases", [kept(finished), kept(open_case)])
    assert module_store.query(
        "SELECT state, result, finished_at, on_time FROM cases_history FINAL WHERE case_no = 'pl/9' ORDER BY version"
    ).rows == [("accepted", "", None, None), ("finished", "granted", CASE.finished_at, True)]
    assert module_store.query("SELECT state FROM cases FINAL WHERE case_no = 'pl/9'").rows == [("finished",)]
