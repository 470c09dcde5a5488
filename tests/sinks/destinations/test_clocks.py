from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import CLOCK, KNOWN, START, kept


def test_a_clock_is_kept_with_its_numbers(module_store: Store, keep: Keep) -> None:
    keep("clocks", [kept(CLOCK)])
    for table in ("clocks", "clocks_history"):
        (row,) = module_store.query(
            "SELECT case_no, clock_id, clock, state, unit, limit_amount, used, remaining, "
            f"overdue, started_at, version, known_at FROM {table} FINAL"
        ).rows
        assert row == ("pl/1", "k1", "promise", "stopped", "working_days", 5, 3, 2, 0, START, 12, KNOWN)


def test_the_ledger_can_be_added_up_in_sql(module_store: Store, keep: Keep) -> None:
    keep("clocks", [kept(CLOCK)])
    (row,) = module_store.query(
        "SELECT used, arraySum(line -> if(JSONExtractBool(line, 'counted'), JSONExtractInt(line, 'amount'), 0), "
        "JSONExtractArrayRaw(ledger)) FROM clocks FINAL"
    ).rows
    assert row == (3, 3)
