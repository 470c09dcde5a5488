from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import ALERT, KNOWN, START, kept


def test_an_alert_is_kept_with_who_was_told(module_store: Store, keep: Keep) -> None:
    keep("alerts", [kept(ALERT)])
    for table in ("alerts", "alerts_history"):
        (row,) = module_store.query(
            "SELECT alert_id, finding_id, subject, state, level, receivers, acknowledged_by, "
            f"acknowledged_at, message_zh, version, known_at FROM {table} FINAL"
        ).rows
        assert row == ("a1", "g1", "pl/1", "acknowledged", "yellow", ["wang", "li"], "wang", START, "超期", 14, KNOWN)
