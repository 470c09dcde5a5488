import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.children import free_port, start_broker, stop_child
from streams.contracts.topics import DEAD_LETTERS
from tests.streams.engine.on_faust.hall import PARTITIONS
from tests.streams.engine.toy import TOY_TOPICS

KAFKA = Path(__file__).parents[3] / "live" / "kafka.sh"


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
def kafka(tmp_path: Path) -> Iterator[str]:
    """The address of an empty real Kafka with the toy's topics."""
    missing = [tool for tool in ("java", "mvn", "bash") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"a real Kafka needs {' and '.join(missing)}, not on this machine")
    port = free_port()
    ports = {"KAFKA_PORT": str(port), "KAFKA_CTRL_PORT": str(free_port()), "KAFKA_OWNER": str(os.getpid())}
    environment = {**os.environ, "KAFKA_DATA": str(tmp_path / "kafka"), **ports}  # noqa: TID251
    try:
        subprocess.run(["bash", KAFKA, "start"], env=environment, check=True, stdout=subprocess.DEVNULL)
        make_topics(f"127.0.0.1:{port}", (*TOY_TOPICS, DEAD_LETTERS), PARTITIONS)
        yield f"127.0.0.1:{port}"
    finally:
        subprocess.run(["bash", KAFKA, "wipe"], env=environment, check=False, stdout=subprocess.DEVNULL)
