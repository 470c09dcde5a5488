import asyncio
import socket

import httpx
import pytest
from litestar import Litestar, get

from deploy.web_server import WebServer
from streams.contracts.errors import UnavailableError


@get("/", sync_to_thread=False)
def _hello() -> str:
    return "你好"


def test_pages_are_served_from_start_to_stop() -> None:
    async def story() -> None:
        server = WebServer(Litestar([_hello]), "127.0.0.1", 0)
        await server.start()
        async with httpx.AsyncClient() as client:
            assert (await client.get(server.address)).text == "你好"
            await server.stop()
            with pytest.raises(httpx.ConnectError):
                await client.get(server.address)
        await server.stop()  # a second time does nothing

    asyncio.run(story())


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async def story() -> None:
            server = WebServer(Litestar([_hello]), "127.0.0.1", port)
            with pytest.raises(UnavailableError, match=f"127.0.0.1:{port}: is the port taken"):
                await server.start()
            await server.stop()

        asyncio.run(story())
