"""Clocks with the ledgers that explain them."""

import msgspec

from sinks.destination import PLACE, STAMPS, Destination
from streams.contracts.clock import Clock
from streams.contracts.topics import CLOCKS

_json = msgspec.json.Encoder().encode

DESTINATION = Destination(
    topics=(CLOCKS,),
    kinds=(Clock,),
    table="clocks",
    copied=(
        "case_no", "clock_id", "clock", "epoch", "run", "step", "state", "unit", "limit_amount", "started_at",
        "due_at", "stopped_at", "used", "remaining", "overdue", "provisional", "calendar_version", "feed", *PLACE,
    ),
    made={"ledger": lambda fact: _json(fact.body.ledger).decode(), **STAMPS},
)  # fmt: skip
