"""The command line: puts the settings together once, starts what is wanted, and says in plain words what happens.

What goes wrong is one sentence on standard error and a stable exit code (`yokocho.errors.ExitCode`), never a traceback,
unless the fault is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import world
import yokocho
from yokocho import VERSION, garbage
from yokocho.config import SETTINGS, Settings, build_settings, unknown_environment
from yokocho.errors import ConfigError, ExitCode, YokochoError
from yokocho.kinds import Integer, Number, as_argument
from yokocho.operator import HELP, add_commands, run_order

if TYPE_CHECKING:
    from yokocho.app import Instance

T = TypeVar("T")

DEMO_DEFAULTS: Final[Mapping[str, object]] = {"log_level": "warning", "max_connections_per_address": 100_000}
"""A demo is for one person on one machine: a quiet log, and no cap for the own address."""

_SERVER_FLAGS: Final = ("data", "host", "port", "origin", "bots", "max_visitors", "log_format", "log_level")
"""Settings that have a flag of their own; all have an environment variable and a key in the file."""

_EPILOG: Final = "Every setting, with its environment variable and its key in the config file: docs/operators.md."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yokocho", description="An alley of tiny shops that you can walk into.")
    parser.add_argument("--version", action="version", version=f"yokocho {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    demo = commands.add_parser("demo", help="open the sample alley on this machine", epilog=_EPILOG)
    _add_settings(demo, origin_help="another address under which browsers may come in (may be repeated)")
    serve = commands.add_parser("serve", help="run an alley for others", epilog=_EPILOG)
    _add_settings(serve, origin_help="public address, such as https://alley.example (may be repeated, main one first)")
    add_commands(commands.add_parser("operator", help=HELP))
    for name, text in (
        ("backup", "put an alley into one file, whether its server runs or not"),
        ("restore", "put a backup into a data directory, while no server runs"),
    ):
        one = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        one.add_argument("file", type=Path, metavar="FILE", help="the backup")
        one.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="the alley's data directory")
        one.add_argument("--config", metavar="FILE", help="settings in TOML")
        if name == "restore":
            one.add_argument("--replace", action="store_true", help="put it in the place of the alley that is there")
    bots = commands.add_parser("bots", help="send walking, chatting visitors into an alley")
    bots.add_argument("count", type=as_argument(Integer(1, 500)), metavar="N", help="how many")
    bots.add_argument("--url", required=True, metavar="WS_URL", help="the alley's socket, such as ws://host:8080/live")
    bots.add_argument(
        "--seconds", type=as_argument(Number(0.1, 1e9)), metavar="S", help="leave after this time (default: stay)"
    )
    bots.add_argument("--origin", help="what to send as Origin (default: the alley's own address)")
    bots.add_argument("--seed", type=int, default=1, help="same seed, same visitors (default: 1)")
    bots.add_argument("--poses-hz", type=float, default=10.0, help="poses a second while walking (default: 10)")
    bots.add_argument("--quiet", action="store_true", help="print nothing but errors")
    bots.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    return parser


def _add_settings(parser: argparse.ArgumentParser, origin_help: str) -> None:
    parser.add_argument("--config", metavar="FILE", help="settings in TOML")
    parser.add_argument(
        "--take-over", action="store_true", help="relieve the server that runs on the data, if one does"
    )
    for setting in SETTINGS:
        if setting.name in _SERVER_FLAGS:
            repeated = setting.name == "origin"
            parser.add_argument(
                "--" + setting.name.replace("_", "-"),
                default=argparse.SUPPRESS,
                action="append" if repeated else "store",
                metavar={"data": "DIR", "origin": "URL", "bots": "N"}.get(setting.name, setting.name.upper()),
                help=origin_help if repeated else setting.help,
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit code."""
    chosen = _parser().parse_args(arguments)
    # What we write is about people: other users of the machine may not read it, whoever made the directory.
    os.umask(0o077)
    try:
        if chosen.command == "bots":
            return _bots(chosen)
        if chosen.command == "operator":
            return run_order(chosen, _settings(chosen), _run_loop)
        if chosen.command == "backup":
            return _back_up(chosen.file, _settings(chosen).data)
        if chosen.command == "restore":
            return _restore(chosen.file, _settings(chosen).data, replace=chosen.replace)
        return _serve(chosen)
    except YokochoError as error:
        print(f"yokocho: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.OK


def _check_that_the_house_is_ours() -> None:
    """Our rooms have plain names, such as `world`: another package of that name would break us in odd ways.

    Raises:
        YokochoError: there is another one in front of ours.
    """
    home = Path(yokocho.__file__).resolve().parent.parent
    if Path(world.__file__).resolve().parent.parent != home:
        raise YokochoError(
            f"Another Python package named 'world' is in the way ({Path(world.__file__).parent}); "
            "please install Yokocho in an environment of its own."
        )


def _settings(chosen: argparse.Namespace, command_defaults: Mapping[str, object] | None = None) -> Settings:
    flags = {name: value for name, value in vars(chosen).items() if value is not None}
    return build_settings(flags=flags, environ=os.environ, command_defaults=command_defaults)


def _serve(chosen: argparse.Namespace) -> int:
    demo = chosen.command == "demo"
    settings = _settings(chosen, DEMO_DEFAULTS if demo else None)
    if not demo and not settings.origin:
        raise ConfigError("A server needs to know its public address: give --origin https://alley.example.")
    _check_that_the_house_is_ours()
    # Hundreds of modules are about to be imported, and all of them stay: looking for garbage there is wasted time.
    gc.disable()
    from yokocho.logs import set_up_logs

    set_up_logs(settings.log_format, settings.log_level)
    for name in unknown_environment(os.environ):
        print(f"yokocho: there is no setting for the environment variable {name}; it is ignored.", file=sys.stderr)
    return _run_loop(_open(settings, demo=demo, take_over=chosen.take_over))


async def _open(settings: Settings, *, demo: bool, take_over: bool) -> ExitCode:
    from yokocho.app import Herald, run

    class Teller(Herald):
        """Says on standard output how the start goes."""

        def building(self, what: str, share: float) -> None:
            _tell_progress(what, share)

        def ready(self, instance: Instance) -> None:
            garbage.settle()
            _tell_ready(instance, settings, demo=demo)

        def unclaimed(self, link: str) -> None:
            print(f"It has no operator yet. To become the operator, open {link}", flush=True)

        def stopping(self) -> None:
            print("\nClosing the alley…", flush=True)

        def relieved(self) -> None:
            print("Another server has taken over.", flush=True)

    print(f"Yokocho {VERSION}", flush=True)
    return await run(settings, Teller(), take_over=take_over)


def _tell_progress(what: str, share: float) -> None:
    """One line that grows on a terminal; elsewhere a line for each step."""
    line = f"Building the sample alley: {share:4.0%}  {what}"
    if sys.stdout.isatty():
        print(f"\r\x1b[K{line}", end="\n" if share >= 1 else "", flush=True)
    else:
        print(line, flush=True)


def _tell_ready(instance: Instance, settings: Settings, *, demo: bool) -> None:
    title = instance.title.get("en", "The alley")
    print(f"{title} is open: {instance.origins[0]}/", flush=True)
    if not demo:
        return
    for origin in instance.origins[1:]:
        if settings.host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
            print(f"  also {origin}/")
    print(f"Everything is kept in {settings.data}")
    print("Ctrl-C closes the alley.", flush=True)


def _bots(chosen: argparse.Namespace) -> int:
    from yokocho.bots.run import BotsPlan, run_bots

    plan = BotsPlan(
        count=chosen.count,
        url=chosen.url,
        origin=chosen.origin,
        seconds=chosen.seconds,
        seed=chosen.seed,
        poses_hz=chosen.poses_hz,
        until_stdin_closes=chosen.until_stdin_closes,
    )
    report = _run_loop(run_bots(plan))
    if not chosen.quiet:
        print(report)
    return ExitCode.OK


def _back_up(target: Path, data: Path) -> int:
    from yokocho.backup import back_up
    from yokocho.store.errors import DataUnusable
    from yokocho.store.store import now_us

    done = back_up(data, target, by=VERSION, now_us=now_us())
    print(f"The alley in {data} is in {target}: its database and {done.assets} assets.")
    if done.missing:
        raise DataUnusable(f"These assets were missing or damaged, and are not in it: {', '.join(done.missing)}.")
    return ExitCode.OK


def _restore(source: Path, data: Path, *, replace: bool) -> int:
    from yokocho.backup import restore

    label = restore(source, data, replace=replace)
    print(f"The alley of {label.made} is in {data}. Whoever asked to be forgotten is erased from it at the next start.")
    return ExitCode.OK


def _run_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(coroutine)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
