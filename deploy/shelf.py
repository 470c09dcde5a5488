"""The registry versions of a data folder: each kept whole in a file of its own, read at first use."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from deploy.embedded.data_folder import write_safely
from streams.contracts.registry_part import RegistryManifest, RegistryPart
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import combine, from_parts, to_parts


class KeptVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version as its file holds it: every part and the manifest that completes it."""

    manifest: RegistryManifest
    parts: tuple[RegistryPart, ...]


class UnknownVersionError(KeyError):
    """The registry version is not on the shelf."""


class RegistryShelf(Mapping[str, Registry]):
    """Registry versions by name; the empty name is the registry without halls."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder; it need not be there yet."""
        self._folder = folder
        self._read: dict[str, Registry] = {"": Registry(version="", halls={})}

    def __getitem__(self, version: str) -> Registry:
        """The registry of a version.

        Raises:
            UnknownVersionError: there is no such version.
        """
        if version not in self._read:
            kept = self.kept(version)
            self._read[version] = from_parts(kept.manifest, kept.parts)
        return self._read[version]

    def __iter__(self) -> Iterator[str]:
        """All versions, the empty one first."""
        yield ""
        yield from sorted(file.stem for file in self._folder.glob("*.json"))

    def __len__(self) -> int:
        """How many versions there are, the empty one with them."""
        return sum(1 for _ in self)

    def kept(self, version: str) -> KeptVersion:
        """A version's parts and manifest, for its topic.

        Raises:
            UnknownVersionError: there is no such version.
        """
        try:
            raw = (self._folder / f"{version}.json").read_bytes()
        except FileNotFoundError:
            raise UnknownVersionError(version) from None
        return msgspec.json.decode(raw, type=KeptVersion)

    def with_hall(self, base: str, hall: HallRegistry, published_at_ms: int) -> str:
        """Keep the version that is `base` with this hall added or replaced; returns its name.

        The same content gives the same name, and is not kept twice.
        """
        registry = combine(self[base], hall)
        if registry.version not in self:
            manifest, parts = to_parts(registry, published_at_ms)
            kept = msgspec.json.encode(KeptVersion(manifest=manifest, parts=tuple(parts)))
            write_safely(self._folder / f"{registry.version}.json", kept)
        return registry.version
