"""What a finding says: the values of its message and the message itself, in Chinese and English."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import msgspec

from streams.contracts.finding import Level
from streams.contracts.words import Language, Words
from streams.limits.clock_run import ClockRun
from streams.limits.reckoning import overdue_by, overdue_unit, used_until
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.wording import CLASSES, CLOCKS, REMARKS, amount_text, instant_text
from streams.registry.snapshot import Item
from streams.rule import Remark, Rule, remarked, step_part


def clock_of(fold: CaseFold, finding: FindingRun) -> ClockRun | None:
    """The run of a clock that a finding speaks of: the newest that was due when the finding says.

    Where its due has moved since, the clock as it stood while the finding was true.
    """
    if finding.was is not None:
        return finding.was
    runs = fold.runs_of(finding.clock) if finding.clock else []
    if finding.clock == "step":
        runs = [clock for clock in runs if clock.run == finding.run and step_part(clock.step) == finding.part]
    meant = [clock for clock in runs if clock.due_ms == finding.due_ms]
    if meant or not runs:
        return meant[-1] if meant else None
    end_ms = finding.spans[-1].ended_ms
    if finding.due_ms is None or end_ms is None:
        return runs[-1]
    extensions = [extension for extension in runs[-1].extensions if extension.at_ms < end_ms]
    return msgspec.structs.replace(runs[-1], due_ms=finding.due_ms, extensions=extensions)


def values_of(
    fold: CaseFold, finding: FindingRun, knowledge: Knowledge
) -> tuple[dict[Language, dict[str, str]], dict[str, int | float | str]]:
    """What fills the places of a message, and the same as numbers."""
    item, clock = knowledge.item(fold.item), clock_of(fold, finding)
    calendar = knowledge.calendar_for(finding.clock or "promise", fold.org, fold.accept_site)
    zone = calendar.midnights.zone
    last = finding.spans[-1]
    end = fold.at_ms if last.ended_ms is None else last.ended_ms
    same = {
        "case": fold.case_no,
        "org": fold.org,
        "step": clock.step if clock is not None else "",
        "part": finding.part.removeprefix("part:"),
        "as_of": instant_text(end, zone),
        "ended": "" if last.ended_ms is None else instant_text(end, zone),
        "due": "" if finding.due_ms is None else instant_text(finding.due_ms, zone),
    }
    values: dict[Language, dict[str, str]] = {
        "zh": {**same, "item": item.name_zh if item is not None else f"台账外事项{fold.item}"},
        "en": {
            **same,
            "item": (item.name_en or item.name_zh) if item is not None else f"unregistered item {fold.item}".rstrip(),
        },
    }
    if remarks := remarked(fold, knowledge.rule(finding.rule).remarks).get(finding.event_id):
        said = dict.fromkeys(_remark_words(fold, item, remark) for remark in remarks)
        joints: dict[Language, str] = {"zh": "；", "en": "; "}
        for language, joint in joints.items():
            values[language]["what"] = joint.join(words.in_language(language) for words in said)
            values[language]["when"] = instant_text(remarks[0].at_ms, zone)
    numbers: dict[str, int | float | str] = {}
    if clock is not None:
        over, total = overdue_by(calendar, clock, end), clock.total()
        numbers = {
            "limit": total,
            "unit": clock.unit,
            "used": used_until(calendar, clock, end),
            "over": over,
            "over_unit": overdue_unit(clock),
        }
        for language, texts in values.items():
            texts["deemed"] = _deemed_text(fold, clock, zone, language)
            texts["limit"] = amount_text(total, clock.unit, language)
            texts["over"] = amount_text(over, overdue_unit(clock), language)
    return values, numbers


_AS_OF = Words("（截至 {as_of}）", " (as of {as_of})")


def _deemed_text(fold: CaseFold, clock: ClockRun, zone: ZoneInfo, language: Language) -> str:
    """That a case counts as accepted by silence and since when; empty where it does not (clocks.md 4)."""
    if fold.deemed_ms is None or fold.accepted_ms is None:
        return ""
    since = instant_text(fold.accepted_ms, zone)
    if language == "en":
        return f"; by law it counts as accepted as of its {'receipt' if clock.run == 1 else 'supplement'}, {since}"
    return f"，依法视为自{'收件' if clock.run == 1 else '补正'}之日（{since}）起受理"


def _remark_words(fold: CaseFold, item: Item | None, remark: Remark) -> Words:
    """What a remark means, with the clocks that it speaks of, or the classes that differ."""
    words = REMARKS[remark.code]
    if remark.code == "class_conflict" and item is not None:
        told = CLASSES["instant" if fold.clock("instant") is not None else fold.case_class]
        own = CLASSES[item.case_class]
        return Words(f"{words.zh}：登记为{told.zh}，事项为{own.zh}", f"{words.en}: {told.en}, not {own.en}")
    names = dict.fromkeys(
        CLOCKS[clock.name]
        for clock in fold.clocks
        for void in clock.voids
        if (void.event_id, void.note) == (remark.event_id, remark.code)
    )
    if not names or not remark.code.endswith("_after_due"):
        return words
    return Words("、".join(name.zh for name in names) + words.zh, f"{', '.join(name.en for name in names)}: {words.en}")


TAILS = {
    "ended": (Words("（已于 {ended} 结束）", " (ended {ended})"),),
    "withdrawn": (Words("（已撤回）", " (withdrawn)"),),
    "proposed": (Words("（拟撤回，待监察人员确认）", " (withdrawal proposed, waits for a supervisor to confirm it)"),),
}
"""What is added to a message about the state of a finding, and about its withdrawal."""


def message_of(
    rule: Rule,
    level: Level,
    tails: Iterable[Words],
    finding: FindingRun,
    values: Mapping[Language, Mapping[str, str]],
    language: Language,
) -> str:
    """The message of a rule at a level, with what is added about the state of the finding."""
    message = rule.messages.get(level)
    if message is None:
        text = rule.title_zh if language == "zh" else rule.title_en
    else:
        text = message.zh if language == "zh" else message.en
    mark = ""
    if finding.provisional:
        mark = "【暂定】" if language == "zh" else "[provisional] "
    if "{over}" in text and finding.spans[-1].ended_ms is None:
        tails = (_AS_OF, *tails)  # it grows, and who reads this may read it days later
    tail = "".join(words.in_language(language) for words in tails)
    return mark + (text + tail).format_map(values[language])
