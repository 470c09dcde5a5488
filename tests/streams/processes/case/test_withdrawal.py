from datetime import date
from typing import cast

import msgspec
import pytest

from streams.contracts.case import Case
from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Finding
from streams.engine.process import Output
from streams.processes.case.process import CaseProcess
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import CASE, CHINA, RULES, event, hall, ms, policy


class Desk:
    """A case of seven working days, accepted on 2018-10-15, due on 10-24 at 18:00; then events as they come in."""

    def __init__(self, registry: HallRegistry | None = None, *later: HallRegistry) -> None:
        halls = {str(number): one for number, one in enumerate((registry or hall(), *later), start=1)}
        registries = {version: Registry(version, {"hall": one}) for version, one in halls.items()}
        self.process = CaseProcess(registries, RULES, "1")
        self.state = self.process.start(CASE)
        self.outputs: list[Output] = []
        self.take(event("Accepted", "2018-10-15 10:00"), "2018-10-15 10:01")

    def take(self, event: CaseEvent, arrived: str) -> list[Finding]:
        """An event arrives; cards up to then are raised first. What is said of findings by this event."""
        while (wake := self.process.wake_at(self.state)) is not None and wake <= ms(arrived):
            self.outputs += self.process.on_time(self.state, wake)
        outputs = list(self.process.on_event(self.state, event, ms(arrived)))
        self.outputs += outputs
        return [cast(Finding, output.body) for output in outputs if output.topic.name == "findings"]

    def switch(self, version: str, now: str) -> list[Finding]:
        """A registry version comes into force."""
        self.process = self.process.at(version)
        outputs = list(self.process.on_registry(self.state, ms(now)))
        self.outputs += outputs
        return [cast(Finding, output.body) for output in outputs if output.topic.name == "findings"]

    def confirm(self, finding: str, arrived: str = "2018-11-20 10:00") -> list[Finding]:
        """A supervisor confirms."""
        command = event("WithdrawalConfirmed", arrived, finding_id=finding, staff="supervisor", event_id=arrived)
        return self.take(command, arrived)

    def on_time(self) -> bool | None:
        return [cast(Case, output.body) for output in self.outputs if output.topic.name == "cases"][-1].on_time


IN_TIME = event("Finished", "2018-10-24 17:00")


def test_g15_a_finish_row_one_working_day_after_the_yellow_card_withdraws_it() -> None:
    desk = Desk()
    (finding,) = desk.take(IN_TIME, "2018-10-25 17:00")
    assert (finding.change, finding.withdrawal, finding.withdrawn_level, finding.highest) == (
        "withdrawn",
        "",
        "yellow",
        "warn",
    )
    assert finding.tell
    assert desk.on_time() is True


def test_g15_a_finish_row_ten_working_days_after_the_yellow_card_is_proposed_and_counts_until_confirmed() -> None:
    desk = Desk()
    (finding,) = desk.take(IN_TIME, "2018-11-07 17:00")
    assert (finding.withdrawal, finding.state, finding.highest, finding.tell) == ("proposed", "ended", "red", False)
    assert desk.on_time() is False
    (finding,) = desk.confirm(finding.finding_id)
    assert (finding.change, finding.withdrawal, finding.withdrawn_level, finding.highest) == (
        "withdrawn",
        "confirmed",
        "red",
        "warn",
    )
    assert desk.on_time() is True


def test_a_withdrawal_is_confirmed_once_and_what_is_not_proposed_cannot_be() -> None:
    desk = Desk()
    (finding,) = desk.take(IN_TIME, "2018-11-07 17:00")
    assert desk.confirm("another finding") == []
    assert len(desk.confirm(finding.finding_id)) == 1
    assert desk.confirm(finding.finding_id, "2018-11-21 10:00") == []


@pytest.mark.parametrize(("days", "withdrawal"), [(2, "proposed"), (10, "")])
def test_how_late_a_row_may_come_is_the_policys(days: int, withdrawal: str) -> None:
    desk = Desk(hall(policy=policy(withdraw_within_days=days)))
    (finding,) = desk.take(IN_TIME, "2018-10-30 17:00")
    assert finding.withdrawal == withdrawal


def test_a_mechanism_that_arrives_after_the_yellow_card_is_proposed_however_early() -> None:
    desk = Desk()
    late = event("Extended", "2018-10-24 09:00", days=2, approver="局长")
    (finding,) = desk.take(late, "2018-10-25 09:00")
    assert (finding.withdrawal, finding.level, finding.state) == ("proposed", "yellow", "open")


def test_a_mechanism_that_arrives_after_a_warning_alone_takes_it_back_at_once() -> None:
    desk = Desk()
    late = event("Extended", "2018-10-19 09:00", days=5, approver="局长")
    (finding,) = desk.take(late, "2018-10-23 09:00")
    assert (finding.change, finding.withdrawal, finding.state) == ("withdrawn", "", "withdrawn")


def test_a_proposal_that_turns_out_to_be_true_is_dropped() -> None:
    desk = Desk()
    (proposed,) = desk.take(IN_TIME, "2018-11-07 17:00")
    worse = event("Finished", "2018-10-31 17:00", event_id=IN_TIME.event_id, data_version=2)
    (finding,) = desk.take(worse, "2018-11-08 09:00")
    assert (finding.withdrawal, finding.highest) == ("", "red")
    assert desk.confirm(proposed.finding_id) == []
    assert desk.on_time() is False


def test_of_a_file_nothing_has_to_be_confirmed() -> None:
    desk = Desk(hall(feeds=(Feed(name="feed", way="file"),)))
    (finding,) = desk.take(IN_TIME, "2018-11-07 17:00")
    assert (finding.change, finding.withdrawal) == ("withdrawn", "")


MOVED = hall(
    calendar=msgspec.structs.replace(
        CHINA, version="2", free={date(2018, 10, 24): "停电"}, working={date(2018, 10, 20): "补班"}
    )
)
"""Due on the 23rd, before the extension."""


def test_a_proposal_stays_one_though_a_calendar_makes_the_card_true_and_another_takes_it_back() -> None:
    desk = Desk(hall(), MOVED, hall())
    late = event("Extended", "2018-10-24 09:00", days=2, approver="局长")
    (proposed,) = desk.take(late, "2018-10-25 09:00")
    true = [one for one in desk.switch("2", "2018-10-25 10:00") if one.finding_id == proposed.finding_id]
    assert [(one.change, one.withdrawal, one.level, one.tell) for one in true] == [("moved", "", "yellow", False)]
    assert true[0].raised_at == proposed.raised_at
    back = [one for one in desk.switch("3", "2018-10-25 11:00") if one.finding_id == proposed.finding_id]
    assert [(one.change, one.withdrawal, one.level, one.tell) for one in back] == [
        ("moved", "proposed", "yellow", False)
    ]
    assert desk.on_time() is False
    assert [one.withdrawal for one in desk.confirm(proposed.finding_id, "2018-10-25 12:00")] == ["confirmed"]
    assert desk.on_time() is None


def test_a_proposal_says_so_and_speaks_of_the_limit_as_it_was() -> None:
    desk = Desk()
    late = event("Extended", "2018-10-24 09:00", days=2, approver="局长")
    (finding,) = desk.take(late, "2018-10-25 09:00")
    assert finding.message_zh == (
        "办件 hall/1（许可）已超过承诺时限 7个工作日，应于 2018-10-24 18:00 前办结，已超期 1个工作日。"
        "（截至 2018-10-24 18:00）（拟撤回，待监察人员确认）"
    )
    assert finding.message_en.endswith("(withdrawal proposed, waits for a supervisor to confirm it)")
