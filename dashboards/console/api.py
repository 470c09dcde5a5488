"""The console's web API: alerts, a case's explanation, commands, SQL, status and metrics."""

import csv
import io
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from litestar import MediaType, Response, Router, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from dashboards.console.answers import AnyRequest, token_guard, wrong
from dashboards.wall.snapshot import Name
from dashboards.web_parts import WebParts
from streams.contracts.alert import Alert
from streams.contracts.codec import decode
from streams.contracts.instants import Instant, to_ms
from streams.contracts.store import Answer
from streams.contracts.topics import COMMANDS, RANKINGS
from streams.contracts.words import Language

ALERTS_MAX = 500
"""The most alerts that one request is given."""


class HallServed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A hall, its name and its time zone (IANA)."""

    hall: str
    name: Name
    zone: str


class SqlQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement that reads, its parameters (`{name:Type}` in the statement), and how the answer is written.

    `msgpack` is for programs: (columns, rows) with instants kept as instants.
    """

    query: str
    format: Literal["json", "csv", "msgpack"] = "json"
    parameters: dict[str, Any] = {}


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
    async def explain(
        path: FromPath[str], lang: FromQuery[Language] = "zh", at: FromQuery[str] = "", known_at: FromQuery[str] = ""
    ) -> Response[Any]:
        """Why each clock of a case stands where it stands: /api/cases/{case_no}/explain; a case number has a `/`."""
        case_no, _, tail = path.strip("/").rpartition("/")
        if tail != "explain" or not case_no:
            raise NotFoundException("only /api/cases/{case_no}/explain is here")
        explanation = await parts.explain(case_no, lang, _instant_ms("at", at), _instant_ms("known_at", known_at))
        if explanation is None:
            raise NotFoundException(no_case(case_no, lang, at, known_at))
        return Response(msgspec.json.encode(explanation), media_type=MediaType.JSON)

    @get("/status")
    async def status() -> Response[bytes]:
        """How the stack stands."""
        return Response(msgspec.json.encode(await parts.status()), media_type=MediaType.JSON)

    @get("/marks", sync_to_thread=False)
    def marks() -> Response[bytes]:
        """When each registry version came into force, and how far each feed was known to be complete when."""
        return Response(msgspec.json.encode(parts.marks()), media_type=MediaType.JSON)

    return [halls, alerts, explain, status, marks]


def _writing(parts: WebParts) -> list[HTTPRouteHandler]:
    guard = token_guard(parts)

    @post("/commands", status_code=202, guards=[guard])
    async def command(request: AnyRequest) -> dict[str, str]:
        """A person's decision; answered when it is kept."""
        given = decode(COMMANDS, await request.body())
        await parts.command(given)
        return {"command_id": given.command_id}

    @post("/sql", status_code=200, guards=[guard])
    async def sql(request: AnyRequest) -> Response[bytes]:
        """One reading statement, answered as the question asks: see SqlQuestion."""
        try:
            question = msgspec.json.decode(await request.body(), type=SqlQuestion)
        except msgspec.MsgspecError as error:
            raise wrong("", f"send {{query, format}}: {error}") from error
        try:
            answer = await parts.sql(question.query, question.parameters)
        except ValueError as error:
            raise wrong("query", str(error)) from error
        return _WRITTEN[question.format](answer)

    @post("/registry", status_code=200, guards=[guard])
    async def registry(request: AnyRequest) -> dict[str, str]:
        """Put a hall's registry in force; the body is its folder on the server's machine, or a shipped hall's name."""
        try:
            return {"version": await parts.apply_hall((await request.body()).decode().strip())}
        except UnicodeDecodeError as error:
            raise wrong("folder", str(error)) from error

    @post("/rankings", status_code=202, guards=[guard])
    async def rankings(request: AnyRequest) -> dict[str, str]:
        """A ranking to be kept as a fact of its own."""
        ranking = decode(RANKINGS, await request.body())
        await parts.publish_ranking(ranking)
        return {"board": ranking.board, "period": ranking.period}

    @post("/settle", status_code=200, guards=[guard])
    async def settle() -> dict[str, bool]:
        """Answers once everything accepted is judged, told and stored (`settled`), or time is up."""
        return {"settled": await parts.settle()}

    return [command, sql, registry, rankings, settle]


def metrics_route(parts: WebParts) -> HTTPRouteHandler:
    """GET /metrics in Prometheus' text format."""

    @get("/metrics", sync_to_thread=False)
    def metrics() -> Response[bytes]:
        """Every metric."""
        return Response(parts.metrics(), media_type="text/plain; version=1.0.0; charset=utf-8")

    return metrics


def _instant_ms(name: str, at: str) -> int | None:
    if not at:
        return None
    # A plus sign in a query string that nobody escaped arrives as a blank.
    try:
        return to_ms(msgspec.convert(at.replace(" ", "+"), Instant))
    except msgspec.ValidationError as error:
        raise wrong(name, f"must be an instant with an offset, e.g. 2026-11-23T09:00:00+08:00: {error}") from error


def _as_json(answer: Answer) -> Response[bytes]:
    # What JSON has no form for, such as decimals, is written as text.
    return Response(msgspec.json.encode(answer._asdict(), enc_hook=str), media_type=MediaType.JSON)


def _as_csv(answer: Answer) -> Response[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
    return Response(text.getvalue().encode(), media_type="text/csv; charset=utf-8")


def _as_msgpack(answer: Answer) -> Response[bytes]:
    return Response(msgspec.msgpack.encode(answer, enc_hook=str), media_type="application/vnd.msgpack")


_WRITTEN: dict[str, Callable[[Answer], Response[bytes]]] = {"json": _as_json, "csv": _as_csv, "msgpack": _as_msgpack}


def no_case(case_no: str, lang: Language, at: str = "", known_at: str = "") -> str:
    """What is said of a case that is not there, or was not there then."""
    if lang == "en":
        return f"no case {case_no}" + (f" at {at}" if at else "") + (f" known at {known_at}" if known_at else "")
    return f"没有办件 {case_no}" + (f"（截至 {at}）" if at else "") + (f"（{known_at} 所知）" if known_at else "")
