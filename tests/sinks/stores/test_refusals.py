from sinks.stores.refusals import refusal
from streams.contracts.errors import UnavailableError


def test_a_full_disk_passes_and_a_syntax_error_does_not() -> None:
    assert isinstance(refusal("Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space"), UnavailableError)
    assert isinstance(refusal("Code: 62. DB::Exception: Syntax error"), ValueError)


def test_a_code_that_is_known_apart_wins_over_the_text() -> None:
    assert isinstance(refusal("DB::Exception: Code: 62.", 210), UnavailableError)


def test_a_message_without_a_code_is_the_statements_fault_and_keeps_its_words() -> None:
    found = refusal("something odd")
    assert isinstance(found, ValueError)
    assert str(found) == "something odd"
