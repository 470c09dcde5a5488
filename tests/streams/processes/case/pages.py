"""What the tests of the page on clocks share: halls with other hours, clocks as facts."""

from dataclasses import replace
from datetime import date
from typing import Any

from streams.contracts.clock import Clock, ClockName
from streams.limits.clock_run import ClockRun
from streams.processes.case.facts import clock_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import HoursData, Org, Site
from tests.streams.processes.case.cases import HOURS, RULES, exact, hall, shared_hall

DAY = ("08:30-12:00", "13:30-18:00")


def with_hours(registry: HallRegistry | None = None, **changes: Any) -> HallRegistry:
    """The hall with other opening hours; `days` by their ISO dates."""
    fields = {"code": "hours", "weekdays": dict.fromkeys(range(1, 6), DAY)} | changes
    fields["days"] = {date.fromisoformat(day): stretches for day, stretches in changes.get("days", {}).items()}
    return replace(registry or hall(), hours=(HoursData(**fields),))


def with_org(registry: HallRegistry, *hours: HoursData, **changes: Any) -> HallRegistry:
    """The hall with other data of its org, and more hours to name."""
    return replace(registry, orgs=(Org(code="org", name_zh="审批局", **changes),), hours=(HOURS, *hours))


def with_site(registry: HallRegistry, site_hours: HoursData) -> HallRegistry:
    """The hall with a site that has hours of its own."""
    sites = (Site(code="site", name_zh="分厅", hours=site_hours.code),)
    return replace(registry, sites=sites, hours=(HOURS, site_hours))


def run_of(fold: CaseFold, name: ClockName) -> ClockRun:
    """The newest run of a clock that must be there."""
    clock = fold.clock(name)
    assert clock is not None, f"there is no {name} clock"
    return clock


def fact(fold: CaseFold, name: ClockName, registry: HallRegistry | None = None) -> Clock:
    """A clock as it is published."""
    return clock_fact(fold, run_of(fold, name), Knowledge(registry or shared_hall(), RULES), "feed")


def due(fold: CaseFold, name: ClockName) -> str:
    """The due instant to the millisecond, without the year."""
    return exact(run_of(fold, name).due_ms)[5:23].replace("T", " ")
