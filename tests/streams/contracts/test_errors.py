from streams.contracts.errors import UnavailableError, UnreadableError


def test_an_unreadable_message_keeps_reason_and_field_apart_and_says_both() -> None:
    error = UnreadableError("no such day", field="accepted_at")
    assert (error.reason, error.field, str(error)) == ("no such day", "accepted_at", "accepted_at: no such day")


def test_an_unreadable_message_without_a_field_says_only_the_reason() -> None:
    error = UnreadableError("not JSON")
    assert (error.field, str(error)) == ("", "not JSON")


def test_what_can_be_tried_again_is_not_what_can_never_be_read() -> None:
    assert not issubclass(UnavailableError, UnreadableError)
    assert not issubclass(UnreadableError, UnavailableError)
