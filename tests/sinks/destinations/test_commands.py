from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import COMMAND, KNOWN, STAMP_MS, START, kept


def test_a_command_is_kept_with_who_when_and_why(module_store: Store, keep: Keep) -> None:
    keep("commands", [kept(COMMAND)])
    for table in ("commands", "commands_history"):
        (row,) = module_store.query(
            f"SELECT command_id, kind, alert_id, person, given_at, why, known_at FROM {table} FINAL"
        ).rows
        assert row == ("m1", "command.acknowledge", "a1", "wang", START, "已安排", KNOWN)


def test_a_command_given_twice_is_one_row(module_store: Store, keep: Keep) -> None:
    keep("commands", [kept(COMMAND), kept(COMMAND, timestamp=STAMP_MS)])
    assert module_store.query("SELECT count() FROM commands_history FINAL").rows == [(1,)]
