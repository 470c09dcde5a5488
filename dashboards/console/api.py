"""The console's web API: alerts, a case's explanation, commands, SQL, status and metrics."""

import csv
import io
from typing import Any, Literal

import msgspec
from litestar import MediaType, Response, Router, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from dashboards.console.answers import AnyRequest, token_guard, wrong
from dashboards.wall.snapshot import Name
from dashboards.web_parts import Language, WebParts
from streams.contracts.alert import Alert
from streams.contracts.codec import decode
from streams.contracts.instants import Instant, to_ms
from streams.contracts.store import Answer
from streams.contracts.topics import COMMANDS

ALERTS_MAX = 500
"""The most alerts that one request is given."""


class HallServed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A hall, its name and its time zone (IANA)."""

    hall: str
    name: Name
    zone: str


class SqlQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement that reads, and how its answer is written."""

    query: str
    format: Literal["json", "csv"] = "json"


def api_routes(parts: WebParts) -> Router:
    """Everything under /api that is neither the wall's nor intake's."""
    return Router("/api", route_handlers=[*_reading(parts), *_writing(parts)])


def _reading(parts: WebParts) -> list[HTTPRouteHandler]:
    @get("/halls", sync_to_thread=False)
    def halls() -> list[HallServed]:
        """The halls served, the default one first."""
        return [
            HallServed(hall=hall, name=parts.name_of("hall", hall, hall), zone=parts.zone_of(hall))
            for hall in parts.halls()
        ]

    @get("/alerts")
    async def alerts(hall: FromQuery[str] = "", limit: FromQuery[int] = 100) -> list[Alert]:
        """The newest alerts, newest first."""
        if not 0 < limit <= ALERTS_MAX:
            raise wrong("limit", f"must be 1 to {ALERTS_MAX}")
        return list(await parts.alerts(hall, limit))

    @get("/cases/{path:path}")
    async def explain(path: FromPath[str], lang: FromQuery[Language] = "zh", at: FromQuery[str] = "") -> Response[Any]:
        """Why each clock of a case stands where it stands: /api/cases/{case_no}/explain; a case number has a `/`."""
        case_no, _, tail = path.strip("/").rpartition("/")
        if tail != "explain" or not case_no:
            raise NotFoundException("only /api/cases/{case_no}/explain is here")
        explanation = await parts.explain(case_no, lang, _instant_ms(at))
        if explanation is None:
            raise NotFoundException(f"no case {case_no!r}")
        return Response(msgspec.json.encode(explanation), media_type=MediaType.JSON)

    @get("/status", sync_to_thread=False)
    def status() -> Response[bytes]:
        """How the stack stands."""
        return Response(msgspec.json.encode(parts.status()), media_type=MediaType.JSON)

    return [halls, alerts, explain, status]


def _writing(parts: WebParts) -> list[HTTPRouteHandler]:
    guard = token_guard(parts)

    @post("/commands", status_code=202, guards=[guard])
    async def command(request: AnyRequest) -> dict[str, str]:
        """A person's decision; answered when it is kept."""
        given = decode(COMMANDS, await request.body())
        await parts.command(given)
        return {"command_id": given.command_id}

    @post("/sql", status_code=200, guards=[guard])
    async def sql(request: AnyRequest) -> Response[Any]:
        """One reading statement: JSON {columns, rows}, or CSV with a heading line."""
        try:
            question = msgspec.json.decode(await request.body(), type=SqlQuestion)
        except msgspec.MsgspecError as error:
            raise wrong("", f"send {{query, format}}: {error}") from error
        try:
            answer = await parts.sql(question.query)
        except ValueError as error:
            raise wrong("query", str(error)) from error
        if question.format == "csv":
            return Response(_csv(answer), media_type="text/csv; charset=utf-8")
        # Numbers beyond JSON's safe range and decimals stay exact as text.
        return Response(msgspec.json.encode(answer._asdict(), enc_hook=str), media_type=MediaType.JSON)

    return [command, sql]


def metrics_route(parts: WebParts) -> HTTPRouteHandler:
    """GET /metrics in Prometheus' text format."""

    @get("/metrics", sync_to_thread=False)
    def metrics() -> Response[bytes]:
        """Every metric."""
        return Response(parts.metrics(), media_type="text/plain; version=1.0.0; charset=utf-8")

    return metrics


def _instant_ms(at: str) -> int | None:
    if not at:
        return None
    # A plus sign in a query string that nobody escaped arrives as a blank.
    try:
        return to_ms(msgspec.convert(at.replace(" ", "+"), Instant))
    except msgspec.ValidationError as error:
        raise wrong("at", f"must be an instant with an offset, e.g. 2026-11-23T09:00:00+08:00: {error}") from error


def _csv(answer: Answer) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
    return text.getvalue()
