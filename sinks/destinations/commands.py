"""What people decided: who, when, why."""

from sinks.destination import Destination
from streams.contracts.alert import Acknowledge, ConfirmWithdrawal
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.topics import COMMANDS

DESTINATION = Destination(
    topics=(COMMANDS,),
    kinds=(Acknowledge, ConfirmWithdrawal),
    table="commands",
    copied=("command_id", "alert_id", "person", "given_at", "why"),
    made={
        "kind": lambda fact: fact.body.__struct_config__.tag,
        "body": lambda fact: encode(fact.body).decode(),
        # A command never changes: given twice, it is one row, known since its first arrival in either table.
        "version": lambda fact: to_ms(fact.body.given_at) * 1000,
        "known_at": lambda fact: from_ms(fact.stamp_ms),
    },
)
