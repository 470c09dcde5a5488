import pytest

from streams.contracts.errors import SpokenError, UnavailableError, UnreadableError


def test_an_unreadable_message_keeps_reason_and_field_apart_and_says_both() -> None:
    error = UnreadableError("no such day", field="accepted_at")
    assert (error.reason, error.field, str(error)) == ("no such day", "accepted_at", "accepted_at: no such day")


def test_an_unreadable_message_without_a_field_says_only_the_reason() -> None:
    error = UnreadableError("not JSON")
    assert (error.field, str(error)) == ("", "not JSON")


def test_what_can_be_tried_again_is_not_what_can_never_be_read() -> None:
    assert not issubclass(UnavailableError, UnreadableError)
    assert not issubclass(UnreadableError, UnavailableError)


@pytest.mark.parametrize("kind", [UnreadableError, UnavailableError])
def test_an_error_is_told_in_chinese_unless_english_is_asked_for_and_logged_in_english(kind: type[SpokenError]) -> None:
    error = kind("lies in the future", zh="在将来", field="occurred_at")
    assert (error.text(), error.text("en")) == ("occurred_at: 在将来", "occurred_at: lies in the future")
    assert str(error) == error.text("en")


def test_what_only_engineers_read_is_told_in_english() -> None:
    assert UnavailableError("the store is closed").text("zh") == "the store is closed"
