"""A signed webhook: one JSON document a telling, posted to an address of the hall's own systems.

Who receives it checks `X-Hallwatch-Signature`: `sha256=` and the hex HMAC-SHA256, with the shared secret, over
`X-Hallwatch-Timestamp` (epoch seconds), a full stop and the body as it came. `Idempotency-Key` is the same at every
attempt of one telling.
"""

import hashlib
import hmac
from typing import Annotated, ClassVar

import httpx
import msgspec

from alerting.channel import Channel, ChannelSettings, Verdict
from streams.contracts.codec import encode
from streams.contracts.finding import Level
from streams.contracts.instants import Instant
from streams.contracts.push import Push, PushReason

_TRY_AGAIN = frozenset({408, 425, 429})
"""Refusals that time may heal: too slow, too early, too many."""

_QUOTED_MAX = 200
_READ_MAX = 4096


class WebhookSettings(ChannelSettings, frozen=True, kw_only=True):
    """Where to post, the shared secret that signs, and how long an answer may take."""

    secret: ClassVar[frozenset[str]] = frozenset({"url", "signing_secret"})

    url: Annotated[str, msgspec.Meta(pattern="^https?://[^/]+")]
    signing_secret: Annotated[str, msgspec.Meta(min_length=16)]
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=14)] = 10.0


class WebhookBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is posted."""

    push_id: str
    reason: PushReason
    level: Level
    title: str
    message: str
    subject: str
    finding_id: str
    receiver: str
    receiver_name: str
    role: str
    hall: str
    org: str
    raised_at: Instant


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class _Webhook:
    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        # Proxies come from no environment: what leaves the machine stands in the settings.
        self._client = httpx.AsyncClient(timeout=settings.timeout_seconds, trust_env=False, follow_redirects=False)

    async def send(self, push: Push, now_ms: int) -> Verdict:
        body = encode(_body(push))
        timestamp = str(now_ms // 1000)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": push.push_id,
            "X-Hallwatch-Timestamp": timestamp,
            "X-Hallwatch-Signature": signature(self._settings.signing_secret, timestamp, body),
        }
        try:
            async with self._client.stream("POST", self._settings.url, content=body, headers=headers) as answer:
                return _verdict(answer.status_code, await _beginning(answer))
        except httpx.TransportError as error:  # the text may hold the address, which may hold a token
            return Verdict("failed", type(error).__name__)

    async def close(self) -> None:
        await self._client.aclose()


def _body(push: Push) -> WebhookBody:
    return WebhookBody(**{name: getattr(push, name) for name in WebhookBody.__struct_fields__})


async def _beginning(answer: httpx.Response) -> str:
    """The first of the body, on one line; what follows is not read."""
    read = b""
    async for part in answer.aiter_bytes():
        read += part
        if len(read) >= _READ_MAX:
            break
    words = " ".join(read[:_READ_MAX].decode(errors="replace").split())
    return words if len(words) <= _QUOTED_MAX else words[: _QUOTED_MAX - 1] + "…"


def _verdict(status: int, quoted: str) -> Verdict:
    detail = f"HTTP {status}: {quoted}" if quoted else f"HTTP {status}"
    if 200 <= status < 300:
        return Verdict("sent", detail)
    if status in _TRY_AGAIN or status >= 500:
        return Verdict("failed", detail)
    return Verdict("dead", detail)


CHANNEL = Channel(
    title_zh="网络回调",
    title_en="Webhook",
    settings_type=WebhookSettings,
    open=_Webhook,
    timeout_seconds=15.0,
    at_once=4,
)
