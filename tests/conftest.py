"""What holds for all tests."""

from hypothesis import HealthCheck, settings

settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")
"""How long an example takes depends on who else is at work on the machine, and says nothing about the code."""
