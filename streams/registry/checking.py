"""Whether the parts of a hall fit together: references, meaningless values, a chief representative for each org."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from zoneinfo import ZoneInfo

from streams.calendar.legal import legal_days
from streams.contracts.case_event import LimitUnit
from streams.registry.files import FILES, Sheet
from streams.registry.placed import Placed
from streams.registry.problem import Notes
from streams.registry.registry import CHIEF_REPRESENTATIVE

Sheets = Mapping[str, Sheet]
"""Every file of a hall as read, by the field of HallRegistry that it fills."""

_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("hall", "calendar", "calendars"),
    ("hall", "hours", "hours"),
    ("hall", "policy", "policies"),
    ("orgs", "calendar", "calendars"),
    ("orgs", "hours", "hours"),
    ("orgs", "chief_representative", "people"),
    ("orgs", "site", "sites"),
    ("sites", "parent", "sites"),
    ("sites", "hours", "hours"),
    ("people", "org", "orgs"),
    ("items", "org", "orgs"),
    ("items", "policy", "policies"),
    ("routes", "org", "orgs"),
    ("rules", "org", "orgs"),
    ("rules", "item", "items"),
)
"""(kind, its field, the kind that the field names); an empty field names nothing."""

_LEAST: tuple[tuple[str, str, int], ...] = (
    ("hall", "push_age_max_hours", 1),
    ("sites", "windows", 0),
    ("orgs", "entry_mode", 0),
    ("feeds", "silent_after_seconds", 1),
    ("policies", "suspension_days_max", 0),
    ("policies", "extension_days_max", 0),
    ("policies", "joint_days", 1),
    ("policies", "joint_extension_days_max", 0),
    ("policies", "correction_wait_days", 1),
    ("policies", "withdraw_within_days", 0),
    ("policies", "acceptance_days", 1),
    ("policies", "first_review_days", 1),
    ("policies", "delivery_days", 1),
)
"""(kind, field, the least value that means something)."""

_MOST: tuple[tuple[str, str, int], ...] = (("policies", "first_review_days", 20),)
"""(kind, field, the most that is lawful): a first review takes twenty working days at most (clocks.md 3)."""

_AMOUNT_MAX: dict[LimitUnit, int] = {
    "working_days": 2_500,
    "office_days": 2_500,
    "office_minutes": 2_500 * 480,
    "calendar_days": 3_653,
    "clock_hours": 3_653 * 24,
    "calendar_months": 120,
}
"""Ten years in every unit: a longer limit is a slip of the pen."""

_FILES = {hall_file.holds: hall_file.file for hall_file in FILES}
_STRETCH = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def check_sheets(sheets: Sheets, rule_ids: Collection[str] | None) -> None:
    """Add to the notes of each sheet what does not fit.

    `rule_ids` are the rules that exist; None where the caller does not know them.
    """
    _references(sheets)
    _least(sheets)
    for kind, check in _CHECKS.items():
        for placed in sheets[kind].parts:
            check(placed, sheets)
    _rules(sheets, rule_ids)


def _references(sheets: Sheets) -> None:
    for kind, field, target in _REFERENCES:
        if any(not problem.field for problem in sheets[target].notes.problems):
            continue  # that file could not be read whole, so nobody knows what it would have declared
        for placed in sheets[kind].parts:
            name = getattr(placed.part, field)
            if name and name not in sheets[target].names:
                zh, en = f"{_FILES[target]} 中没有“{name}”", f"there is no `{name}` in {_FILES[target]}"
                sheets[kind].notes.add(placed.line_of(field), field, zh, en)


def _least(sheets: Sheets) -> None:
    for kind, field, least in _LEAST:
        for placed in sheets[kind].parts:
            if getattr(placed.part, field) < least:
                sheets[kind].notes.add(placed.line_of(field), field, f"至少为 {least}", f"must be {least} or more")
    for kind, field, most in _MOST:
        for placed in sheets[kind].parts:
            if getattr(placed.part, field) > most:
                sheets[kind].notes.add(placed.line_of(field), field, f"至多为 {most}", f"must be {most} or less")


def _hall(placed: Placed, sheets: Sheets) -> None:
    notes = sheets["hall"].notes
    if "/" in placed.part.code:
        zh = "不得含“/”:编号写作 大厅/办件号"
        notes.add(placed.line_of("code"), "code", zh, "must not hold `/`: subject ids are written hall/local")
    if not _zone_exists(placed.part.zone):
        notes.add(placed.line_of("zone"), "zone", f"没有时区“{placed.part.zone}”", f"no time zone `{placed.part.zone}`")
    for calendar in sheets["calendars"].parts:
        if calendar.part.code == placed.part.calendar and calendar.part.zone != placed.part.zone:
            zh = f"与日历的时区 {calendar.part.zone} 不同"
            notes.add(placed.line_of("zone"), "zone", zh, f"differs from its calendar's zone {calendar.part.zone}")


def _org(placed: Placed, sheets: Sheets) -> None:
    """PL-12: every org has a chief representative, one of its own people."""
    notes, org = sheets["orgs"].notes, placed.part
    if not org.chief_representative:
        en = "the chief representative is missing (PL-12)"
        notes.add(placed.line, CHIEF_REPRESENTATIVE, "缺少首席代表(平政办发〔2018〕179号 三(三)4)", en)
    for person in sheets["people"].parts:
        if person.part.code == org.chief_representative and person.part.org != org.code:
            line = placed.line_of(CHIEF_REPRESENTATIVE)
            zh, en = f"{person.part.name}不属于本部门", f"{person.part.name} belongs to another org"
            notes.add(line, CHIEF_REPRESENTATIVE, zh, en)


def _item(placed: Placed, sheets: Sheets) -> None:
    """A statutory limit counts days, not opening time, except where the policy's profile says so (clocks.md 1)."""
    item = placed.part
    _amounts(placed, sheets)
    if item.statutory is None or item.statutory.unit not in ("office_days", "office_minutes"):
        return
    name = item.policy or next((hall.part.policy for hall in sheets["hall"].parts), "")
    profiles = [policy.part.profile for policy in sheets["policies"].parts if policy.part.code == name]
    if profiles and "hunan" not in profiles:
        line = placed.line_of("statutory")
        zh, en = (
            "法定时限不得按办公时间计算(湖南口径除外)",
            "a statutory limit is not counted in opening time, except in profile hunan",
        )
        sheets["items"].notes.add(line, "statutory", zh, en)


