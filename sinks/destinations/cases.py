"""How cases stand."""

from sinks.destination import PLACE, STAMPS, Destination
from streams.contracts.case import Case
from streams.contracts.topics import CASES

DESTINATION = Destination(
    topics=(CASES,),
    kinds=(Case,),
    table="cases",
    copied=(
        "case_no", "state", "case_class", "applied_at", "accepted_at", "finished_at", "due_at", "epoch", "on_time",
        "no_limit", "events", "late_events", "last_event_at", "registry_version", "feed", *PLACE,
    ),
    made={"result": lambda fact: fact.body.result or "", **STAMPS},
)  # fmt: skip
