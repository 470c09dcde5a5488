import subprocess
from collections.abc import Iterator

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.children import start_broker, stop_child
from streams.contracts.topics import DEAD_LETTERS
from tests.bench.brokers import kafka as running_kafka
from tests.bench.brokers import why_no_kafka
from tests.streams.engine.on_faust.hall import PARTITIONS
from tests.streams.engine.toy import TOY_TOPICS


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


@pytest.fixture
def kafka() -> Iterator[str]:
    """The address of an empty real Kafka with the toy's topics."""
    missing = why_no_kafka()
    if missing:
        pytest.skip(f"a real Kafka needs what is missing here: {missing}")
    with running_kafka() as address:
        make_topics(address, (*TOY_TOPICS, DEAD_LETTERS), PARTITIONS)
        yield address
