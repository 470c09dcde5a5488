"""What holds for all tests."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes depends on who else is at work on the machine, and says nothing about the code."""
settings.register_profile("same_examples", settings.get_profile("any_machine"), derandomize=True)
"""The same examples in every run; `make test-long` tries new ones, with the profile above."""
settings.load_profile("same_examples")


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Hypothesis tries numbers that it finds in our code, so that any edit anywhere would change all examples."""
    if settings().derandomize:
        providers._get_local_constants = lambda: providers._local_constants
