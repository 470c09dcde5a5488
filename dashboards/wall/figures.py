"""What the wall is made of: plain figures as a store or a test can give them, codes not yet turned into names."""

from collections.abc import Mapping

import msgspec

from streams.contracts.case_event import CaseClass
from streams.contracts.clock import ClockName
from streams.contracts.finding import Level


class DueCase(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An open case by the running clock that decides how grave it is; `level` is that clock's open finding, if any.

    `complete_until_ms` is the horizon of its feed where that is behind the instant of reading, and absent where the
    feed is complete until then: nothing is known of what the case did later.
    """

    case_no: str
    item: str
    org: str
    clock: ClockName
    case_class: CaseClass = "other"
    due_ms: int
    level: Level | None = None
    provisional: bool = False
    complete_until_ms: int | None = None


class AlertLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One alert as it came; `at_ms` is when its finding became true."""

    alert_id: str
    case_no: str
    item: str
    org: str
    level: Level
    state: str
    title_zh: str
    title_en: str = ""
    at_ms: int


class OrgFigure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A department's open cases and its open findings by level; `hall` where one wall shows several halls."""

    org: str
    hall: str = ""
    open_cases: int
    levels: Mapping[Level, int]


class FeedFigure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A feed and the business time up to which it is complete; `silent` when it ought to have spoken."""

    feed: str
    horizon_ms: int | None = None
    silent: bool = False


class WallFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything one wall shows, read at one instant.

    Counts of today are by the hall's own calendar day. A case is looked at as of the horizon of its feed, at the latest
    as of now: `overdue` counts open cases whose due had passed by then, `due_today` those whose due was then still to
    come and lies in today. `due` holds the red cases longest over and the other open cases nearest to their due
    on either side of that instant, so that a thousand old ones hide neither the gravest nor those that can still be
    saved; the longest over comes first. `alerts` come newest
    first. `behind_ms` is how long (real time) the oldest fact that is judged but not yet in the store has been waiting.
    """

    open_cases: int
    accepted_today: int
    finished_today: int
    overdue: int
    due_today: int
    levels: Mapping[Level, int]
    due: tuple[DueCase, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    orgs: tuple[OrgFigure, ...] = ()
    feeds: tuple[FeedFigure, ...] = ()
    behind_ms: int = 0
