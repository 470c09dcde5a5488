"""A preview in words: which clock moves where, what becomes of which finding, and the sum; Chinese and English."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from streams.contracts.finding import Finding, FindingChange
from streams.contracts.instants import to_ms
from streams.contracts.words import Language, Words
from streams.processes.case.preview import CasePreview, MovedClock
from streams.processes.case.wording import CLOCKS, instant_text
from streams.registry.snapshot import CalendarData

_MINUTES_A_DAY = 24 * 60

_CHANGES: dict[FindingChange, Words] = {
    "opened": Words("新增", "appears"),
    "reopened": Words("重新出现", "appears again"),
    "raised": Words("升级", "rises"),
    "lowered": Words("降级", "falls"),
    "moved": Words("变动", "moves"),
    "ended": Words("结束", "ends"),
    "withdrawn": Words("撤回", "vanishes"),
}
_LEVELS = {
    "notice": Words("提示", "notice"),
    "warn": Words("预警", "warning"),
    "yellow": Words("黄牌", "yellow card"),
    "red": Words("红牌", "red card"),
}


def clock_text(clock: MovedClock, zone: ZoneInfo, lang: Language) -> str:
    """A moved clock: its name, both dues, by how much, and whether it becomes or stops being provisional."""
    name = CLOCKS[clock.clock].in_language(lang)
    text = f"{name}  {instant_text(clock.old_due_ms, zone)} → {instant_text(clock.new_due_ms, zone)}"
    text += f"  {by_text(clock.new_due_ms - clock.old_due_ms, lang)}"
    if clock.old_provisional != clock.new_provisional:
        words = Words("改为暂定", "becomes provisional") if clock.new_provisional else Words("不再暂定", "is confirmed")
        text += f"  {words.in_language(lang)}"
    return text


def by_text(moved_ms: int, lang: Language) -> str:
    """By how much: whole days, else days, hours and minutes, with a sign."""
    if not moved_ms:
        return Words("不变", "unmoved").in_language(lang)
    minutes = abs(moved_ms) // 60_000
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    units = ((days, Words("天", "d")), (rest // 60, Words("小时", "h")), (rest % 60, Words("分", "min")))
    parts = [f"{amount}{'' if lang == 'zh' else ' '}{unit.in_language(lang)}" for amount, unit in units if amount]
    return ("+" if moved_ms > 0 else "−") + (" ".join(parts) or "< 1 min")


def finding_text(finding: Finding, zone: ZoneInfo, lang: Language) -> str:
    """What becomes of a finding, and whether anybody would be told."""
    change, level = _CHANGES[finding.change].in_language(lang), _LEVELS[finding.level].in_language(lang)
    told = Words("推送", "told") if finding.tell else Words("不推送", "not told")
    title = finding.title_zh if lang == "zh" else finding.title_en
    since = instant_text(to_ms(finding.raised_at), zone)
    return f"{change} {level} {title} ({finding.rule})  {since}  {told.in_language(lang)}"


def imported_texts(new: CalendarData, folder: Path) -> tuple[Words, Words]:
    """A calendar that a notice has changed, and what to do next."""
    until = new.unknown_from - timedelta(days=1) if new.unknown_from else None
    reach = Words(f"已公布至 {until}", f"published up to {until}") if until else Words("无止期", "without an end")
    return (
        Words(
            f"日历 {new.code}：版本 {new.version}，{reach.zh}",
            f"calendar {new.code}: version {new.version}, {reach.en}",
        ),
        Words(
            f"查看影响：hallwatch calendar preview {folder}；生效：hallwatch registry apply {folder}",
            f"see what it moves: hallwatch calendar preview {folder}; "
            f"put it in force: hallwatch registry apply {folder}",
        ),
    )


def summary_text(found: Sequence[CasePreview], lang: Language) -> str:
    """How many cases, how many clocks move or are only confirmed or unsettled, how many findings of each change."""
    clocks = [clock for case in found for clock in case.clocks]
    moved = sum(clock.new_due_ms != clock.old_due_ms for clock in clocks)
    only = len(clocks) - moved
    changes = Counter(finding.change for case in found for finding in case.findings)
    told = sum(finding.tell for case in found for finding in case.findings)
    listed = [f"{_CHANGES[change].in_language(lang)} {count:,}" for change, count in sorted(changes.items())]
    if lang == "zh":
        counts = f"{len(found):,} 个办件,{moved:,} 个时限变动,{only:,} 个仅暂定与否有变"
        return f"{counts};监察发现:{'、'.join(listed) or '无变化'};将推送 {told:,} 条"
    counts = f"{len(found):,} cases, {moved:,} clocks move, {only:,} are only confirmed or made provisional"
    return f"{counts}; findings: {', '.join(listed) or 'none change'}; {told:,} told"
