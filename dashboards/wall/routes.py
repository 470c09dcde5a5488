"""The wall's routes: its snapshot and its stream."""

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent

from dashboards.wall.snapshot import WallSnapshot
from dashboards.wall.stream import WallStream


def wall_routes(stream: WallStream) -> Router:
    """GET /api/wall and /api/wall/stream, both of one hall (`?hall=`, else the first served)."""

    @get("/")
    async def snapshot(hall: FromQuery[str] = "") -> WallSnapshot:
        """The wall as it is now."""
        return await stream.of(hall).snapshot()

    @get("/stream")
    async def live(hall: FromQuery[str] = "") -> ServerSentEvent:
        """The wall as server-sent events; any snapshot is whole, so a browser that comes back misses nothing."""
        return ServerSentEvent(stream.of(hall).frames())

    return Router("/api/wall", route_handlers=[snapshot, live])
