"""The registry versions of a Kafka: read from the topic that keeps their parts, when one is asked for first."""

import time
import warnings
from collections.abc import Iterator, Mapping

from deploy.broker_topics import reach
from deploy.shelf import UnknownVersionError
from streams.contracts.codec import decode
from streams.contracts.errors import UnavailableError
from streams.contracts.registry_part import RegistryManifest, RegistryRecord
from streams.contracts.topics import REGISTRY
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import registries_of

_READ_SECONDS = 60.0
_POLL_MS = 250


class RegistryTopic(Mapping[str, Registry]):
    """Registry versions by name; the empty name is the registry without halls.

    A version's parts and manifest stand in the topic before its first mark does, so whoever meets the mark finds it.
    Asking for a version that is not known yet reads the whole topic, which is short, and blocks meanwhile.
    """

    def __init__(self, brokers: str) -> None:
        """Nothing is read yet."""
        self._brokers = brokers
        self._known: dict[str, Registry] = {"": Registry(version="", halls={})}

    def __getitem__(self, version: str) -> Registry:
        """The registry of a version.

        Raises:
            UnknownVersionError: there is no such version.
            UnavailableError: the broker does not answer.
        """
        if version not in self._known:
            self.look()
        try:
            return self._known[version]
        except KeyError:
            raise UnknownVersionError(version) from None

    def __iter__(self) -> Iterator[str]:
        """The versions known by now, the empty one first."""
        return iter(self._known)

    def __len__(self) -> int:
        """How many versions are known by now, the empty one with them."""
        return len(self._known)

    def look(self) -> str:
        """Read the topic anew; returns the version that was published last, empty before the first.

        Raises:
            UnavailableError: the broker does not answer.
        """
        records = _read_all(self._brokers)
        manifests = {record.version: record for record in records if isinstance(record, RegistryManifest)}
        self._known |= registries_of(records)
        complete = [manifest for manifest in manifests.values() if manifest.version in self._known]
        return max(complete, key=lambda manifest: manifest.published_at).version if complete else ""


def newest_halls(brokers: str) -> Mapping[str, HallRegistry]:
    """The halls by their codes of the version that was published last; see `RegistryTopic.look`."""
    registries = RegistryTopic(brokers)
    return registries[registries.look()].halls


def _read_all(brokers: str) -> list[RegistryRecord]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its resources by an old call
        from kafka import KafkaConsumer, TopicPartition
        from kafka.errors import KafkaError
    reach(brokers.split(","))
    records: list[RegistryRecord] = []
    end = time.monotonic() + _READ_SECONDS
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=brokers.split(","), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            places = [TopicPartition(REGISTRY.name, n) for n in consumer.partitions_for_topic(REGISTRY.name) or ()]
            consumer.assign(places)
            ends, silent = consumer.end_offsets(places), not places
            while not silent or any(consumer.position(place) < ends[place] for place in places):
                polled = consumer.poll(timeout_ms=_POLL_MS)
                silent = not polled  # a broker may tell too small an end of what was just written
                for found in polled.values():
                    records += (decode(REGISTRY, record.value) for record in found)
                if time.monotonic() > end:
                    raise UnavailableError(f"broker {brokers}: the registry was not read in {_READ_SECONDS:.0f} s")
        finally:
            consumer.close()
    except KafkaError as error:
        raise UnavailableError(f"broker {brokers}: {error}") from error
    return records
