import subprocess
from collections.abc import Callable, Iterator

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.children import start_broker, stop_child
from streams.contracts.topics import TOPICS

PARTITIONS = 4


@pytest.fixture
def new_broker() -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], str]]]:
    """Starts embedded brokers with all topics made; ends them after the test."""
    children: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], str]:
        child, address = start_broker()
        children.append(child)
        make_topics(address, TOPICS, PARTITIONS)
        return child, address

    yield start
    for child in children:
        stop_child(child)


@pytest.fixture
def broker(new_broker: Callable[[], tuple[subprocess.Popen[bytes], str]]) -> str:
    """The address of an empty embedded broker whose topics have four partitions."""
    return new_broker()[1]
