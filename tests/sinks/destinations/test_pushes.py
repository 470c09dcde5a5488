import msgspec

from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import KNOWN, PUSH, START, kept


def test_a_telling_is_kept_with_its_verdict(module_store: Store, keep: Keep) -> None:
    keep("pushes", [kept(PUSH)])
    for table in ("pushes", "pushes_history"):
        (row,) = module_store.query(
            "SELECT push_id, receiver, receiver_name, channel, reason, level, state, attempt, "
            f"answered_at, version, known_at FROM {table} FINAL WHERE push_id = 'p1'"
        ).rows
        assert row == ("p1", "wang", "王", "console", "opened", "yellow", "sent", 1, START, 15, KNOWN)


def test_each_attempt_stays_in_the_ledger(module_store: Store, keep: Keep) -> None:
    attempts = [
        msgspec.structs.replace(PUSH, push_id="p2", state=state, attempt=number, version=number)
        for number, state in enumerate(("due", "failed", "sent"))
    ]
    keep("pushes", [kept(push, timestamp=1_000) for push in attempts])
    assert module_store.query("SELECT state FROM pushes_history FINAL WHERE push_id = 'p2' ORDER BY attempt").rows == [
        ("due",),
        ("failed",),
        ("sent",),
    ]
