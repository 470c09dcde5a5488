"""The webhook against a real server on the loopback."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from alerting.channel import ChannelSettingsError, Verdict, open_channels
from alerting.channels.webhook import CHANNEL
from streams.contracts.push import Push

SECRET = "a-secret-of-some-length"
Send = Callable[..., Verdict]


@dataclass
class Receiver:
    """A server that answers as told and keeps what it got."""

    status: int = 200
    answer: bytes = b'{"ok":true}'
    wait: threading.Event = field(default_factory=threading.Event)
    location: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=hidden"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()
    told.wait.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((dict(self.headers), body))
            told.wait.wait(60)
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", str(len(told.answer)))
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, format: str, *args: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            return  # a client that hangs up is part of the tests

    server = Server(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield told
    told.wait.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def send(receiver: Receiver, make_push: Callable[..., Push]) -> Send:
    def send(push: Push | None = None, url: str = "", timeout_seconds: float = 14) -> Verdict:
        given = {"url": url or receiver.url, "signing_secret": SECRET, "timeout_seconds": timeout_seconds}
        session = open_channels({"webhook": CHANNEL}, {"webhook": given})["webhook"].session

        async def once() -> Verdict:
            try:
                return await session.send(push or make_push(), 1_795_406_400_999)
            finally:
                await session.close()

        return asyncio.run(once())

    return send


def test_the_webhook_passes_every_check(passes_every_check: Callable[..., None], receiver: Receiver) -> None:
    passes_every_check("webhook", CHANNEL, {"url": receiver.url, "signing_secret": SECRET})


def test_what_is_posted_is_signed_json_that_names_itself(receiver: Receiver, send: Send) -> None:
    assert send() == Verdict("sent", 'HTTP 200: {"ok":true}')
    headers, body = receiver.got[0]
    assert headers["Idempotency-Key"] == "p1"
    assert headers["X-Hallwatch-Timestamp"] == "1795406400"
    expected = hmac.new(SECRET.encode(), b"1795406400." + body, hashlib.sha256).hexdigest()
    assert headers["X-Hallwatch-Signature"] == f"sha256={expected}"
    assert headers["Content-Type"].startswith("application/json")
    said = json.loads(body)
    assert (said["push_id"], said["level"], said["receiver_name"]) == ("p1", "yellow", "李主任")
    assert (said["title"], said["raised_at"]) == ("【黄牌】超过承诺时限", "2026-03-09T01:00:00Z")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "sent"),
        (204, "sent"),
        (400, "dead"),
        (401, "dead"),
        (404, "dead"),
        (408, "failed"),
        (409, "dead"),
        (425, "failed"),
        (429, "failed"),
        (500, "failed"),
        (503, "failed"),
    ],
)
def test_the_status_is_the_verdict(receiver: Receiver, send: Send, status: int, verdict: str) -> None:
    receiver.status, receiver.answer = status, b""
    assert send() == Verdict(verdict, f"HTTP {status}")  # type: ignore[arg-type]


def test_a_redirect_is_not_followed(receiver: Receiver, send: Send) -> None:
    receiver.status, receiver.answer, receiver.location = 302, b"", receiver.url
    assert send() == Verdict("dead", "HTTP 302")
    assert len(receiver.got) == 1


def test_a_long_refusal_is_quoted_in_short_on_one_line(receiver: Receiver, send: Send) -> None:
    receiver.status, receiver.answer = 400, "字段\r\n错误 ".encode() * 5000
    detail = send().detail
    assert detail.startswith("HTTP 400: 字段 错误 字段")
    assert len(detail) < 220


def test_bytes_that_are_no_text_do_no_harm(receiver: Receiver, send: Send) -> None:
    receiver.answer = b"\xff\xfe\x00"
    assert send().verdict == "sent"


def test_no_answer_in_time_is_a_failure_that_does_not_tell_the_address(receiver: Receiver, send: Send) -> None:
    receiver.wait.clear()
    assert send(timeout_seconds=0.2) in (Verdict("failed", "ReadTimeout"), Verdict("failed", "ConnectTimeout"))


def test_nobody_listening_is_a_failure(send: Send) -> None:
    assert send(url="http://127.0.0.1:1/") == Verdict("failed", "ConnectError")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://hall.example/"}, "signing_secret"),
        ({"signing_secret": SECRET}, "url"),
        ({"url": "ftp://hall.example/", "signing_secret": SECRET}, "url"),
        ({"url": "http://hall.example/", "signing_secret": "short"}, "signing_secret"),
        ({"url": "http://hall.example/", "signing_secret": SECRET, "timeout_seconds": 60}, "timeout_seconds"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ChannelSettingsError, match=field):
        open_channels({"webhook": CHANNEL}, {"webhook": given})
