"""The settings of an instance: one frozen, checked value, built once at the start.

A setting is declared once, as a field of `Settings` with its kind, its default and a line of help; `SETTINGS` is that
table as data, from which the operators' guide is checked. The value that counts comes from, in rising order: the
default, the command's own default (a demo is laid back where a server is strict), the TOML file, the environment
(`YOKOCHO_` and the name in capitals), the flags. Nothing else in the application reads the environment.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypeVar

from yokocho.errors import ConfigError
from yokocho.kinds import Choice, Directory, Integer, Kind, Network, Networks, Number, Origins, Switch, Words

ENV_PREFIX: Final = "YOKOCHO_"
CONFIG_ENV: Final = "YOKOCHO_CONFIG"
"""Names the TOML file when the flag `--config` does not."""

MAX_CONFIG_BYTES: Final = 1024 * 1024

T = TypeVar("T")


def _setting(default: T, kind: Kind[T], text: str) -> T:
    """A field of `Settings`; mypy sees the default's type, `dataclass` sees the field."""
    return field(default=default, metadata={"kind": kind, "help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator can choose."""

    data: Path = _setting(
        Path("~/.local/share/yokocho"), Directory(), "Directory for the database and the assets; made when missing."
    )
    host: str = _setting("127.0.0.1", Words(), "Address to listen on; 0.0.0.0 for all of IPv4, :: for all of IPv6.")
    port: int = _setting(8080, Integer(0, 65535), "Port to listen on; 0 takes a free one.")
    origin: tuple[str, ...] = _setting(
        (), Origins(), "Public addresses of the instance, the main one first. Pages from elsewhere may not connect."
    )
    neighbours: tuple[str, ...] = _setting(
        (),
        Origins(),
        "Other instances: pages from there may bring visitors here, and pages from here may enter there.",
    )
    ask_gateways: bool = _setting(
        True,
        Switch(),
        "Whether the homes that new visitors name are asked once for the newest document about them.",
    )
    bots: int = _setting(0, Integer(0, 500), "Walking visitors that the server sends into its own alley.")
    max_visitors: int = _setting(500, Integer(1, 4096), "Visitors in the alley at one time.")
    max_connections: int = _setting(2000, Integer(1, 100_000), "Open HTTP connections in total; more get a 503.")
    max_connections_per_address: int = _setting(
        100,
        Integer(1, 100_000),
        "Open connections from one address; more get a 503. A demo allows any number.",
    )
    entries_per_minute: int = _setting(
        300,
        Integer(1, 100_000),
        "Entries from one address of the open internet that are looked at, as many at once; more wait a moment.",
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        (), Networks(), "Reverse proxies whose X-Forwarded-For is believed."
    )
    metrics_from: tuple[Network, ...] = _setting(
        Networks().parse("127.0.0.0/8, ::1/128"), Networks(), "Addresses that may read /metrics; others get a 404."
    )
    handshake_timeout_s: float = _setting(
        5.0, Number(0.1, 60), "Time a new connection has to send its whole request head."
    )
    keepalive_timeout_s: float = _setting(
        15.0, Number(0.1, 600), "Time a connection may wait for its next request, and the body of a request may take."
    )
    stalled_timeout_s: float = _setting(30.0, Number(1, 600), "Time after which a peer that takes nothing is cut off.")
    shutdown_timeout_s: float = _setting(5.0, Number(0.1, 60), "Time that running requests get to finish at shutdown.")
    chat_retention_days: float = _setting(7.0, Number(0.01, 3650), "Days for which alley-wide chat is kept.")
    guest_retention_days: float = _setting(
        90.0, Number(1, 3650), "Days after their last visit for which guests without a role are remembered."
    )
    record_retention_days: float = _setting(
        365.0, Number(1, 3650), "Days for which bans, mutes and invitations are kept after their end."
    )
    guest_hold_hours: float = _setting(
        24.0, Number(0, 720), "Hours for which new guests from a banned person's address wait; 0 lets them in."
    )
    private_requests_per_minute: int = _setting(
        120, Integer(1, 100_000), "Requests to the private API from one person, and twice as many from one address."
    )
    claim_attempts_per_hour: int = _setting(
        20, Integer(1, 100_000), "Attempts to use a claim or invitation link, from one address and by one person."
    )
    log_format: str = _setting(
        "auto", Choice(("auto", "console", "json")), "Shape of the log; auto is console on a terminal, else json."
    )
    log_level: str = _setting(
        "info", Choice(("debug", "info", "warning", "error")), "Least weighty log lines that are written."
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the settings table."""

    name: str
    env: str
    default: object
    help: str
    kind: Kind[object]

    @property
    def default_text(self) -> str:
        """The default as an operator would write it; empty when there is none."""
        if isinstance(self.default, tuple):
            return ", ".join(map(str, self.default))
        if isinstance(self.default, bool):
            return "yes" if self.default else "no"
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)


SETTINGS: Final[tuple[Setting, ...]] = tuple(
    Setting(
        name=each.name,
        env=ENV_PREFIX + each.name.upper(),
        default=each.default,
        help=each.metadata["help"],
        kind=each.metadata["kind"],
    )
    for each in fields(Settings)
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


def build_settings(
    *,
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    command_defaults: Mapping[str, object] | None = None,
) -> Settings:
    """Put the settings together. `flags` holds only flags that were given, and `config` for the file.

    Raises:
        ConfigError: a setting is unknown or has a wrong value; names the place.
    """
    raw: dict[str, tuple[object, str]] = {setting.name: (setting.default, "default") for setting in SETTINGS}
    if environ.get("XDG_DATA_HOME"):
        raw["data"] = (str(Path(environ["XDG_DATA_HOME"]) / "yokocho"), "XDG_DATA_HOME")
    raw.update({name: (value, "default") for name, value in (command_defaults or {}).items()})
    config = flags.get("config") or environ.get(CONFIG_ENV)
    if config:
        raw.update(_from_file(Path(str(config))))
    raw.update({s.name: (environ[s.env], f"environment variable {s.env}") for s in SETTINGS if s.env in environ})
    raw.update({name: (value, _flag_name(name)) for name, value in flags.items() if name in _BY_NAME})
    return Settings(**{name: _parse(name, value, place) for name, (value, place) in raw.items()})


def unknown_environment(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like settings and are none: probably a slip of the pen."""
    known = {setting.env for setting in SETTINGS} | {CONFIG_ENV}
    return tuple(sorted(name for name in environ if name.startswith(ENV_PREFIX) and name not in known))


def _flag_name(name: str) -> str:
    return "--" + name.replace("_", "-")


def _parse(name: str, value: object, place: str) -> Any:
    try:
        return _BY_NAME[name].kind.parse(value)
    except ValueError as error:
        shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."
        raise ConfigError(f"{place}: {name} should be {error}, not {shown}.") from None


def _from_file(path: Path) -> dict[str, tuple[object, str]]:
    """The settings in a TOML file, each with the place where it stands."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"The config file {path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The config file {path} is not UTF-8 text.") from None
    if len(data) > MAX_CONFIG_BYTES:
        raise ConfigError(f"The config file {path} is larger than {MAX_CONFIG_BYTES} bytes.")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_broken_toml(path, text, str(error))) from None
    except (ValueError, RecursionError):  # what tomllib does not translate
        raise ConfigError(f"{path}: this is not usable TOML (an endless number, or too many brackets).") from None
    found: dict[str, tuple[object, str]] = {}
    for name, value in values.items():
        place = f"{path}, line {_line_of(text, name)}"
        if name not in _BY_NAME:
            raise ConfigError(f"{place}: there is no setting {name!r}{_did_you_mean(name)}.")
        found[name] = (value, place)
    return found


def _broken_toml(path: Path, text: str, message: str) -> str:
    """The line, and the key on it if one can be read, of a file that is not TOML."""
    where = re.search(r"\(at line (\d+), column \d+\)$", message)
    lines = text.splitlines()
    number = int(where[1]) if where else len(lines)
    key = re.match(r"\s*([\w-]+)\s*=", lines[number - 1]) if 0 < number <= len(lines) else None
    reason = re.sub(r"\s*\(at .*\)$", "", message)
    return f"{path}, line {number}{f', key {key[1]}' if key else ''}: this is not valid TOML ({reason})."


def _line_of(text: str, name: str) -> int:
    """Line of a top-level key or table, 1 if it is written in an uncommon way."""
    pattern = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(name)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _did_you_mean(name: str) -> str:
    import difflib  # only needed on the way out

    close = difflib.get_close_matches(name, list(_BY_NAME), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
