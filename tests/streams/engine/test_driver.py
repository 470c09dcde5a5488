from streams.contracts.instants import from_ms
from streams.engine.driver import Arrival, Horizon, Restart, Step, Switch, Tick, drive
from tests.streams.engine.toy import TOLD, Counter, Note, Told


def _said(bodies: list[Told]) -> list[tuple[str, int]]:
    return [(body.what, body.version) for body in bodies]


def test_a_script_gives_the_stamped_outputs_in_order() -> None:
    run = drive(
        Counter(),
        [Arrival(5_000, "a", Note(occurred_ms=1_000)), Horizon(9_000, "notes", 1_999), Horizon(9_500, "notes", 2_000)],
    )
    assert _said(run.bodies(TOLD)) == [("counted", 5_000_000), ("quiet", 9_500_000)]
    assert run.bodies(TOLD)[1].known_at == from_ms(9_500)
    assert run.state("a").quiets == 1
    assert run.state("b") is None


def test_a_subject_without_a_feed_wakes_at_ticks_and_is_known_at_its_own_time() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000, feed="")), Tick(1_999), Tick(7_000)])
    assert _said(run.bodies(TOLD)) == [("counted", 1_000_000), ("quiet", 2_000_000)]


def test_broken_bytes_are_set_aside() -> None:
    run = drive(Counter(), [Arrival(1, "a", raw=b"{"), Arrival(2, "a", Note(occurred_ms=2))])
    assert [letter.reason for letter in run.dead] == ["Input data was truncated"]
    assert run.state("a").count == 1


def test_a_restart_goes_on_from_what_was_written() -> None:
    steps: list[Step] = [
        Arrival(1_000, "a", Note(occurred_ms=1_000)),
        Switch(1_500, "v2"),
        Arrival(2_500, "a", Note(occurred_ms=2_400)),
        Horizon(9_000, "notes", 9_000),
    ]
    with_restarts: list[Step] = [each for step in steps for each in (step, Restart())]
    assert drive(Counter(), with_restarts).sent == drive(Counter(), steps).sent
