from alerting.alert.memory import AlertMemory, Taken, Telling
from streams.contracts.alert import Acknowledge
from streams.contracts.instants import from_ms


def taken(command_id: str, at_ms: int) -> Taken:
    return Taken(Acknowledge(command_id=command_id, alert_id="f1", person="li", given_at=from_ms(at_ms)), at_ms)


def test_the_last_acknowledgement_since_the_last_telling_is_the_answer() -> None:
    memory = AlertMemory(told_ms=100, taken=[taken("c3", 100), taken("c1", 100), taken("c2", 99)])
    answer = memory.answer()
    assert answer is not None
    assert answer.command.command_id == "c3"


def test_an_acknowledgement_before_the_last_telling_is_no_answer() -> None:
    assert AlertMemory(told_ms=100, taken=[taken("c2", 99)]).answer() is None


def test_each_receiver_and_channel_is_heard_once_with_the_last_level() -> None:
    memory = AlertMemory(
        tellings=[
            Telling("li", "李", "chief", "console", "yellow", 1),
            Telling("li", "李", "chief", "console", "red", 1),
            Telling("li", "李", "chief", "webhook", "red", 1, True),
        ]
    )
    assert [(one.channel, one.level) for one in memory.heard()] == [("console", "red")]
