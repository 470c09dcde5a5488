"""A finding: a rule found something; open, ended or withdrawn, never deleted (clocks.md section 7)."""

from typing import Literal

import msgspec

from streams.contracts.instants import Instant

Level = Literal["notice", "warn", "yellow", "red"]
"""提示 < 预警 < 黄牌 < 红牌."""

LEVELS: tuple[Level, ...] = ("notice", "warn", "yellow", "red")
"""The levels, lowest first."""

FindingState = Literal["open", "ended", "withdrawn"]
"""Open; ended (the cause is over, it counts); withdrawn (was never true, counts nowhere)."""

FindingChange = Literal["opened", "raised", "lowered", "moved", "ended", "reopened", "withdrawn"]
"""What this version changes against the version published before it."""

Withdrawal = Literal["", "proposed", "confirmed"]
"""Proposed: it counts until a supervisor confirms that it was never true; empty where nobody has to (clocks.md 7)."""

Dimension = Literal["completeness", "timeliness", "legality", "content"]
"""公开信息完整性, 办理时效性, 流程合法性, 内容规范性 (PL-29)."""

Anomaly = Literal["overtime", "content", "fee", "result"]
"""超时限, 内容不规范, 收费不标准, 结果认定不充分 (PL-30)."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A time during which the finding was true; `ended_at` is absent while it is."""

    level: Level
    raised_at: Instant
    ended_at: Instant | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="finding"):
    """One version of a finding about one subject.

    Identity (`finding_id`) is a hash of (subject, ladder or rule, clock, run, epoch); level, due and numbers are
    attributes of the version. `raised_at` is since when it is true at this level; `known_at` since when hallwatch
    knows. `tell` is false for what nobody needs to be told (clocks.md 7). `messages` are ready to be shown.
    `scored_on` is the org that it counts for (empty: its own), `scored` false where it counts for nobody here.
    `rises_at` is when its level rises next if nothing happens.
    `withdrawn_level` is the level that a withdrawal takes back where a lower one was true and stands.
    """

    finding_id: str
    subject: str
    subject_kind: str = "case"
    rule: str
    rule_version: int = 1
    clock: str = ""
    epoch: int = 1
    run: int = 1
    state: FindingState
    change: FindingChange
    withdrawal: Withdrawal = ""
    withdrawn_level: Level | Literal[""] = ""
    level: Level
    highest: Level
    raised_at: Instant
    ended_at: Instant | None = None
    due_at: Instant | None = None
    rises_at: Instant | None = None
    stretches: tuple[Stretch, ...] = ()
    tell: bool = True
    provisional: bool = False
    scored: bool = True
    scored_on: str = ""
    dimension: Dimension = "timeliness"
    anomaly: Anomaly = "overtime"
    basis: str = ""
    title_zh: str = ""
    title_en: str = ""
    message_zh: str = ""
    message_en: str = ""
    numbers: dict[str, int | float | str] = {}
    event_ids: tuple[str, ...] = ()
    hall: str = ""
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    feed: str = ""
    registry_version: str = ""
    version: int = 0
    known_at: Instant | None = None
