"""The registry in use: the halls of one version, indexed for the questions that clocks, rules and routes ask.

Everything is immutable; only the calendars are built at their first use and kept. How each kind binds stands in
design section 7: limits and policies at acceptance, calendars by date, routes at telling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.calendar.building import build_calendar
from streams.calendar.calendar import Calendar
from streams.contracts.finding import Level
from streams.registry.snapshot import (
    CalendarData,
    Feed,
    Hall,
    HoursData,
    Item,
    Org,
    Person,
    Policy,
    Route,
    RuleSetting,
    Site,
)

CHIEF_REPRESENTATIVE = "chief_representative"
"""首席代表 (PL-12): the one role that the org itself names; every other role stands with the person."""


@dataclass(frozen=True, kw_only=True)
class HallRegistry:
    """One hall's data. Codes are unique within their kind; `streams.registry.loading` guards what is read."""

    hall: Hall
    orgs: tuple[Org, ...] = ()
    sites: tuple[Site, ...] = ()
    people: tuple[Person, ...] = ()
    items: tuple[Item, ...] = ()
    policies: tuple[Policy, ...] = ()
    calendars: tuple[CalendarData, ...] = ()
    hours: tuple[HoursData, ...] = ()
    feeds: tuple[Feed, ...] = ()
    routes: tuple[Route, ...] = ()
    rules: tuple[RuleSetting, ...] = ()
    _index: "_Index" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the parts by their codes."""
        object.__setattr__(self, "_index", _Index(self))

    def item(self, code: str) -> Item | None:
        """The item (事项) with this code."""
        return self._index.items.get(code)

    def org(self, code: str) -> Org | None:
        """The org (部门) with this code."""
        return self._index.orgs.get(code)

    def site(self, code: str) -> Site | None:
        """The site or zone with this code."""
        return self._index.sites.get(code)

    def person(self, code: str) -> Person | None:
        """The person with this code."""
        return self._index.people.get(code)

    def feed(self, name: str) -> Feed | None:
        """The feed with this name."""
        return self._index.feeds.get(name)

    def calendar_of(self, org_code: str) -> Calendar:
        """Legal days and opening hours of an org; what it does not name itself, and an unknown org, get the hall's."""
        found = self._index.of_orgs.get(org_code)
        if found is None:
            org = self._index.orgs.get(org_code)
            if org is None:
                return self._calendar(self.hall.calendar, self.hall.hours)
            found = self._calendar(org.calendar or self.hall.calendar, org.hours or self.hall.hours)
            self._index.of_orgs[org_code] = found
        return found

    def calendar_of_site(self, site_code: str) -> Calendar:
        """The hall's legal days with the hours of a site: its own, else the nearest site's above it, else the hall's.

        A site changes opening hours only, never legal days (clocks.md 2).
        """
        found = self._index.of_sites.get(site_code)
        if found is None:
            found = self._calendar(self.hall.calendar, self._hours_of_site(site_code))
            if not site_code or site_code in self._index.sites:
                self._index.of_sites[site_code] = found
        return found

    def _hours_of_site(self, site_code: str) -> str:
        site = self._index.sites.get(site_code)
        seen: set[str] = set()
        while site is not None and not site.hours and site.code not in seen:
            seen.add(site.code)
            site = self._index.sites.get(site.parent)
        return site.hours if site is not None and site.hours else self.hall.hours

    def policy_of(self, item: Item | None) -> Policy:
        """The card policy of an item; the hall's for an item that names none and for an unknown item."""
        code = item.policy if item is not None and item.policy else self.hall.policy
        return self._index.policies[code]

    def rule_setting(self, rule: str, org: str, item: str) -> RuleSetting | None:
        """How a rule is switched and tuned here: the setting for org and item, else item, else org, else for all."""
        settings = self._index.rules
        for key in ((rule, org, item), (rule, "", item), (rule, org, ""), (rule, "", "")):
            if key in settings:
                return settings[key]
        return None

    def route_of(self, level: Level, org: str) -> Route | None:
        """The first route whose levels and org match; a route without an org matches every org."""
        for route in self.routes:
            if level in route.levels and route.org in ("", org):
                return route
        return None

    def people_with_role(self, role: str, org: str) -> tuple[Person, ...]:
        """Who holds a role for an org: the org's own people, and where it has none, those of the hall itself.

        The chief representative is whom the org names; empty where a role is held by nobody.
        """
        if role == CHIEF_REPRESENTATIVE:
            named = self._index.orgs.get(org)
            person = self._index.people.get(named.chief_representative) if named is not None else None
            return (person,) if person is not None else ()
        holders = self._index.roles.get((role, org), ())
        return holders or self._index.roles.get((role, ""), ())

    def _calendar(self, calendar: str, hours: str) -> Calendar:
        built = self._index.built
        found = built.get((calendar, hours))
        if found is None:
            found = build_calendar(self._index.calendars[calendar], self._index.hours[hours])
            built[calendar, hours] = found
        return found


class _Index:
    """The parts of one hall by their codes, and the calendars built so far."""

    def __init__(self, hall: HallRegistry) -> None:
        self.orgs = {org.code: org for org in hall.orgs}
        self.sites = {site.code: site for site in hall.sites}
        self.people = {person.code: person for person in hall.people}
        self.items = {item.code: item for item in hall.items}
        self.policies = {policy.code: policy for policy in hall.policies}
        self.calendars = {calendar.code: calendar for calendar in hall.calendars}
        self.hours = {hours.code: hours for hours in hall.hours}
        self.feeds = {feed.name: feed for feed in hall.feeds}
        self.rules = {(rule.rule, rule.org, rule.item): rule for rule in hall.rules}
        self.roles: dict[tuple[str, str], tuple[Person, ...]] = {}
        for person in hall.people:
            self.roles[person.role, person.org] = (*self.roles.get((person.role, person.org), ()), person)
        self.built: dict[tuple[str, str], Calendar] = {}
        self.of_orgs: dict[str, Calendar] = {}
        self.of_sites: dict[str, Calendar] = {}


@dataclass(frozen=True)
class Registry:
    """The halls of one registry version, by their codes. An empty registry has the version ''."""

    version: str = ""
    halls: Mapping[str, HallRegistry] = field(default_factory=dict)

    def hall_of(self, subject: str) -> HallRegistry | None:
        """The hall that a subject id (`hall/local`) belongs to."""
        return self.halls.get(subject.partition("/")[0])

    def feed(self, name: str) -> Feed | None:
        """The feed with this name in whichever hall declares it; names are unique over all halls of one version."""
        for hall in self.halls.values():
            feed = hall.feed(name)
            if feed is not None:
                return feed
        return None
