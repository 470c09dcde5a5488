import asyncio
import gzip
import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

import streams.sources
from streams.contracts.case_event import Accepted, CaseEvent, Extended, Finished, Resumed, Suspended
from streams.contracts.codec import encode
from streams.contracts.dead_letter import RAW_BYTES_MAX, DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.contracts.mark import HorizonMark, Mark
from streams.contracts.topics import Topic
from streams.contracts.words import Words
from streams.intake.file_import import FileImport, ImportResult
from streams.intake.mappings import choose_mapping, load_mappings
from streams.intake.mask import mask_with
from streams.parts import find_parts
from streams.source import Source, SourceMapping
from streams.sources.canonical_json import CanonicalMapping

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("HALLWATCH_TEST_DATA", ROOT.parent / "shared" / "data"))  # noqa: TID251 - tests have no settings
SOURCES = find_parts(streams.sources, "SOURCE", Source)
MAPPINGS = load_mappings(sorted((ROOT / "deploy" / "halls").glob("*/sources")), SOURCES)
FEEDS = {"pl": ("f", "g"), "boston": ("boston311",), "wabo": ("receipt", "permits")}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Kept:
    """A door that keeps everything in the order it came."""

    def __init__(self) -> None:
        self.events: list[CaseEvent] = []
        self.letters: list[DeadLetter] = []
        self.marks: list[Mark] = []
        self.order: list[str] = []

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> None:
        for key, event in rows:
            assert isinstance(event, CaseEvent)
            assert key == event.case_no
            self.events.append(event)
        self.order.append(topic.name)

    async def mark(self, topic: Topic, mark: Mark) -> None:
        self.marks.append(mark)
        self.order.append(f"mark in {topic.name}")

    async def dead(self, *letters: DeadLetter) -> None:
        self.letters += letters


def run(path: Path, mapping: SourceMapping, zone: str = "UTC") -> tuple[ImportResult, Kept, list[tuple[int, int]]]:
    kept = Kept()
    seen: list[tuple[int, int]] = []
    importing = FileImport(
        path, SOURCES[mapping.source], mapping, ZoneInfo(zone), mask_with(b"0123456789abcdef"), FEEDS
    )
    result = asyncio.run(importing.run(kept, lambda: to_ms(NOW), lambda done, size: seen.append((done, size))))
    return result, kept, seen


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs {name} in HALLWATCH_TEST_DATA")
    return path


def jsonl(path: Path, *events: CaseEvent | bytes) -> Path:
    path.write_bytes(b"".join((e if isinstance(e, bytes) else encode(e)) + b"\n" for e in events))
    return path


def accepted(number: int, day: int = 1, year: int = 2026, hall: str = "pl", feed: str = "f") -> CaseEvent:
    at = datetime(year, 3, day, tzinfo=UTC)
    return Accepted(event_id=f"e{number}", feed=feed, case_no=f"{hall}/{number}", occurred_at=at)


CANONICAL = CanonicalMapping(source="canonical_json", hall="pl")


def test_good_events_go_through_in_order_and_bad_ones_become_dead_letters_with_the_reason(tmp_path: Path) -> None:
    good = [accepted(1, day=5), accepted(2, day=3)]
    bad = [b"{broken", accepted(3, year=1948), accepted(4, year=2027), accepted(5, hall="x")]
    path = jsonl(tmp_path / "a.jsonl", good[0], *bad, good[1])

    result, kept, _ = run(path, CANONICAL)

    assert kept.events == good
    assert (result.events, result.cases, result.dead, result.broken) == (2, 2, 4, None)
    assert result.first_ms == to_ms(datetime(2026, 3, 3, tzinfo=UTC))
    assert result.last_ms == to_ms(datetime(2026, 3, 5, tzinfo=UTC))
    assert [(letter.place, letter.field, letter.reason) for letter in kept.letters][1:] == [
        ("a.jsonl, event e3", "occurred_at", "the year 1948 is not between 1990 and 2100"),
        ("a.jsonl, event e4", "occurred_at", "lies in the future"),
        ("a.jsonl, line 5", "case_no", "does not begin with 'pl/'"),
    ]
    assert kept.letters[0].place == "a.jsonl, line 2"
    assert kept.letters[0].raw == b"{broken\n"
    assert sum(result.reasons.values()) == 4
    ahead = Words("occurred_at: 在将来", "occurred_at: lies in the future")
    assert result.reasons[ahead] == 1
    assert result.places[ahead] == Words("事件 e4", "event e4")


