import subprocess
from collections.abc import Iterator

import pytest

from deploy.embedded.children import start_broker, stop_child
from tests.bench.brokers import kafka as running_kafka
from tests.bench.brokers import why_no_kafka


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of an empty embedded broker."""
    child: subprocess.Popen[bytes]
    child, address = start_broker()
    try:
        yield address
    finally:
        stop_child(child)


@pytest.fixture
def kafka() -> Iterator[str]:
    """The address of an empty real Kafka."""
    missing = why_no_kafka()
    if missing:
        pytest.skip(f"a real Kafka needs what is missing here: {missing}")
    with running_kafka() as address:
        yield address
