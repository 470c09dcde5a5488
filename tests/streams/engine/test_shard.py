from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.contracts.topics import DEAD_LETTERS, partition_of
from streams.engine.driver import Arrival, Horizon, Restart, Run, Step, Switch, Tick, drive
from streams.engine.ownership import SENDER, sender_of
from streams.engine.process import Output
from streams.engine.shard import Shard
from streams.engine.slots import Slots
from tests.streams.engine.toy import TOLD, Counted, Counter, Note, Told


class Written(NamedTuple):
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def _note(offset: int, key: str = "a", **fields: Any) -> Written:
    note = Note(**{"occurred_ms": offset, **fields})
    return Written(offset, note.occurred_ms, key.encode(), encode(note))


def _horizon(offset: int, until_ms: int) -> Written:
    return Written(offset, until_ms, MARK_KEY, encode(HorizonMark(feed="notes", horizon_at=from_ms(until_ms))))


def _shard(**options: Any) -> Shard:
    shard = Shard(options.pop("process", Counter()), 0, **{"partitions": 1, **options})
    shard.activate()
    return shard


def _work(shard: Shard, *records: Written) -> None:
    for _ in shard.work(records):
        pass


def _told(run: Run) -> list[str]:
    return [body.told_id for body in run.bodies(TOLD)]


# ---- time


def test_a_wake_fires_only_up_to_the_horizon_of_its_feed() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000)), Tick(10**6), Horizon(10**6, "other", 10**6)])
    assert _told(run) == ["a:n1"]
    run.step(Horizon(10**6, "notes", 2_000))
    assert _told(run) == ["a:n1", "a:q1:2000"]


def test_a_horizon_ahead_of_its_record_counts_only_up_to_the_record() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000)), Horizon(1_500, "notes", 9_000)])
    assert _told(run) == ["a:n1"]


def test_before_an_event_the_wakes_of_its_key_fire_with_their_own_time() -> None:
    run = drive(
        Counter(),
        [
            Arrival(1_000, "a", Note(occurred_ms=1_000)),
            Arrival(1_000, "b", Note(occurred_ms=1_000)),
            Arrival(5_000, "a", Note(occurred_ms=4_000)),
        ],
    )
    assert _told(run) == ["a:n1", "b:n1", "a:q1:2000", "a:n2"]
    assert run.bodies(TOLD)[2].known_at == from_ms(5_000)


def test_a_source_whose_clock_runs_ahead_fires_nothing_early() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000)), Arrival(1_100, "a", Note(occurred_ms=9_000))])
    assert _told(run) == ["a:n1", "a:n2"]


def test_wakes_of_a_restored_row_fire_without_its_ever_being_touched() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000)), Restart(), Horizon(3_000, "notes", 3_000)])
    assert _told(run) == ["a:n1", "a:q1:2000"]


# ---- replays


def test_a_record_that_the_row_has_seen_is_skipped() -> None:
    shard = _shard()
    _work(shard, _note(1), _note(2), _note(1), _note(2))
    assert shard.state("a").count == 2
    assert shard.counts.skipped == 2


def test_offsets_of_another_broker_are_void() -> None:
    first = _shard(incarnation="one")
    _work(first, _note(7))
    first.cut()
    second = _shard(incarnation="two")
    second.active = False
    for key, raw in first.written():
        second.load(key, raw)
    second.activate()
    _work(second, _note(1))
    assert second.state("a").count == 2


def test_a_replayed_mark_leaves_alone_what_has_seen_later_records() -> None:
    shard = _shard()
    _work(shard, _note(1, occurred_ms=1_000), _horizon(2, 1_900), _note(3, occurred_ms=600))
    assert shard.state("a").quiet_ms == 1_600
    _work(shard, _horizon(2, 1_900))
    assert shard.state("a").quiets == 0
    _work(shard, _horizon(4, 1_950))
    assert shard.state("a").quiets == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4_000)), max_size=12), st.data())
