"""Closed periods: one row a ranking, its places side by side, so that a correction replaces them together."""

import msgspec

from sinks.destination import STAMPS, Destination
from streams.contracts.ranking import Ranking
from streams.contracts.topics import RANKINGS

_json = msgspec.json.Encoder(order="sorted").encode

DESTINATION = Destination(
    topics=(RANKINGS,),
    kinds=(Ranking,),
    table="rankings",
    copied=("hall", "board", "period", "made_at"),
    made={
        "rows.subject": lambda fact: [row.subject for row in fact.body.rows],
        "rows.name": lambda fact: [row.name for row in fact.body.rows],
        "rows.place": lambda fact: [row.place for row in fact.body.rows],
        "rows.score": lambda fact: [row.score for row in fact.body.rows],
        "rows.figures": lambda fact: [_json(row.figures).decode() for row in fact.body.rows],
        **STAMPS,
    },
)