def _amounts(placed: Placed, sheets: Sheets) -> None:
    """Limits that nobody can mean."""
    item, notes = placed.part, sheets["items"].notes
    limits = [
        ("promise", item.promise),
        ("statutory", item.statutory),
        *(("steps", each) for each in item.steps.values()),
    ]
    for field, limit in limits:
        if limit is not None and limit.amount > _AMOUNT_MAX[limit.unit]:
            notes.add(placed.line_of(field), field, "超过十年，请核对", "is more than ten years")


def _site(placed: Placed, sheets: Sheets) -> None:
    parents = {site.part.code: site.part.parent for site in sheets["sites"].parts}
    code, seen = placed.part.parent, {placed.part.code}
    while code and code not in seen:
        seen.add(code)
        code = parents.get(code, "")
    if code == placed.part.code:
        line = placed.line_of("parent")
        sheets["sites"].notes.add(line, "parent", "上级回到自身", "leads back to the site itself")


def _calendar(placed: Placed, sheets: Sheets) -> None:
    notes, calendar = sheets["calendars"].notes, placed.part
    if not _zone_exists(calendar.zone):
        notes.add(placed.line_of("zone"), "zone", f"没有时区“{calendar.zone}”", f"no time zone `{calendar.zone}`")
    for day in calendar.free.keys() & calendar.working.keys():
        zh, en = f"{day} 既放假又上班", f"{day} is listed as free and as working"
        notes.add(placed.line_of("working"), "working", zh, en)
    known, unknown = calendar.known_from, calendar.unknown_from
    if known is not None and unknown is not None and unknown <= known:
        notes.add(placed.line_of("unknown_from"), "unknown_from", "须晚于 known_from", "must be later than known_from")
    if known is not None and unknown is None and known.toordinal() >= legal_days(calendar.base).unknown_from:
        zh, en = "晚于已公布的放假安排", "is later than the published notices"
        notes.add(placed.line_of("known_from"), "known_from", zh, en)


