from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import KNOWN, LETTER, kept


def test_a_dead_letter_is_kept_with_its_reason_and_place(module_store: Store, keep: Keep) -> None:
    keep("dead-letters", [kept(LETTER)])
    for table in ("dead_letters", "dead_letters_history"):
        (row,) = module_store.query(
            f"SELECT letter_id, place, source, reason, field, version, known_at FROM {table} FINAL"
        ).rows
        assert row == ("d1", "x.csv:7", "csv", "no such date", "OPEN_DT", 16, KNOWN)


def test_bytes_that_are_no_text_are_kept_byte_for_byte(module_store: Store, keep: Keep) -> None:
    keep("dead-letters", [kept(LETTER)])
    assert module_store.query("SELECT hex(base64Decode(raw)) FROM dead_letters FINAL").rows == [
        (LETTER.raw.hex().upper(),)
    ]
