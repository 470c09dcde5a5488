import msgspec

from streams.limits.clock_run import ClockRun, Extension, Skip


def clock(*skips: Skip, **fields: object) -> ClockRun:
    return ClockRun("promise", "working_days", 5, 1_000, due_ms=9_000, skips=skips, **fields)  # type: ignore[arg-type]


def test_a_skip_reaches_to_its_end_or_its_cap_whichever_comes_first() -> None:
    assert Skip(1, "suspension", "e", to_ms=5, cap_ms=9).reach_ms() == 5
    assert Skip(1, "suspension", "e", to_ms=9, cap_ms=5).reach_ms() == 5
    assert Skip(1, "suspension", "e", cap_ms=5).reach_ms() == 5
    assert Skip(1, "waiting", "e", to_ms=5).reach_ms() == 5
    assert Skip(1, "waiting", "e").reach_ms() is None


def test_the_total_is_the_limit_with_its_extensions_but_months_keep_theirs_apart() -> None:
    extended = (Extension(1, 3, "e", "p"), Extension(2, 4, "f", "p"))
    assert clock(extensions=extended).total() == 12
    assert ClockRun("promise", "calendar_months", 5, 1_000, extensions=extended).total() == 5


def test_how_a_clock_stands_is_told_by_its_last_open_skip_and_its_stop() -> None:
    assert clock().state() == "running"
    assert clock(Skip(2_000, "suspension", "e", cap_ms=3_000)).state() == "suspended"
    assert clock(Skip(2_000, "waiting", "e")).state() == "waiting"
    assert clock(Skip(2_000, "waiting", "e", to_ms=3_000)).state() == "running"
    assert clock(Skip(2_000, "waiting", "e"), stopped_ms=4_000, ended="stopped").state() == "stopped"
    assert clock(stopped_ms=4_000, ended="void").state() == "void"


def test_the_highest_card_so_far_holds_until_the_clock_stops() -> None:
    dealt = clock(cards=((3_000, 1), (9_001, 2)))
    assert [dealt.level_at(at_ms) for at_ms in (2_999, 3_000, 9_001)] == [None, (3_000, 1), (9_001, 2)]
    assert [dealt.next_card(at_ms) for at_ms in (0, 3_000, 9_001)] == [3_000, 9_001, None]
    dealt.stopped_ms = 9_500
    assert dealt.level_at(9_600) is None
    assert dealt.next_card(0) is None


def test_a_clock_is_judged_up_to_its_stop_and_not_while_it_waits() -> None:
    assert clock().judged_ms(20_000) == 20_000
    assert clock(stopped_ms=8_000).judged_ms(20_000) == 8_000
    assert clock(Skip(7_000, "waiting", "e")).judged_ms(20_000) == 7_000
    assert clock(Skip(7_000, "suspension", "e", cap_ms=8_000)).judged_ms(20_000) == 20_000
    replaced = clock(Skip(7_000, "waiting", "e", to_ms=15_000), stopped_ms=15_000, ended="void")
    assert replaced.judged_ms(20_000) == 7_000


def test_a_clock_survives_its_bytes() -> None:
    full = clock(Skip(1, "waiting", "e", whole=True), cards=((3_000, 1),), extensions=(Extension(1, 3, "e", "p"),))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(full), type=ClockRun) == full


def test_a_clock_is_over_from_a_millisecond_after_its_due_unless_it_stopped_or_waits() -> None:
    assert [clock().is_over(at_ms) for at_ms in (9_000, 9_001)] == [False, True]
    assert not clock(stopped_ms=9_000, ended="stopped").is_over(20_000)
    assert clock(stopped_ms=9_001, ended="stopped").is_over(20_000)
    assert not clock(Skip(2_000, "waiting", "e")).is_over(20_000)
