from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.settings import SettingsError

pytestmark = pytest.mark.usefixtures("logs")


def test_without_a_kafka_in_the_settings_it_says_what_to_run(tmp_path: Path) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text("")
    refused = CliRunner().invoke(app, ["run", "sink", "--settings", str(file)]).exception
    assert isinstance(refused, SettingsError)
    assert "[server] brokers names no Kafka; hallwatch up brings a broker of its own" in str(refused)


def test_a_role_that_is_none_is_refused_with_those_there_are() -> None:
    refused = CliRunner().invoke(app, ["run", "judge"])
    assert refused.exit_code == 2
    assert all(role in refused.stderr for role in ("supervise", "alert", "deliver", "sink"))
