"""Topics on a broker."""

from collections.abc import Iterator

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.children import start_broker, stop_child
from streams.contracts.errors import UnavailableError
from streams.contracts.topics import TOPICS


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    child, address = start_broker()
    yield address
    stop_child(child)


def test_topics_are_made_once_and_their_partitions_are_checked(broker: str) -> None:
    make_topics(broker, TOPICS, 4)
    make_topics(broker, TOPICS, 4)
    with pytest.raises(ValueError, match="case-events has 4 partitions, not 8"):
        make_topics(broker, TOPICS, 8)


def test_a_broker_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1"):
        make_topics("127.0.0.1:1", TOPICS, 4)
