"""Settings: what counts more, what is refused, and in which words."""

from __future__ import annotations

import ipaddress
from dataclasses import fields
from pathlib import Path

import pytest

from tests.yokocho.support import ROOT
from yokocho.config import SETTINGS, Settings, build_settings, unknown_environment
from yokocho.errors import ConfigError


def write(tmp_path: Path, text: str) -> dict[str, object]:
    path = tmp_path / "alley.toml"
    path.write_text(text)
    return {"config": str(path)}


def test_defaults_are_valid() -> None:
    settings = build_settings(flags={}, environ={})
    assert (settings.host, settings.port, settings.bots) == ("127.0.0.1", 8080, 0)
    assert settings.data.is_absolute()
    assert settings.data.parts[-3:] == (".local", "share", "yokocho")


def test_table_and_settings_agree() -> None:
    assert [setting.name for setting in SETTINGS] == [each.name for each in fields(Settings)]
    for setting in SETTINGS:
        assert setting.env == f"YOKOCHO_{setting.name.upper()}"
        assert setting.help.endswith(".")
        text = setting.default_text
        assert not text or setting.kind.parse(text) == setting.kind.parse(setting.default)


def test_operators_guide_says_what_the_table_says() -> None:
    guide = (ROOT / "docs" / "operators.md").read_text()
    for setting in SETTINGS:
        default = f"`{setting.default_text}`" if setting.default_text else ""
        assert f"| `{setting.name}` | `{setting.env}` | {default} | {setting.help} |" in guide


def test_each_source_beats_the_one_before(tmp_path: Path) -> None:
    flags = write(tmp_path, "port = 2003\nhost = '127.0.0.3'\nbots = 3\nmax_visitors = 30")
    environ = {"YOKOCHO_PORT": "2004", "YOKOCHO_HOST": "127.0.0.4", "YOKOCHO_BOTS": "4"}
    command = {"port": 2002, "host": "127.0.0.2", "bots": 2, "max_visitors": 20, "log_level": "error"}
    settings = build_settings(flags={**flags, "port": "2005"}, environ=environ, command_defaults=command)
    assert settings.port == 2005
    assert settings.host == "127.0.0.4"
    assert settings.bots == 4
    assert settings.max_visitors == 30
    assert settings.log_level == "error"
    assert settings.max_connections == 2000


def test_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, "port = 2003")["config"]
    assert build_settings(flags={}, environ={"YOKOCHO_CONFIG": str(path)}).port == 2003


def test_data_directory_follows_xdg(tmp_path: Path) -> None:
    environ = {"XDG_DATA_HOME": str(tmp_path)}
    assert build_settings(flags={}, environ=environ).data == tmp_path / "yokocho"
    assert build_settings(flags={"data": "/elsewhere"}, environ=environ).data == Path("/elsewhere")


def test_lists_come_from_arrays_and_commas(tmp_path: Path) -> None:
    flags = write(tmp_path, "origin = ['https://Alley.Example:443/', 'http://[::1]:8080']\ntrusted_proxies = ['::1']")
    settings = build_settings(flags=flags, environ={"YOKOCHO_METRICS_FROM": "10.0.0.0/8, 192.0.2.1"})
    assert settings.origin == ("https://alley.example", "http://[::1]:8080")
    assert settings.trusted_proxies == (ipaddress.ip_network("::1/128"),)
    assert [str(network) for network in settings.metrics_from] == ["10.0.0.0/8", "192.0.2.1/32"]


@pytest.mark.parametrize(
    ("name", "value", "should"),
    [
        ("port", "seventy", "a whole number from 0 to 65535"),
        ("port", "65536", "a whole number from 0 to 65535"),
        ("port", "-1", "a whole number from 0 to 65535"),
        ("max_visitors", "0", "a whole number from 1 to 4096"),
        ("handshake_timeout_s", "nan", "a number from 0.1 to 60"),
        ("handshake_timeout_s", "soon", "a number from 0.1 to 60"),
        ("log_format", "xml", "one of auto, console, json"),
        ("host", "", "a text of 1 to 255 characters"),
        ("data", "", "a path"),
        ("data", "a\0b", "a path"),
        ("origin", "alley.example", "web addresses"),
        ("origin", "https://alley.example/shop", "web addresses"),
        ("origin", "https://me@alley.example", "web addresses"),
        ("origin", "https://alley.example:99999", "web addresses"),
        ("origin", "ftp://alley.example", "web addresses"),
        ("origin", "https://alley.example; script-src", "web addresses"),
        ("neighbours", "https://alley.example;x", "web addresses"),
        ("neighbours", "https://*.example", "web addresses"),
        ("neighbours", "http://[fe80::1%25eth0]", "web addresses"),
        ("trusted_proxies", "10.0.0.1/8", "addresses or networks"),
        ("trusted_proxies", "proxy", "addresses or networks"),
    ],
)
def test_wrong_values_are_refused_in_words(name: str, value: str, should: str) -> None:
    with pytest.raises(ConfigError) as flag:
        build_settings(flags={name: value}, environ={})
    assert f"--{name.replace('_', '-')}: {name} should be {should}" in str(flag.value)
    with pytest.raises(ConfigError) as variable:
        build_settings(flags={}, environ={f"YOKOCHO_{name.upper()}": value})
    assert f"environment variable YOKOCHO_{name.upper()}: {name} should be" in str(variable.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = true", "line 1: port should be a whole number"),
        ("# a comment\n\nport = 80.5", "line 3: port should be a whole number"),
        ("host = 'a'\norigin = 7", "line 2: origin should be web addresses"),
        ("origin = [7]", "line 1: origin should be web addresses"),
        ("log_level = 'loud'", "line 1: log_level should be one of debug, info, warning, error"),
        ("host = 'a'\nprot = 80", "line 2: there is no setting 'prot' (did you mean 'port'?)"),
        ("[server]\nport = 80", "line 1: there is no setting 'server'"),
        ("host = 'a'\nport = = 80", "line 2, key port: this is not valid TOML"),
        ("host = 'a'\nhost = 'b'", "line 2, key host: this is not valid TOML"),
        ("just words", "line 1: this is not valid TOML"),
        ("host = 'open", "line 1, key host: this is not valid TOML"),
        ("handshake_timeout_s = " + "9" * 400, "line 1: handshake_timeout_s should be a number from 0.1 to 60"),
        ("port = " + "9" * 5000, "this is not usable TOML"),
        ("port = " + "[" * 5000, "this is not usable TOML"),
    ],
)
def test_faults_in_the_file_name_line_and_key(tmp_path: Path, text: str, words: str) -> None:
    flags = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        build_settings(flags=flags, environ={})
    assert words in str(caught.value)
    assert str(flags["config"]) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        build_settings(flags={"config": str(tmp_path / "none.toml")}, environ={})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        build_settings(flags={"config": str(tmp_path)}, environ={})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        build_settings(flags={"config": str(binary)}, environ={})


def test_slips_in_the_environment_are_noticed() -> None:
    environ = {"YOKOCHO_PROT": "1", "YOKOCHO_PORT": "1", "YOKOCHO_CONFIG": "x", "PATH": ""}
    assert unknown_environment(environ) == ("YOKOCHO_PROT",)
