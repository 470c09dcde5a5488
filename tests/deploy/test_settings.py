"""Settings from file and environment."""

from pathlib import Path

import pytest

from deploy.settings import SettingsError, read_settings


def test_without_file_and_environment_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings(environment={}).stream.partitions == 4


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text('data = "here"\n[web]\nport = 1\n[channels.webhook]\nurl = "http://127.0.0.1:9/"\n')
    settings = read_settings(
        file, {"HALLWATCH_WEB__PORT": "2", "HALLWATCH_CHANNELS__WEBHOOK__SECRET": "s", "PATH": "/"}
    )
    assert (settings.data, settings.web.port) == ("here", 2)
    assert settings.channels["webhook"] == {"url": "http://127.0.0.1:9/", "secret": "s"}


@pytest.mark.parametrize(
    ("text", "environment", "named"),
    [
        ("[web]\nprot = 1\n", {}, "prot"),
        ("[wbe]\nport = 1\n", {}, "wbe"),
        ("", {"HALLWATCH_WEB__PROT": "1"}, "prot"),
        ("", {"HALLWATCH_DATAS": "x"}, "datas"),
        ('[store]\nkind = "oracle"\n', {}, "kind"),
        ('[web]\nport = "many"\n', {}, "port"),
        ("[web\n", {}, "hallwatch.toml"),
        ('data = "x"\n', {"HALLWATCH_DATA__X": "1"}, "HALLWATCH_DATA__X"),
        ("[web]\nport = 1\n[stream]\ntick_seconds = 0\n", {}, r"toml, line 4: .*> 0.0 - at .\$\.stream\.tick_seconds"),
        ("[stream]\nfetch_max_wait_ms = 0.5\n", {}, "line 2: .*fetch_max_wait_ms"),
        ("[stream]\npatience_seconds = 0.5\n", {}, "line 2: .*patience_seconds"),
        ("[stream]\nticks = 1\n", {}, "line 2: .*ticks"),
        ("[web]\n\n[wbe]\nport = 1\n", {}, "line 3: .*wbe"),
        ('datum = "x"\n', {}, "line 1: .*datum"),
        ("stream.tick_seconds = 0\n", {}, r"hallwatch\.toml: .*tick_seconds"),
        ("", {"HALLWATCH_STREAM__TICK_SECONDS": "-1"}, "^HALLWATCH_STREAM__TICK_SECONDS: "),
        ("[server]\nsession_seconds = 5.9\n", {}, r"line 2: .*>= 6.0 - at .\$\.server\.session_seconds"),
        ('[server]\nbrokers = "one:9092,two"\n', {}, "line 1: brokers: 'two' is not host:port"),
    ],
)
def test_what_is_unknown_or_wrong_is_refused_by_name(
    tmp_path: Path, text: str, environment: dict[str, str], named: str
) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named):
        read_settings(file, environment)


@pytest.mark.parametrize("brokers", ["", "one:9092", "one:9092,10.0.0.2:9093", "[::1]:9092"])
def test_brokers_are_hosts_with_their_ports(tmp_path: Path, brokers: str) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text(f'[server]\nbrokers = "{brokers}"\nsession_seconds = 6\n')
    assert read_settings(file, {}).server.brokers == brokers


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        read_settings(tmp_path / "nowhere.toml", {})


def test_secrets_do_not_print(tmp_path: Path) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text('[store]\npassword = "hush"\n[channels.webhook]\nsecret = "hush"\n')
    assert "hush" not in repr(read_settings(file, {}))
