import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.deploy.running_hall import RunningHall, running_hall


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """One running stack for all tests; each leaves what others rely on as it is."""
    with running_hall(tmp_path_factory.mktemp("hall")) as up:
        yield up


@pytest.fixture
def logs() -> Iterator[None]:
    """For tests that set up logs as the program does: they are put back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
