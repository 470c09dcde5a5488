"""What the web server is given: plain functions, handed in by the wiring, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dashboards.wall.figures import WallFigures
from dashboards.wall.snapshot import NameOf
from streams.contracts.alert import Alert, Command
from streams.contracts.case_event import CaseEvent
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.mark import Mark
from streams.contracts.ranking import Ranking
from streams.contracts.store import Answer
from streams.contracts.words import Language


class Refusal(NamedTuple):
    """An event that intake does not take: its position in the batch (from 0), why, and which field."""

    position: int
    reason: str
    field: str = ""
    reason_zh: str = ""


@dataclass(frozen=True)
class WebParts:
    """The functions behind the routes. Those that may wait for a store or a journal are awaitable.

    A function that raises UnavailableError is answered by 503, UnreadableError by 400; anything else is a bug.

    Attributes:
        halls: the codes of the halls served, the default one first.
        zone_of: the IANA time zone of a hall.
        name_of: names of halls, departments and items.
        figures: the wall's figures of one hall.
        alerts: the newest alerts of one hall (empty: all), at most so many.
        explain: the explanation of a case (case number, language, judged until and by what was known at: epoch ms, or
            absent for now), as something that msgspec can encode; absent when there is no such case.
        command: takes a command; returns when it is kept.
        accept: takes canonical events; returns when they are kept, naming those that were refused and not kept.
        mark: takes a mark for every partition of the topic of that name.
        dead: keeps dead letters.
        sql: answers a statement that reads, with its parameters by name; a statement that the store refuses, or that
            would write, is a ValueError.
        apply_hall: puts the registry of a hall in force, given its folder on the server's machine or the name of a
            shipped hall; the new version. A folder that is not there is an UnreadableError.
        publish_ranking: keeps a ranking as a fact.
        settle: waits until everything accepted is judged, told and stored; false when that takes too long.
        metrics: the exposition for Prometheus.
        now_ms, speed: the product's clock and how fast it runs against real time.
        status: how the stack stands, as something that msgspec can encode.
        marks: registry versions and horizons by when they came, as something that msgspec can encode.
        stop: set when the server ends, so that open streams end first.
        token: the secret that writing takes; empty refuses every write.
        static: the folder of the built front end.
    """

    halls: Callable[[], Sequence[str]]
    zone_of: Callable[[str], str]
    name_of: NameOf
    figures: Callable[[str], Awaitable[WallFigures]]
    alerts: Callable[[str, int], Awaitable[Sequence[Alert]]]
    explain: Callable[[str, Language, int | None, int | None], Awaitable[Any | None]]
    command: Callable[[Command], Awaitable[None]]
    accept: Callable[[Sequence[CaseEvent]], Awaitable[Sequence[Refusal]]]
    mark: Callable[[str, Mark], Awaitable[None]]
    dead: Callable[[Sequence[DeadLetter]], Awaitable[None]]
    sql: Callable[[str, Mapping[str, Any]], Awaitable[Answer]]
    apply_hall: Callable[[str], Awaitable[str]]
    publish_ranking: Callable[[Ranking], Awaitable[None]]
    settle: Callable[[], Awaitable[bool]]
    metrics: Callable[[], bytes]
    now_ms: Callable[[], int]
    speed: Callable[[], float]
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    marks: Callable[[], Any]
    stop: asyncio.Event
    token: str = field(repr=False)
    static: Path
