"""What could not be read or processed, with the reason and the bytes."""

from base64 import b64encode

from sinks.destination import STAMPS, Destination
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.topics import DEAD_LETTERS

DESTINATION = Destination(
    topics=(DEAD_LETTERS,),
    kinds=(DeadLetter,),
    table="dead_letters",
    copied=("letter_id", "place", "source", "reason", "field", "traceback"),
    made={"raw": lambda fact: b64encode(fact.body.raw).decode(), **STAMPS},
)
