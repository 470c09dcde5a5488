"""What must hold after a simulated run, judged from what the log holds and from a straight run of the same records."""

from collections import Counter as Tally
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Literal

from streams.contracts.codec import decode, encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark, RegistryMark
from streams.contracts.topics import DEAD_LETTERS, partition_of
from streams.engine.held import Held
from streams.engine.log import Entry, Place
from streams.engine.shard import Shard
from streams.engine.simulated.worker import CHANGELOG, Pieces
from streams.engine.simulated.world import PARTITIONS, World
from tests.streams.engine.toy import NOTES, TOLD, Counted, Counter, Note

KEYS = 8
END_MS = 10_000_000
SOUND = Pieces()


def _everywhere(value: bytes, at_ms: int) -> list[tuple[int, Entry]]:
    return [(partition, Entry(MARK_KEY, value, at_ms)) for partition in range(PARTITIONS)]


def horizon(until_ms: int, at_ms: int) -> list[tuple[int, Entry]]:
    return _everywhere(encode(HorizonMark(feed="notes", horizon_at=from_ms(until_ms))), at_ms)


def produce(rnd: Random, called: int, *, marks: bool = True) -> Sequence[tuple[int, Entry]]:
    """Notes of a few keys, some late in business time, some bad, some without a feed; horizons and registry marks."""
    at_ms = 1_000 + called * 150
    kind = rnd.random()
    if kind < 0.25:
        return horizon(at_ms - rnd.choice((0, 100, 700)), at_ms)
    if marks and kind < 0.28:
        return _everywhere(encode(RegistryMark(version=f"v{called}")), at_ms)
    number = rnd.randrange(KEYS)
    whats: tuple[Literal["good", "bad", "sour"], ...] = ("good",) * 12 + ("bad", "sour")
    occurred_ms = at_ms - rnd.choice((0, 0, 0, 900))
    note = Note(occurred_ms=occurred_ms, what=rnd.choice(whats), feed="" if number % 4 == 0 else "notes")
    key = f"k{number}".encode()
    entry = Entry(key, encode(note), at_ms)
    twice = rnd.random() < 0.05  # the producer is not sure and sends it again
    return [(partition_of(key, PARTITIONS), entry)] * (2 if twice else 1)


def run(seed: int, pieces: Pieces = SOUND) -> World:
    """One run.

    Odd seeds write a checkpoint in several pieces, so that one may be torn by a crash. There are no registry marks
    in them: where a switch is in a torn checkpoint, events before it are judged by the version after it, which is
    sound (nothing of it was out) but not what a straight run gives.
    """
    torn = bool(seed % 2)
    pieces_of = 3 if torn else 1 << 30
    world = World(seed, Counter("v0"), partial(produce, marks=not torn), chunk=pieces_of, pieces=pieces)
    world.run([horizon(END_MS, END_MS)], END_MS)
    return world


def _restored(world: World, partition: int) -> Shard:
    shard = Shard(Counter("v0"), partition, partitions=PARTITIONS)
    place = Place(CHANGELOG, partition)
    held = Held(place, shard)
    held.restore(world.log.records[place])
    held.restored()
    shard.activate()
    return shard


def _straight(world: World, partition: int) -> tuple[Shard, dict[str, bytes]]:
    shard = Shard(Counter("v0"), partition, partitions=PARTITIONS)
    shard.activate()
    told: dict[str, bytes] = {}
    for record in world.log.records[Place(NOTES.name, partition)]:
        for _ in shard.work([record]):
            pass
        for _ in shard.replan():
            pass
        cut = shard.cut()
        if cut is not None:
            told.update({decode(TOLD, one.value).told_id: one.value for one in cut.outputs if one.topic == TOLD.name})
    return shard, told


def judge(seed: int, world: World) -> None:
    """Raises an AssertionError that names the seed where something does not hold."""
    again = f"seed {seed}; run it alone with `judge({seed}, run({seed}))`; {world.counts}"
    told: dict[str, set[bytes]] = {}
    for record in world.records(TOLD.name):
        told.setdefault(decode(TOLD, record.value).told_id, set()).add(record.value or b"")
    assert [told_id for told_id, values in told.items() if len(values) > 1] == [], f"twice, not byte-equal: {again}"
    letters = {decode(DEAD_LETTERS, record.value) for record in world.records(DEAD_LETTERS.name)}
    assert len(letters) == len({(one.letter_id, one.place) for one in letters}), f"letters not byte-equal: {again}"
    for partition in range(PARTITIONS):
        assert _bad(world, partition) - {one.place for one in letters} == set(), f"letters missing: {again}"
        durable, (straight, wanted) = _restored(world, partition), _straight(world, partition)
        for number in range(KEYS):
            key = f"k{number}"
            if partition_of(key.encode(), PARTITIONS) != partition:
                continue
            state: Counted | None = durable.state(key)
            _judge_key(key, state, straight.state(key), wanted, told, again)


def _bad(world: World, partition: int) -> set[str]:
    """Where notes stand that cannot be worked on."""
    notes = world.log.records[Place(NOTES.name, partition)]
    return {
        f"{NOTES.name}/{partition}/{record.offset}"
        for record in notes
        if record.key != MARK_KEY and decode(NOTES, record.value).what == "bad"
    }


def _judge_key(
    key: str,
    state: Counted | None,
    straight: Counted | None,
    wanted: dict[str, bytes],
    told: dict[str, set[bytes]],
    again: str,
) -> None:
    assert (state is None) == (straight is None), f"{key}: {again}"
    if state is None or straight is None:
        return
    assert state.count == straight.count, f"{key}: counted {state.count}, produced {straight.count}: {again}"
    here = {told_id: values for told_id, values in told.items() if told_id.split(":")[0] == key}
    if straight.feed:
        assert state == straight, again
        there = {told_id: {value} for told_id, value in wanted.items() if told_id.split(":")[0] == key}
        assert set(here) - set(there) == set(), f"phantoms: {again}"
        passed = {told_id for told_id in there if ":r" in told_id and told_id != f"{key}:r{state.registry}"}
        assert set(there) - set(here) - passed == set(), (
            f"missing: {again}"
        )  # a version that was soon followed by another
        assert here == {told_id: there[told_id] for told_id in here}, f"other bytes: {again}"
    else:  # when the clock wakes it depends on the clock; it must be true to its own state
        kinds = Tally(told_id.split(":")[1][0] for told_id in here)
        assert (kinds["n"], kinds["q"]) == (state.count, state.quiets), again
