"""One hall, findings and pushes as the tests of alerting need them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.push import Push
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Hall, Item, Org, Person, Route

CHINA = timezone(timedelta(hours=8))
NINE_MS = to_ms(datetime(2026, 3, 9, 9, tzinfo=CHINA))
"""2026-03-09 09:00 in Shanghai."""


@pytest.fixture
def nine_ms() -> int:
    return NINE_MS


@pytest.fixture
def hall() -> HallRegistry:
    return HallRegistry(
        hall=Hall(code="pl", name_zh="平凉市政务大厅", calendar="cn", hours="day", policy="two", push_age_max_hours=72),
        orgs=(
            Org(code="amr", name_zh="市市场监管局", name_en="Market Regulation", chief_representative="li"),
            Org(code="hr", name_zh="市人社局"),
            Org(code="bare", name_zh="新单位"),
        ),
        people=(
            Person(code="li", name="李主任", org="amr", role="window", channels=("console", "webhook")),
            Person(code="sun", name="孙科长", org="hr", role="section_head"),
            Person(code="office", name="大厅办公室", role="hall_office"),
        ),
        items=(Item(code="food", name_zh="食品经营许可", name_en="Food licence", org="amr"),),
        routes=(Route(code="cards", channels=("console", "webhook")),),
    )


@pytest.fixture
def registries(hall: HallRegistry) -> dict[str, Registry]:
    nobody = HallRegistry(hall=hall.hall, routes=hall.routes)
    return {"v1": Registry("v1", {"pl": hall}), "v0": Registry("v0", {"pl": nobody})}


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """A yellow card raised at nine and known a second later; give what differs."""

    def make(**changes: Any) -> Finding:
        known_ms = changes.pop("known_ms", NINE_MS + 1000)
        raised_ms = changes.pop("raised_ms", NINE_MS)
        fields: dict[str, Any] = {
            "finding_id": "f1",
            "subject": "pl/2026-001",
            "rule": "overdue",
            "state": "open",
            "change": "opened",
            "level": "yellow",
            "highest": changes.get("level", "yellow"),
            "raised_at": from_ms(raised_ms),
            "due_at": from_ms(raised_ms - 1),
            "title_zh": "超过承诺时限",
            "title_en": "Over the promised limit",
            "message_zh": "该办件已超过承诺时限。",
            "message_en": "The case is over its promised limit.",
            "hall": "pl",
            "org": "amr",
            "item": "food",
            "version": known_ms * 1000,
            "known_at": from_ms(known_ms),
        }
        return Finding(**{**fields, **changes})

    return make


@pytest.fixture
def make_push() -> Callable[..., Push]:
    """A push that is due on the console; give what differs."""

    def make(**changes: Any) -> Push:
        fields: dict[str, Any] = {
            "push_id": "p1",
            "receiver": "pl/li",
            "receiver_name": "李主任",
            "role": "chief_representative",
            "channel": "console",
            "reason": "opened",
            "finding_id": "f1",
            "subject": "pl/2026-001",
            "level": "yellow",
            "title": "【黄牌】超过承诺时限",
            "message": "办件编号:pl/2026-001",
            "state": "due",
            "attempt": 1,
            "raised_at": from_ms(NINE_MS),
            "hall": "pl",
            "org": "amr",
        }
        return Push(**{**fields, **changes})

    return make
