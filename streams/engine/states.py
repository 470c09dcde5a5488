"""States of a process as bytes, in any shape that they have had."""

from typing import Any, Protocol, runtime_checkable

import msgspec

from streams.engine.process import AnyProcess

FIRST_SHAPE = 1
"""The shape of the states of a process that has never changed it."""


@runtime_checkable
class Reshaped(Protocol):
    """What a process has besides when the shape of its states is no longer its first one."""

    state_shape: int

    def migrate(self, raw: bytes, shape: int) -> Any:
        """A state in today's shape from the msgpack of an older one."""


class States:
    """Encodes and decodes the states of one process."""

    def __init__(self, process: AnyProcess) -> None:
        """Today's shape is the process's `state_shape`, if it has one."""
        self.shape = process.state_shape if isinstance(process, Reshaped) else FIRST_SHAPE
        self._process = process
        self._decode = msgspec.msgpack.Decoder(process.state_type).decode
        self._encode_into = msgspec.msgpack.Encoder().encode_into
        self._buffer = bytearray()

    def encode(self, state: Any) -> bytes:
        """A state as bytes."""
        self._encode_into(state, self._buffer)
        return bytes(self._buffer)

    def decode(self, raw: bytes, shape: int) -> Any:
        """A state from bytes of this shape.

        Raises:
            ValueError: the shape is a later one than this program knows.
        """
        if shape == self.shape:
            return self._decode(raw)
        if shape > self.shape or not isinstance(self._process, Reshaped):
            raise ValueError(f"{self._process.name}: a state of shape {shape}; this program knows {self.shape}")
        return self._process.migrate(raw, shape)