def _hours(placed: Placed, sheets: Sheets) -> None:
    notes, hours = sheets["hours"].notes, placed.part
    if not any(hours.weekdays.values()):
        notes.add(placed.line_of("weekdays"), "weekdays", "至少一天要开门", "must be open on one day at least")
    _week(hours.weekdays, "weekdays", placed.line_of("weekdays"), notes)
    for day, weekdays in hours.since.items():
        _week(weekdays, f"since.{day}", placed.line_of("since"), notes)
    for zh, en in _stretch_mistakes(hours.working_day):
        notes.add(placed.line_of("working_day"), "working_day", zh, en)
    for day, stretches in hours.days.items():
        for zh, en in _stretch_mistakes(stretches):
            notes.add(placed.line_of("days"), f"days.{day}", zh, en)


def _week(weekdays: Mapping[int, tuple[str, ...]], field: str, line: int, notes: Notes) -> None:
    for weekday, stretches in weekdays.items():
        if not 1 <= weekday <= 7:
            zh = f"星期须为 1(周一)至 7(周日),现为 {weekday}"
            notes.add(line, field, zh, f"weekdays are 1 (Monday) to 7, not {weekday}")
        for zh, en in _stretch_mistakes(stretches):
            notes.add(line, f"{field}.{weekday}", zh, en)


def _stretch_mistakes(stretches: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    minutes: list[int] = []
    for stretch in stretches:
        match = _STRETCH.fullmatch(stretch)
        if match is None:
            yield f"时段须写作 08:30-12:00(现为“{stretch}”)", f"a stretch is written 08:30-12:00, not `{stretch}`"
            return
        minutes += [int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])]
    if any(later <= earlier for earlier, later in pairwise(minutes)) or (minutes and minutes[-1] > 24 * 60):
        yield "时段须由早到晚、互不相接", "stretches must go from early to late and must not touch"


def _route(placed: Placed, sheets: Sheets) -> None:
    """A role that nobody in the hall holds is a mistake of writing, or a hole that nobody would hear of."""
    held = {person.part.role for person in sheets["people"].parts} | {CHIEF_REPRESENTATIVE}
    for role in placed.part.roles:
        if role not in held:
            zh, en = f"people.csv 中无人担任“{role}”", f"nobody in people.csv has the role `{role}`"
            sheets["routes"].notes.add(placed.line_of("roles"), "roles", zh, en)


def _rules(sheets: Sheets, rule_ids: Collection[str] | None) -> None:
    notes = sheets["rules"].notes
    seen: dict[tuple[str, str, str], int] = {}
    for placed in sheets["rules"].parts:
        key = (placed.part.rule, placed.part.org, placed.part.item)
        if key in seen:
            line = seen[key]
            zh = f"与第 {line} 行重复(规则、部门、事项相同)"
            notes.add(placed.line, "rule", zh, f"the same rule, org and item stand already in line {line}")
        seen.setdefault(key, placed.line)
        if rule_ids is not None and placed.part.rule not in rule_ids:
            line = placed.line_of("rule")
            notes.add(line, "rule", f"没有规则“{placed.part.rule}”", f"there is no rule `{placed.part.rule}`")


def _zone_exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return False
    return True


_CHECKS: dict[str, Callable[[Placed, Sheets], None]] = {
    "hall": _hall,
    "orgs": _org,
    "sites": _site,
    "items": _item,
    "calendars": _calendar,
    "hours": _hours,
    "routes": _route,
}
