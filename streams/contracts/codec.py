"""Bytes to contract and back; the only parser of what flows on topics."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from streams.contracts.decoding_words import in_chinese
from streams.contracts.errors import UnreadableError
from streams.contracts.mark import Mark
from streams.contracts.topics import Topic

_encode = msgspec.json.Encoder().encode


def encode(contract: msgspec.Struct) -> bytes:
    """A contract as JSON."""
    return _encode(contract)


@cache
def decoder_of(topic: Topic) -> Callable[[bytes], Any]:
    """The decoder of a topic's records (marks apart); the fast road for batches, raises msgspec's own errors."""
    return msgspec.json.Decoder(topic.contract).decode


def decode(topic: Topic, raw: bytes) -> Any:
    """One record of `topic` as its contract.

    Raises:
        UnreadableError: the bytes are no such contract; names the field.
    """
    return _readable(decoder_of(topic), raw)


_decode_mark = msgspec.json.Decoder(Mark).decode


def decode_mark(raw: bytes) -> Mark:
    """The value of a record whose key is MARK_KEY.

    Raises:
        UnreadableError: the bytes are no mark.
    """
    mark: Mark = _readable(_decode_mark, raw)
    return mark


def _readable(read: Callable[[bytes], Any], raw: bytes) -> Any:
    try:
        return read(raw)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        missing = reason.partition("missing required field `")[2].rstrip("`")
        field = f"{path.strip('`')}.{missing}"
        raise UnreadableError(reason, zh=in_chinese(reason), field=field.strip(".")) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error), zh=in_chinese(str(error))) from error


def identity(*parts: str | int) -> str:
    """A short deterministic id: the hash of the parts, unambiguous however they are cut."""
    joined = "\x1f".join(map(str, parts))
    return hashlib.blake2b(joined.encode(), digest_size=12).hexdigest()
