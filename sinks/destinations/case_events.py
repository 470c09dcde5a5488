"""Canonical case events and signals between cases, every version of each with its first arrival."""

from typing import Any, get_args

import msgspec

from sinks.destination import Destination, Fact
from streams.contracts.case_event import CaseEvent
from streams.contracts.case_signal import CaseSignal
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.topics import CASE_EVENTS


def body(fact: Fact) -> str:
    """The event as JSON without its arrival, so that the same event imported again has the same bytes."""
    unstamped = {"version": 0, "known_at": None} if isinstance(fact.body, CaseSignal) else {}
    return encode(msgspec.structs.replace(fact.body, arrived_at=None, **unstamped)).decode()


def arrived_at(fact: Fact) -> Any:
    """When intake accepted it, stamped there; the record carries the same stamp."""
    return fact.body.arrived_at or from_ms(fact.stamp_ms)


DESTINATION = Destination(
    topics=(CASE_EVENTS,),
    kinds=(*get_args(CaseEvent), *get_args(CaseSignal)),
    table="case_events",
    copied=(
        "case_no", "event_id", "occurred_at", "data_version", "date_only", "feed", "site", "org", "item", "window",
        "staff",
    ),
    made={
        "kind": lambda fact: fact.body.__struct_config__.tag,
        "hall": lambda fact: fact.body.case_no.partition("/")[0],
        "arrived_at": arrived_at,
        "body": body,
    },
)  # fmt: skip
