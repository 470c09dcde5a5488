"""How the web API says no: one clear JSON object {error, field}, and the guard of the routes that write."""

import hmac
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ExceptionHandlersMap

from dashboards.web_parts import WebParts
from streams.contracts.errors import UnavailableError, UnreadableError

_log = logging.getLogger(__name__)


class Refused(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why a request was not served; `field` names the part of it that is wrong, where one can be named.

    `error_zh` is the reason in Chinese, empty where there is none but English.
    """

    error: str
    field: str = ""
    error_zh: str = ""


AnyRequest = Request[Any, Any, Any]
"""A request; hallwatch uses no user, session or state types of the framework."""


def refuse(status: int, error: str, field: str = "", zh: str = "") -> Response[Refused]:
    """An answer that says no."""
    return Response(Refused(error=error, field=field, error_zh=zh), status_code=status, media_type="application/json")


def wrong(field: str, error: str) -> ClientException:
    """The error of a request that cannot be served as it is."""
    return ClientException(error, extra=[{"key": field, "message": error}])


def _unreadable(_request: AnyRequest, error: UnreadableError) -> Response[Refused]:
    return refuse(400, error.reason, error.field, error.words.zh)


def _unavailable(_request: AnyRequest, error: UnavailableError) -> Response[Refused]:
    return refuse(503, str(error) or "not available now, try again", zh=error.words.zh)


def _http(_request: AnyRequest, error: HTTPException) -> Response[Refused]:
    extra = error.extra if isinstance(error.extra, list) else []
    named = next((entry for entry in extra if isinstance(entry, dict)), {})
    text = str(named.get("message") or error.detail)
    return refuse(error.status_code, text, str(named.get("key", "")))


def _bug(request: AnyRequest, error: Exception) -> Response[Refused]:
    """The text of a bug stays in the log: it may hold what the asker must not see."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return refuse(500, "internal error, see the server's log")


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    UnreadableError: _unreadable,
    UnavailableError: _unavailable,
    HTTPException: _http,
    Exception: _bug,
}
"""Every error of a route as {error, field}."""


def token_guard(parts: WebParts) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]:
    """A guard that lets a request pass only with `Authorization: Bearer <token>`; an empty token lets nothing pass."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), parts.token.encode())
        if not (parts.token and scheme.lower() == "bearer" and right):
            raise NotAuthorizedException("this route writes: send Authorization: Bearer <token>")

    return guard