def test_restarts_anywhere_change_no_byte(notes: list[tuple[str, int]], data: st.DataObject) -> None:
    steps: list[Step] = []
    for n, (key, occurred_ms) in enumerate(notes):
        steps += [Arrival(n * 700, key, Note(occurred_ms=occurred_ms)), Horizon(n * 700 + 1, "notes", n * 700)]
    cuts = data.draw(st.sets(st.integers(0, len(steps))))
    broken = [each for n, step in enumerate(steps) for each in ([Restart(), step] if n in cuts else [step])]
    assert drive(Counter(), broken).sent == drive(Counter(), steps).sent


# ---- guarding


def test_a_process_that_raises_leaves_the_key_as_it_was() -> None:
    run = drive(
        Counter(),
        [
            Arrival(1, "a", Note(occurred_ms=1)),
            Arrival(2, "a", Note(occurred_ms=2)),
            Arrival(3, "a", Note(occurred_ms=3, what="bad")),
            Arrival(4, "a", Note(occurred_ms=4)),
        ],
    )
    assert run.state("a") == Counted("a", count=3, quiet_ms=1_004, feed="notes")
    assert _told(run) == ["a:n1", "a:n2", "a:n3"]
    assert [letter.reason for letter in run.dead] == ["RuntimeError: a bad note"]


def test_within_one_cut_the_calls_before_the_bad_one_are_kept() -> None:
    shard = _shard()
    _work(shard, _note(1), _note(2), _note(3, what="bad"), _note(4), _note(5, what="bad"))
    assert shard.state("a").count == 3


def test_a_first_event_that_raises_leaves_no_key_behind() -> None:
    shard = _shard()
    _work(shard, _note(1, what="bad"))
    assert len(shard) == 0
    cut = shard.cut()
    assert cut is not None
    assert [one.topic for one in cut.outputs] == [DEAD_LETTERS.name]


def test_a_wake_that_raises_puts_its_key_in_quarantine_until_its_next_event() -> None:
    run = drive(
        Counter(),
        [
            Arrival(1, "a", Note(occurred_ms=1, what="sour")),
            Arrival(1, "b", Note(occurred_ms=1)),
            Horizon(5_000, "notes", 5_000),
            Horizon(6_000, "notes", 6_000),
            Restart(),
            Horizon(7_000, "notes", 7_000),
        ],
    )
    assert _told(run) == ["a:n1", "b:n1", "b:q1:1001"]
    assert [letter.place for letter in run.dead] == ["counter/wake/1001"]
    assert run.state("a").quiets == 0
    run.step(Arrival(8_000, "a", Note(occurred_ms=8_000)))
    run.step(Horizon(9_500, "notes", 9_500))
    assert _told(run)[-1] == "a:q2:9000"


def test_a_wake_that_does_not_move_on_is_a_bug_of_one_key_only() -> None:
    class Stuck(Counter):
        def on_time(self, state: Counted, now_ms: int) -> Any:
            state.quiets += 1
            return []

    run = drive(Stuck(), [Arrival(1, "a", Note(occurred_ms=1)), Horizon(5_000, "notes", 5_000)])
    assert "did not move past 1001" in run.dead[0].reason
    assert run.state("a").quiets == 0


