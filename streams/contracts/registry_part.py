"""The registry on its topic: parts keyed by (kind, id, version) and the manifest that completes a version."""

import msgspec

from streams.contracts.instants import Instant


class RegistryPart(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="registry.part"):
    """One piece of registry data. `body` is JSON; `part_kind` names its struct (orgs, items, calendars, …).

    `place` is where the part stands among its kind: the first route that matches wins.
    """

    hall: str
    version: str
    part_kind: str
    part_id: str
    place: int = 0
    body: msgspec.Raw


class RegistryManifest(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="registry.manifest"):
    """A version exists once its manifest is complete: as many parts as counted here, and this hash.

    `hall` lists the halls of the version; `counts` is keyed by hall and kind, such as `pingliang/items`.
    """

    hall: str
    version: str
    counts: dict[str, int]
    content_hash: str
    published_at: Instant


RegistryRecord = RegistryPart | RegistryManifest
"""Everything on the registry topic."""