def test_the_end_of_the_file_is_marked_for_each_of_its_feeds_after_all_events(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", accepted(1, day=5), accepted(2, day=3), accepted(3, day=4, feed="g"))
    _, kept, _ = run(path, CANONICAL)
    assert kept.marks == [
        HorizonMark(feed="f", horizon_at=datetime(2026, 3, 5, tzinfo=UTC)),
        HorizonMark(feed="g", horizon_at=datetime(2026, 3, 4, tzinfo=UTC)),
    ]
    assert kept.order == ["case-events", "mark in case-events", "mark in case-events"]


def test_a_broken_file_is_used_up_to_the_break_and_claims_no_horizon(tmp_path: Path) -> None:
    whole = jsonl(tmp_path / "whole", *(accepted(n) for n in range(3_000))).read_bytes()
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(whole)[:-2_000])

    result, kept, seen = run(path, CANONICAL)

    assert 1_000 < result.events < 3_000
    assert kept.events == [accepted(n) for n in range(result.events)]
    assert (result.dead, len(kept.letters)) == (1, 1)
    assert "the compressed file breaks off" in str(result.broken)
    assert kept.letters[0].place == "a.jsonl.gz, the rest of the file"
    assert kept.marks == []
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def test_importing_again_gives_the_same_events_and_the_same_letters(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", accepted(1), b"{broken", b"{broken", accepted(2, year=1948))
    _, first, _ = run(path, CANONICAL)
    _, second, _ = run(path, CANONICAL)
    assert first.events == second.events
    assert first.letters == second.letters
    assert len({letter.letter_id for letter in first.letters}) == 3


BOSTON_HEADER = "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,TYPE,Department,QUEUE,Source"
BOSTON_ROW = "1,01/02/2015 09:00:00 AM,,01/03/2015 09:00:00 AM,ONTIME,Pothole,PWDx,Q,Call"


@pytest.mark.parametrize("column", ["CASE_ENQUIRY_ID", "OPEN_DT"])
def test_a_file_without_a_necessary_column_gives_one_letter_that_names_it_and_nothing_else(
    tmp_path: Path, column: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{BOSTON_HEADER}\n{BOSTON_ROW}\n")
    assert run(path, MAPPINGS["boston311"], "America/New_York")[0].events == 2
    path.write_text(f"{BOSTON_HEADER.replace(column, 'RENAMED')}\n{BOSTON_ROW}\n")

    result, kept, _ = run(path, MAPPINGS["boston311"], "America/New_York")

    assert (result.events, result.dead, kept.events, kept.marks) == (0, 1, [], [])
    (letter,) = kept.letters
    assert (letter.place, letter.field) == ("a.csv, the file", column)
    assert "the column is missing" in letter.reason
    assert BOSTON_HEADER.replace(column, "RENAMED").replace(",", ", ") in letter.reason
    assert column in str(result.broken)


def test_events_of_a_hall_or_a_feed_that_is_not_in_force_are_set_aside(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", accepted(1), accepted(2, feed="x"), accepted(3, hall="nowhere"))
    result, kept, _ = run(path, CanonicalMapping(source="canonical_json"))
    assert kept.events == [accepted(1)]
    assert [letter.field for letter in kept.letters] == ["feed", "case_no"]
    assert (result.events, result.dead) == (1, 2)


def test_of_a_piece_that_is_set_aside_only_the_beginning_is_kept(tmp_path: Path) -> None:
    _, kept, _ = run(jsonl(tmp_path / "a.jsonl", b"\x00" * 3_000_000), CANONICAL)
    assert [letter.reason for letter in kept.letters] == ["the line is too long"]
    assert len(kept.letters[0].raw) == RAW_BYTES_MAX


def test_an_event_too_large_to_be_carried_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    large = msgspec.structs.replace(accepted(1), extra={"note": "x" * 500_000})
    result, kept, _ = run(jsonl(tmp_path / "a.jsonl", large, accepted(2)), CANONICAL)
    assert kept.events == [accepted(2)]
    assert result.reasons == {Words("事件超过 262144 字节", "the event has more than 262144 bytes"): 1}


def test_progress_is_told_after_each_batch(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *(accepted(n) for n in range(3_500)))
    _, _, seen = run(path, CANONICAL)
    size = path.stat().st_size
    assert len(seen) == 4
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (size, size)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"none\.jsonl"):
        run(tmp_path / "none.jsonl", CANONICAL)


def test_the_receipt_log_gives_1434_cases_and_8577_events_and_none_is_lost() -> None:
    path = real("receipt.xes.gz")
    result, kept, _ = run(path, choose_mapping(MAPPINGS, path.name), "Europe/Amsterdam")
    assert (result.cases, result.events, result.dead) == (1_434, 8_577, 0)
    assert len({event.event_id for event in kept.events}) == 8_577
    kinds = Counter(type(event) for event in kept.events)
    assert (kinds[Accepted], kinds[Finished]) == (1_434, 1_300)
    assert min(event.occurred_at.year for event in kept.events) == 2010


def test_the_boston_file_gives_13741_cases_with_the_citys_verdicts_beside_them() -> None:
    path = real("boston311-2015h1.csv.gz")
    result, kept, _ = run(path, choose_mapping(MAPPINGS, path.name), "America/New_York")
    assert (result.cases, result.events, result.dead) == (13_741, 13_741 + 11_552, 0)
    opened = [event for event in kept.events if isinstance(event, Accepted)]
    assert sum("target" in event.extra for event in opened) == 13_737
    assert all(event.told_due_at is None for event in opened)
    first = opened[0]
    assert (first.case_no, first.occurred_at) == (
        "boston/101001240735",
        datetime(2015, 1, 1, 5, 25, 23, tzinfo=UTC),
    )


def test_the_bpi_2015_log_gives_52217_events_with_6_suspended_and_145_extended_cases() -> None:
    path = real("BPIC15_1.xes.gz")
    result, kept, _ = run(path, choose_mapping(MAPPINGS, path.name), "Europe/Amsterdam")
    assert (result.cases, result.events, result.dead) == (1_199, 52_217, 0)
    assert len({event.event_id for event in kept.events}) == 52_217
    assert len({event.case_no for event in kept.events if isinstance(event, Suspended)}) == 6
    assert len({event.case_no for event in kept.events if isinstance(event, Resumed)}) == 6
    assert len({event.case_no for event in kept.events if isinstance(event, Extended)}) == 145
    assert sum(event.date_only for event in kept.events) == 23_990
