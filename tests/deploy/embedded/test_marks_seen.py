import asyncio
from collections.abc import Iterable
from pathlib import Path

from deploy.embedded.data_folder import DataFolder
from deploy.embedded.marks_seen import MarksSeen, kept_marks
from deploy.embedded.snapshot import SnapshotHeader, write_snapshot
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark, Mark, RegistryMark
from streams.contracts.topics import CASE_EVENTS, FINDINGS, Topic
from streams.intake.journal import Entry, Journal


class Broker:
    """Takes what is sent."""

    def __init__(self) -> None:
        self.sent: list[Entry] = []

    async def send(self, entries: Iterable[Entry]) -> None:
        self.sent += entries


def marked(arrived_ms: int, mark: Mark, topic: Topic = CASE_EVENTS) -> Entry:
    return Entry(arrived_ms, topic.name, [(MARK_KEY, encode(mark))])


def version(arrived_ms: int, name: str) -> Entry:
    return marked(arrived_ms, RegistryMark(version=name))


def horizon(arrived_ms: int, until_ms: int) -> Entry:
    return marked(arrived_ms, HorizonMark(feed="log", horizon_at=from_ms(until_ms)))


def seen(*entries: Entry) -> MarksSeen:
    marks = MarksSeen()
    marks.publisher = broker = Broker()
    asyncio.run(marks.send(iter(entries)))
    assert broker.sent == list(entries)
    return marks


def test_marks_on_their_way_are_passed_on_and_remembered() -> None:
    event = Entry(15, CASE_EVENTS.name, [(b"pl/1", b"{}")])
    elsewhere = marked(99, RegistryMark(version="other"), FINDINGS)
    marks = seen(version(10, "a"), event, horizon(20, 7), elsewhere, horizon(30, 5), version(40, "b"))
    assert (marks.registry_version, marks.horizons) == ("b", {"log": 7})
    assert (marks.history.version_at(39), marks.history.version_at(40)) == ("a", "b")
    assert marks.history.horizons_at(25) == {"log": 7}


def test_an_idle_folder_keeps_the_marks_of_its_snapshot_and_of_the_journal_behind_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert kept_marks(folder).registry_version == ""
    journal = Journal(folder.journal)
    journal.append([version(10, "a"), horizon(20, 7)])
    before = seen(version(10, "a"), horizon(20, 7))
    position = journal.roll()
    header = SnapshotHeader(
        journal=f"{position.segment}:{position.offset}",
        registry_version="a",
        partitions=1,
        at_ms=20,
        horizons=before.horizons,
        history=before.history,
    )
    write_snapshot(folder.snapshot, header, [])
    journal.remove_before(position)
    journal.append([version(30, "b"), horizon(2_000_000, 90)])
    journal.close()
    marks = kept_marks(folder)
    assert (marks.registry_version, marks.horizons) == ("b", {"log": 90})
    assert [marks.history.version_at(ms) for ms in (5, 15, 30)] == ["", "a", "b"]
    assert marks.history.horizons_at(25) == {"log": 7}


def test_a_snapshot_from_before_there_was_a_history_counts_as_in_force_for_ever(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    write_snapshot(folder.snapshot, SnapshotHeader(journal="1:0", registry_version="a", partitions=1, at_ms=5), [])
    assert kept_marks(folder).history.version_at(1) == "a"
