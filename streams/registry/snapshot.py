"""The registry's data as values: what a hall's office edits, immutable and versioned."""

from datetime import date
from typing import Literal

import msgspec

from streams.contracts.case_event import CaseClass
from streams.contracts.finding import Level
from streams.limits.limit import Limit


class Org(msgspec.Struct, frozen=True, kw_only=True):
    """A department (部门): who is responsible. `calendar` and `hours` name registry data; empty: the hall's.

    `site` is the zone in which its windows are.
    """

    code: str
    name_zh: str
    name_en: str = ""
    org_kind: Literal["city", "district", "social", "other"] = "city"
    entry_mode: int = 0
    private_network: bool = False
    chief_representative: str = ""
    site: str = ""
    calendar: str = ""
    hours: str = ""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A hall or station, or a zone inside one; `parent` makes the tree."""

    code: str
    name_zh: str
    name_en: str = ""
    parent: str = ""
    floor: str = ""
    windows: int = 0
    hours: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be told; `channels` lists where, e.g. `webhook` or `console`."""

    code: str
    name: str
    org: str = ""
    role: str = ""
    channels: tuple[str, ...] = ("console",)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What can be applied for. `policy` names a card policy; empty: the hall's.

    `item_type` is GB/T 39046 A.1 (`01` licence). Limits bind at acceptance. `steps` are the limits of single steps by
    their names; the others have none. `upper_stage` is what the upper unit has for a case that is passed up to it.
    """

    code: str
    name_zh: str
    name_en: str = ""
    org: str = ""
    item_type: str = ""
    case_class: CaseClass = "promised"
    promise: Limit | None = None
    statutory: Limit | None = None
    policy: str = ""
    document: bool = False
    steps: dict[str, Limit] = {}
    upper_stage: Limit | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How limits become cards (clocks.md 4 to 8); every default that a hall may decide otherwise.

    `suspension_grounds` are those that suspend every handling clock; others suspend the promise only. Empty: the eight
    of licence law article 45. `law`: whose law the ledgers and findings name; `own` names none.
    """

    code: str
    ladder: Literal["two_limit", "ratio90", "near_due", "urge_deadline"] = "two_limit"
    end_of_day: Literal["close", "midnight"] = "close"
    correction: Literal["reset", "pause"] = "reset"
    statutory_correction: Literal["pause", "reset", "run"] = "pause"
    profile: Literal["", "guangdong", "hunan"] = ""
    suspension_days_max: int = 20
    suspension_grounds: tuple[str, ...] = ()
    extension_days_max: int = 10
    joint_days: int = 45
    joint_extension_days_max: int = 15
    correction_wait_days: int = 30
    withdraw_within_days: int = 2
    acceptance_days: int = 5
    first_review_days: int = 20
    delivery_days: int = 10
    law: Literal["china", "own"] = "china"


class CalendarData(msgspec.Struct, frozen=True, kw_only=True):
    """Legal days. `base` fills in what the lists do not say: `china` (published notices), `weekend`, `none`.

    `free` and `working` win over the base. From `unknown_from` on nothing is published yet: days are provisional.
    """

    code: str
    zone: str
    version: str
    base: Literal["china", "weekend", "none"] = "weekend"
    free: dict[date, str] = {}
    working: dict[date, str] = {}
    known_from: date | None = None
    unknown_from: date | None = None


class HoursData(msgspec.Struct, frozen=True, kw_only=True):
    """Opening hours: ISO weekday (1 = Monday) to stretches such as `08:30-12:00`; make-up days use `working_day`.

    A weekday that is absent is closed. Stretches are half-open: [open, close). `since` are the weekdays' hours from a
    date on, until the next such date: summer and winter hours; the regular day, the unit of office days, stays that of
    `weekdays`. `days` are the hours of single dates,
    half days and extended service; a date without stretches is closed. They never change which days are legal.
    """

    code: str
    weekdays: dict[int, tuple[str, ...]]
    working_day: tuple[str, ...] = ()
    since: dict[date, dict[int, tuple[str, ...]]] = {}
    days: dict[date, tuple[str, ...]] = {}


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One foreign system sending us events. `way`: push, poll, or file (complete up to its own end).

    `full_profile`: it tells every receipt, acceptance, refusal and notice, so that its silence about a case means
    that nothing was decided (deemed acceptance, clocks.md 4).
    """

    name: str
    way: Literal["push", "poll", "file"] = "push"
    silent_after_seconds: int = 60
    authoritative: bool = True
    full_profile: bool = False


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told about a finding: the first route whose levels and org match gives the roles."""

    code: str
    levels: tuple[Level, ...] = ("warn", "yellow", "red")
    org: str = ""
    roles: tuple[str, ...] = ("chief_representative",)
    channels: tuple[str, ...] = ("console",)


class RuleSetting(msgspec.Struct, frozen=True, kw_only=True):
    """Switches and tunes one rule; empty `org` and `item` mean all."""

    rule: str
    enabled: bool = True
    parameters: dict[str, int | float | str] = {}
    org: str = ""
    item: str = ""


class Hall(msgspec.Struct, frozen=True, kw_only=True):
    """The hall itself and its defaults."""

    code: str
    name_zh: str
    name_en: str = ""
    zone: str = "Asia/Shanghai"
    calendar: str
    hours: str
    policy: str
    push_age_max_hours: int = 72