def test_a_key_of_another_partition_is_refused() -> None:
    shard = Shard(Counter(), 0, partitions=2)
    mine = next(key for key in "abcdef" if partition_of(key.encode(), 2) == 0)
    other = next(key for key in "abcdef" if partition_of(key.encode(), 2) == 1)
    _work(shard, _note(1, mine), _note(2, other))
    assert (shard.state(mine).count, shard.state(other)) == (1, None)
    cut = shard.cut()
    assert cut is not None
    assert "another partitioner" in decode(DEAD_LETTERS, cut.outputs[0].value).reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Written(1, 1, None, b"{}"), "without a key"),
        (Written(1, 1, b"a", None), "without a value"),
        (Written(1, 1, b"\xff", b'{"occurred_ms":1}'), "UnicodeDecodeError"),
        (Written(1, 1, b"a", b'{"occurred_ms":"x"}'), "Expected `int`"),
        (Written(1, 1, MARK_KEY, b"{}"), "missing required field `kind`"),
        (Written(1, 1, b"\x00standing", encode(Note(occurred_ms=1))), "zero byte"),
        (Written(1, 10**17, b"a", encode(Note(occurred_ms=1))), "outside years"),
        (_horizon(1, 1)._replace(timestamp=10**17), "outside years"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(record: Written, reason: str) -> None:
    heard: list[DeadLetter] = []
    shard = _shard(on_dead=heard.append)
    _work(shard, record)
    assert len(shard) == 0
    assert reason in heard[0].reason
    assert shard.counts.dead == 1


def test_an_output_that_cannot_be_stamped_is_the_fault_of_its_record() -> None:
    class Unstamped(Counter):
        def on_event(self, state: Counted, event: Note, now_ms: int) -> Any:
            state.count += 1
            return [Output(TOLD, "k", Note(occurred_ms=1))]

    run = drive(Unstamped(), [Arrival(1, "a", Note(occurred_ms=1))])
    assert run.state("a") is None
    assert len(run.dead) == 1


# ---- registry


def test_a_registry_mark_replans_every_row_and_judges_what_follows() -> None:
    run = drive(
        Counter("v1"),
        [Arrival(1, "a", Note(occurred_ms=1)), Arrival(1, "b", Note(occurred_ms=1)), Switch(9, "v2")],
        registry="v1",
    )
    assert _told(run) == ["a:n1", "b:n1", "a:rv2", "b:rv2"]
    assert {body.known_at for body in run.bodies(TOLD)[2:]} == {from_ms(9)}
    run.step(Switch(10, "v2"))
    run.step(Restart())
    assert len(_told(run)) == 4


def test_a_key_with_an_event_is_replanned_first() -> None:
    shard = _shard(registry="v1")
    _work(shard, _note(1, "a"), _note(2, "b"))
    mark = Written(3, 3, MARK_KEY, b'{"kind":"mark.registry","version":"v2"}')
    _work(shard, mark, _note(4, "b"))
    assert (shard.state("a").registry, shard.state("b").registry) == ("", "v2")
    assert not shard.settled
    for _ in shard.replan():
        pass
    assert shard.state("a").registry == "v2"


def test_replanning_goes_on_after_a_restart() -> None:
    shard = _shard(registry="v1")
    _work(shard, _note(1, "a"), _note(2, "b"))
    _work(shard, Written(3, 3, MARK_KEY, b'{"kind":"mark.registry","version":"v2"}'))
    steps = shard.replan()
    while shard.counts.replanned == 0:
        next(steps)
    shard.cut()
    after = Shard(Counter("v1"), 0, partitions=1, registry="v1")
    for key, raw in shard.written():
        after.load(key, raw)
    after.activate()
    for _ in after.replan():
        pass
    assert after.counts.replanned == 1
    assert {after.state("a").registry, after.state("b").registry} == {"v2"}


def test_a_replanning_that_raises_waits_for_the_next_event() -> None:
    class Broken(Counter):
        def on_registry(self, state: Counted, now_ms: int) -> Any:
            raise LookupError(self.registry)

    run = drive(Broken(), [Arrival(1, "a", Note(occurred_ms=1)), Switch(9, "v2"), Horizon(9_000, "notes", 9_000)])
    assert _told(run) == ["a:n1"]
    assert [letter.place for letter in run.dead] == ["counter/registry/v2"]
    run.step(Arrival(9_500, "a", Note(occurred_ms=9_500)))
    assert _told(run) == ["a:n1", "a:n2"]


# ---- outputs that should not wait


def test_an_output_to_an_urgent_topic_is_noted_until_the_cut() -> None:
    shard = _shard(urgent=frozenset({TOLD.name}))
    assert not shard.hurry
    _work(shard, _note(1))
    assert shard.hurry
    shard.cut()
    assert not shard.hurry


def test_versions_of_one_row_grow_even_when_stamps_do_not() -> None:
    run = drive(Counter(), [Arrival(5, "a", Note(occurred_ms=1)), Arrival(5, "a", Note(occurred_ms=2))])
    bodies: list[Told] = run.bodies(TOLD)
    assert [body.version for body in bodies] == [5_000, 5_001]


# ---- replanning only what is touched


class Choosy(Counter):
    """A version touches the subjects whose key's length it names: `v2:1` touches keys of one letter."""

    def slots(self, state: Counted) -> Slots:
        return Slots(item=len(state.key))

    def touched(self, before: str, slots: Slots) -> bool:
        return slots.item == int(self.registry.partition(":")[2])


def test_a_registry_version_replans_only_what_it_touches() -> None:
    notes: list[Step] = [Arrival(1, key, Note(occurred_ms=1)) for key in ("a", "bb", "c")]
    run = drive(Choosy("v1:0"), [*notes, Switch(9, "v2:1"), Restart(), Switch(10, "v3:2")], registry="v1:0")
    assert _told(run)[3:] == ["a:rv2:1", "c:rv2:1", "bb:rv3:2"]


def test_an_untouched_subject_is_judged_by_the_new_version_from_its_next_event_on() -> None:
    run = drive(Choosy("v1:0"), [Arrival(1, "bb", Note(occurred_ms=1)), Switch(9, "v2:1")], registry="v1:0")
    run.step(Arrival(11, "bb", Note(occurred_ms=11)))
    assert _told(run) == ["bb:n1", "bb:n2"]
    run.step(Switch(12, "v3:2"))
    assert _told(run)[-1] == "bb:rv3:2"


# ---- clocks, coalescing, replaced owners


def test_how_long_wakes_waited_for_what_fired_them_is_summed() -> None:
    run = drive(Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000)), Horizon(9_000, "notes", 2_500)])
    assert (run.counts.fired, run.counts.overslept_ms, run.counts.batches) == (1, 500, 2)


