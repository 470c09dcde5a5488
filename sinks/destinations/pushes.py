"""The push ledger: who was told what, on which channel, and what became of it."""

from sinks.destination import STAMPS, Destination
from streams.contracts.push import Push
from streams.contracts.topics import PUSHES

DESTINATION = Destination(
    topics=(PUSHES,),
    kinds=(Push,),
    table="pushes",
    copied=(
        "receiver", "push_id", "receiver_name", "role", "channel", "reason", "finding_id", "subject", "level", "title",
        "message", "state", "attempt", "detail", "raised_at", "requested_at", "answered_at", "hall", "org",
    ),
    made=STAMPS,
)  # fmt: skip
