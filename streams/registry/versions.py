"""Registry versions: a registry cut into parts with a manifest, and put together again.

A version is named after its content: the same halls always have the same name. It exists once its manifest is
complete. The order of parts, which routes and screens need, travels as each part's place.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.registry_part import RegistryManifest, RegistryPart, RegistryRecord
from streams.registry.files import FILES, HALL
from streams.registry.registry import HallRegistry, Registry

_encode = msgspec.json.Encoder(order="deterministic").encode
_KINDS = {hall_file.holds: hall_file for hall_file in FILES}


def combine(registry: Registry, hall: HallRegistry) -> Registry:
    """The registry with this hall added, or replaced where it was there; other halls stay as they are.

    Raises:
        UnreadableError: another hall already has a feed of the same name; horizons are told by feed name alone.
    """
    code = hall.hall.code
    halls = {**registry.halls, code: hall}
    for other in halls.values():
        both = {feed.name for feed in other.feeds} & {feed.name for feed in hall.feeds}
        if other is not hall and both:
            raise UnreadableError(f"hall {other.hall.code} has a feed of this name", field=f"feeds.{min(both)}")
    return Registry(_name(hash_of(_parts(halls, ""))), halls)


def to_parts(registry: Registry, published_at_ms: int) -> tuple[RegistryManifest, list[RegistryPart]]:
    """Every part of the registry and the manifest that completes them; written in this order: parts, manifest."""
    parts = list(_parts(registry.halls, registry.version))
    manifest = RegistryManifest(
        hall=",".join(sorted(registry.halls)),
        version=registry.version,
        counts=counts_of(parts),
        content_hash=hash_of(parts),
        published_at=from_ms(published_at_ms),
    )
    return manifest, parts


def is_complete(manifest: RegistryManifest, parts: Sequence[RegistryPart]) -> bool:
    """Whether these are all parts of the manifest's version and nothing else: by counts and by hash."""
    return (
        all(part.version == manifest.version for part in parts)
        and counts_of(parts) == manifest.counts
        and hash_of(parts) == manifest.content_hash
    )


def from_parts(manifest: RegistryManifest, parts: Sequence[RegistryPart]) -> Registry:
    """The registry of a complete version; parts come in any order.

    Raises:
        UnreadableError: the version is not complete, or a part is no such part.
    """
    if not is_complete(manifest, parts):
        raise UnreadableError(f"registry version {manifest.version} is not complete", field="content_hash")
    fields: dict[str, dict[str, Any]] = {}
    for part in sorted(parts, key=lambda part: part.place):
        hall = fields.setdefault(part.hall, {})
        if part.part_kind == HALL.holds:
            hall[part.part_kind] = _read(part)
        else:
            hall[part.part_kind] = (*hall.get(part.part_kind, ()), _read(part))
    return Registry(manifest.version, {code: HallRegistry(**hall) for code, hall in sorted(fields.items())})


def registries_of(records: Iterable[RegistryRecord]) -> dict[str, Registry]:
    """Every complete version among the records of the registry topic; a repeated record counts once."""
    parts: dict[str, dict[str, RegistryPart]] = {}
    manifests: dict[str, RegistryManifest] = {}
    for record in records:
        if isinstance(record, RegistryManifest):
            manifests[record.version] = record
        else:
            parts.setdefault(record.version, {})[key_of(record)] = record
    return {
        version: from_parts(manifest, kept)
        for version, manifest in manifests.items()
        if is_complete(manifest, kept := list(parts.get(version, {}).values()))
    }


def key_of(record: RegistryRecord) -> str:
    """The record's key on the registry topic: kind, id and version."""
    if isinstance(record, RegistryManifest):
        return f"manifest/{record.version}"
    return f"{record.part_kind}/{record.hall}/{record.part_id}/{record.version}"


def _parts(halls: Mapping[str, HallRegistry], version: str) -> Iterator[RegistryPart]:
    for code, hall in sorted(halls.items()):
        for kind, hall_file in _KINDS.items():
            held = (hall.hall,) if hall_file is HALL else getattr(hall, kind)
            for place, part in enumerate(held):
                name = "/".join((part.rule, part.org, part.item)) if kind == "rules" else getattr(part, hall_file.name)
                body = msgspec.Raw(_encode(msgspec.to_builtins(part, str_keys=True)))
                yield RegistryPart(hall=code, version=version, part_kind=kind, part_id=name, place=place, body=body)


def _read(part: RegistryPart) -> Any:
    hall_file = _KINDS.get(part.part_kind)
    if hall_file is None:
        raise UnreadableError(f"no such kind: {part.part_kind}", field="part_kind")
    try:
        return msgspec.json.decode(part.body, type=hall_file.kind)
    except msgspec.MsgspecError as error:
        raise UnreadableError(str(error), field=f"{part.part_kind}/{part.part_id}") from error


def counts_of(parts: Iterable[RegistryPart]) -> dict[str, int]:
    """How many parts there are of each hall and kind."""
    counts: dict[str, int] = {}
    for part in parts:
        counts[f"{part.hall}/{part.part_kind}"] = counts.get(f"{part.hall}/{part.part_kind}", 0) + 1
    return counts


def hash_of(parts: Iterable[RegistryPart]) -> str:
    """A hash of everything that the parts say, whatever the version is called and in whatever order the parts come."""
    lines = sorted(
        b"\x1f".join(
            (part.hall.encode(), part.part_kind.encode(), part.part_id.encode(), b"%d" % part.place, bytes(part.body))
        )
        for part in parts
    )
    return hashlib.blake2b(b"\x1e".join(lines), digest_size=24).hexdigest()


def _name(content_hash: str) -> str:
    return content_hash[:12]