def test_stamps_of_records_that_step_back_fire_nothing_twice_and_lose_nothing() -> None:
    notes = [Arrival(at, "a", Note(occurred_ms=at)) for at in (10_000, 4_000, 10_500, 2_000)]
    run = drive(Counter(), [*notes, Horizon(20_000, "notes", 20_000), Horizon(5_000, "notes", 5_000)])
    assert _told(run) == ["a:n1", "a:n2", "a:q2:5000", "a:n3", "a:n4", "a:q4:3000"]
    assert [body.version for body in run.bodies(TOLD)] == sorted(body.version for body in run.bodies(TOLD))


def test_a_clock_that_steps_back_fires_nothing_twice() -> None:
    run = drive(
        Counter(), [Arrival(1_000, "a", Note(occurred_ms=1_000, feed="")), Tick(5_000), Tick(1_000), Tick(5_000)]
    )
    assert _told(run) == ["a:n1", "a:q1:2000"]


def test_of_a_coalesced_topic_only_the_last_output_of_a_key_leaves_a_cut() -> None:
    shard = _shard(coalesced=frozenset({TOLD.name}))
    _work(shard, _note(1), _note(2), _note(3, "b"), _note(4))
    cut = shard.cut()
    assert cut is not None
    assert [decode(TOLD, one.value).told_id for one in cut.outputs] == ["a:n3", "b:n1"]
    assert shard.state("a").count == 3


def test_what_a_replaced_owner_sends_late_is_dropped_also_after_a_restart() -> None:
    def sent(offset: int, epoch: int) -> Written:
        return _note(offset)._replace(headers=((SENDER, sender_of("before", 0, epoch)),))

    shard = _shard()
    _work(shard, sent(1, 4), sent(2, 9), sent(3, 4))
    shard.cut()
    after = Shard(Counter(), 0, partitions=1)
    for key, raw in shard.written():
        after.load(key, raw)
    after.activate()
    _work(after, sent(1, 4), sent(2, 9), sent(3, 4), sent(4, 4), sent(5, 9))
    assert after.state("a").count == 3
    assert (after.counts.skipped, after.counts.fenced) == (2, 2)
