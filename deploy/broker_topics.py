"""Makes the topics on a broker and checks their partition counts, before anybody may ask for them.

The embedded broker makes an unknown topic with four partitions as soon as a client asks for its metadata,
so this must come first.
"""

import contextlib
import socket
import warnings
from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any

from streams.contracts.errors import UnavailableError
from streams.contracts.topics import Topic

_POLICIES = {
    "short": {"cleanup.policy": "delete", "retention.ms": str(7 * 86_400_000)},
    "long": {"cleanup.policy": "delete", "retention.ms": "-1"},
    "compact": {"cleanup.policy": "compact"},
}

_REACH_SECONDS = 3.0
_LOOK_SECONDS = 0.05


def make_topics(broker: str, topics: Sequence[Topic], partitions: int, replication: int = 1) -> None:
    """Create what is missing; partition counts are fixed for a topic's life.

    `broker`: host:port, several with commas.

    Raises:
        UnavailableError: the broker does not answer.
        ValueError: a topic exists with another number of partitions; names it.
    """
    brokers = broker.split(",")
    reach(brokers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its resources by an old call
        from kafka import KafkaAdminClient
        from kafka.admin import NewTopic
        from kafka.errors import KafkaError, TopicAlreadyExistsError
    try:
        admin = KafkaAdminClient(bootstrap_servers=brokers, client_id="hallwatch-admin")
        try:
            new = [
                NewTopic(topic.name, partitions, replication, topic_configs=_POLICIES[topic.retention])
                for topic in topics
            ]
            with contextlib.suppress(TopicAlreadyExistsError):  # the check below tells whether it is as it must be
                admin.create_topics(new)
            found = _shown(admin, [topic.name for topic in topics])
        finally:
            admin.close()
    except KafkaError as error:
        raise UnavailableError(f"broker {broker}: {error}") from error
    for topic in topics:
        if found.get(topic.name) != partitions:
            raise ValueError(f"topic {topic.name} has {found.get(topic.name)} partitions, not {partitions}")


def _shown(admin: Any, names: Sequence[str]) -> dict[str, int]:
    """How many partitions each topic has; a broker shows one that another has just made a moment later."""
    give_up = monotonic() + _REACH_SECONDS
    while True:
        found = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)}
        if all(found.get(name) for name in names) or monotonic() > give_up:
            return found
        sleep(_LOOK_SECONDS)


def reach(brokers: Sequence[str]) -> None:
    """Connect to one of them; a client would try for half a minute by itself and leave sockets behind.

    Raises:
        UnavailableError: none of them answers.
    """
    failures = []
    for broker in brokers:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _REACH_SECONDS).close()
        except OSError as error:
            failures.append(f"broker {broker}: {error}")
        else:
            return
    raise UnavailableError("; ".join(failures))
