"""The web server's application: pages, the wall, the console's API, intake's door and metrics in one."""

from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from dashboards.console.answers import EXCEPTION_HANDLERS
from dashboards.console.api import api_routes, metrics_route
from dashboards.console.intake import intake_routes
from dashboards.wall.routes import wall_routes
from dashboards.wall.stream import StreamSettings, WallStream
from dashboards.web_parts import WebParts

_HEADERS = {
    # Nothing on a page may ask another machine for anything.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_FOR_A_YEAR = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)


def make_app(parts: WebParts, stream: StreamSettings | None = None) -> Litestar:
    """The application; it owns no thread, file or clock of its own and ends its streams when `parts.stop` is set."""
    return Litestar(
        [
            *_pages(parts),
            create_static_files_router(
                "/assets", [parts.static / "assets"], cache_control=_FOR_A_YEAR, include_in_schema=False
            ),
            wall_routes(WallStream(parts, stream)),
            intake_routes(parts),
            api_routes(parts),
            metrics_route(parts),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        response_headers=_HEADERS,
        openapi_config=None,
        logging_config=None,  # the framework would otherwise set the root logger anew
    )


def _pages(parts: WebParts) -> list[HTTPRouteHandler]:
    def built(name: str, media_type: str) -> Response[bytes]:
        file = parts.static / name
        if not file.is_file():
            raise ServiceUnavailableException("the front end is not built: run pip install -e .")
        return Response(file.read_bytes(), media_type=media_type, headers={"Cache-Control": "no-cache"})

    @get("/", sync_to_thread=True)
    def start() -> Response[bytes]:
        """The start page: alerts, and a case's explanation."""
        return built("index.html", MediaType.HTML)

    @get("/wall", sync_to_thread=True)
    def wall() -> Response[bytes]:
        """The wall."""
        return built("wall.html", MediaType.HTML)

    @get("/favicon.svg", sync_to_thread=True)
    def icon() -> Response[bytes]:
        """The pages' icon."""
        return built("favicon.svg", "image/svg+xml")

    return [start, wall, icon]
