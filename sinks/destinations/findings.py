"""Findings, every version of each."""

import msgspec

from sinks.destination import PLACE, STAMPS, Destination
from streams.contracts.finding import Finding
from streams.contracts.topics import FINDINGS

_json = msgspec.json.Encoder(order="sorted").encode

DESTINATION = Destination(
    topics=(FINDINGS,),
    kinds=(Finding,),
    table="findings",
    copied=(
        "subject", "finding_id", "subject_kind", "rule", "rule_version", "clock", "epoch", "run", "state", "change",
        "withdrawal", "withdrawn_level", "level", "highest", "raised_at", "ended_at", "due_at", "tell",
        "provisional", "scored", "dimension", "anomaly", "basis", "title_zh", "title_en", "message_zh",
        "message_en", "event_ids", "registry_version", "feed", *PLACE,
    ),
    made={
        "scored_on": lambda fact: fact.body.scored_on or fact.body.org,
        "stretches": lambda fact: _json(fact.body.stretches).decode(),
        "numbers": lambda fact: _json(fact.body.numbers).decode(),
        **STAMPS,
    },
)  # fmt: skip
