"""The door for records from outside: canonical events, marks and dead letters as JSON lines."""

from typing import Any

from litestar import Router, post
from litestar.params import FromQuery

from dashboards.console.answers import AnyRequest, token_guard, wrong
from dashboards.console.lines import REASONS_MAX, IntakeAnswer, RefusedLine, letter_of, read_lines, read_marks
from dashboards.web_parts import WebParts
from streams.contracts.topics import BY_NAME, CASE_EVENTS, DEAD_LETTERS

BODY_MAX_BYTES = 64 * 1024 * 1024
"""The largest batch that is taken."""


def intake_routes(parts: WebParts) -> Router:
    """POST /api/intake/events, /marks, /dead-letters; each needs the token and answers with counts."""

    @post("/events", status_code=200)
    async def events(request: AnyRequest, source: FromQuery[str] = "http") -> IntakeAnswer:
        """Canonical case events; answered when they are kept. A line that is refused stops none of the others."""
        read = read_lines(CASE_EVENTS, await request.body())
        refused = list(read.refused)
        kept_back = await parts.accept(read.records) if read.records else ()
        for why in kept_back:
            line = read.lines[why.position]
            told = RefusedLine(line=line.number, reason=why.reason, field=why.field, reason_zh=why.reason_zh)
            refused.append((line, told))
        if refused:
            await parts.dead([letter_of(line, why, source) for line, why in refused])
        return IntakeAnswer(
            accepted=len(read.records) - len(kept_back),
            dead=len(refused),
            refused=tuple(sorted((why for _, why in refused), key=lambda why: why.line))[:REASONS_MAX],
        )

    @post("/marks", status_code=200)
    async def marks(request: AnyRequest, topic: FromQuery[str] = CASE_EVENTS.name) -> IntakeAnswer:
        """Marks for every partition of an input topic; one that cannot be read refuses them all."""
        if topic not in BY_NAME:
            raise wrong("topic", f"no topic {topic!r}")
        read = read_marks(await request.body())
        for mark in read:
            await parts.mark(topic, mark)
        return IntakeAnswer(accepted=len(read), dead=0)

    @post("/dead-letters", status_code=200)
    async def dead_letters(request: AnyRequest) -> IntakeAnswer:
        """Dead letters that another process found, e.g. an import on the command line."""
        read = read_lines(DEAD_LETTERS, await request.body())
        letters: list[Any] = [*read.records, *(letter_of(line, why, "dead-letters") for line, why in read.refused)]
        if letters:
            await parts.dead(letters)
        return IntakeAnswer(
            accepted=len(read.records),
            dead=len(read.refused),
            refused=tuple(why for _, why in read.refused)[:REASONS_MAX],
        )

    return Router(
        "/api/intake",
        route_handlers=[events, marks, dead_letters],
        guards=[token_guard(parts)],
        request_max_body_size=BODY_MAX_BYTES,
    )
