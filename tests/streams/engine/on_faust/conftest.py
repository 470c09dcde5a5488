import subprocess
from collections.abc import Iterator

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.children import start_broker, stop_child
from streams.contracts.topics import DEAD_LETTERS
from tests.streams.engine.toy import TOY_TOPICS

PARTITIONS = 4


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of an empty embedded broker with the toy's topics."""
    child: subprocess.Popen[bytes]
    child, address = start_broker()
    try:
        make_topics(address, (*TOY_TOPICS, DEAD_LETTERS), PARTITIONS)
        yield address
    finally:
        stop_child(child)
