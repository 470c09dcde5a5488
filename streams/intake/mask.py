"""Masks personal data at the door: a keyed hash tells equal from unequal, a masked form lets people recognise it.

The key never leaves intake, so nobody who reads a topic or the store can try names against the hash.
"""

import hashlib
from collections.abc import Callable

_HASH_BYTES = 8
_SHOWN_OF_LONG = 2


def mask_with(key: bytes) -> Callable[[str], str]:
    """A mask with this key (16 to 64 bytes): `张小明` becomes `张**#0f3c…`; the same text always becomes the same.

    Raises:
        ValueError: the key is too short to keep anybody from trying, or too long for the hash.
    """
    if not 16 <= len(key) <= 64:
        raise ValueError("a mask key has 16 to 64 bytes")

    def mask(text: str) -> str:
        digest = hashlib.blake2b(text.strip().encode(), key=key, digest_size=_HASH_BYTES).hexdigest()
        return f"{masked_form(text.strip())}#{digest}"

    return mask


def masked_form(text: str) -> str:
    """What may be shown: the first letter of a name, the first and last two of a number or a longer text.

    The stars are as many as the letters they hide, three at most, so the length tells little.
    """
    if len(text) <= 1:
        return "*"
    if len(text) <= 2 * _SHOWN_OF_LONG + 2:
        return text[0] + "*" * min(3, len(text) - 1)
    return text[:_SHOWN_OF_LONG] + "***" + text[-_SHOWN_OF_LONG:]
