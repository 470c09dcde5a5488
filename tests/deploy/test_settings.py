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
    ],
)
def test_what_is_unknown_or_wrong_is_refused_by_name(
    tmp_path: Path, text: str, environment: dict[str, str], named: str
) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named):
        read_settings(file, environment)


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        read_settings(tmp_path / "nowhere.toml", {})


def test_secrets_do_not_print(tmp_path: Path) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text('[store]\npassword = "hush"\n[channels.webhook]\nsecret = "hush"\n')
    assert "hush" not in repr(read_settings(file, {}))
