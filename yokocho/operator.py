"""`yokocho operator …`: looking after an alley from the command line, whether its server runs or not.

Only one process writes a data directory. So an order goes to the running server, through its socket; when none runs, we
take the lock of the directory and obey it ourselves. A server that is just starting or ending has the lock and no
socket: then the answer is to try again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Final

from yokocho.config import Settings
from yokocho.errors import ExitCode, YokochoError
from yokocho.kinds import Integer, Number, as_argument

if TYPE_CHECKING:
    from yokocho.people.console import Answer, Order

HELP: Final = "look after an alley: roles, invitations, bans, the audit log"
INVITATION_DAYS: Final = 7.0
_REFUSED: Final = "error"


class OrderRefused(YokochoError):
    """What was asked is not possible."""

    exit_code = ExitCode.REFUSED


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Put the subcommands on the parser of `operator`."""
    commands = parser.add_subparsers(dest="order", required=True, metavar="order")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        one.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="the alley's data directory")
        one.add_argument("--config", metavar="FILE", help="settings in TOML")
        one.add_argument("--json", action="store_true", help="print the answer as JSON")
        return one

    command("claim-link", "a fresh link for the first operator")
    command("list", "who has which role")
    invite = command("invite", "make a link that gives a role once")
    invite.add_argument("role", choices=("artisan", "keeper"))
    invite.add_argument("--stall", metavar="ID", help="the artisan's stall")
    invite.add_argument(
        "--days",
        type=as_argument(Number(0, 1e6)),
        default=INVITATION_DAYS,
        help="how long it holds (default: %(default)g)",
    )
    for name, text in (("grant", "give somebody a role"), ("revoke", "take a role away from somebody")):
        one = command(name, text)
        one.add_argument("did", help="the person, such as did:key:z6Mk…")
        one.add_argument("role", choices=("artisan", "keeper", "operator"))
        one.add_argument("--stall", metavar="ID", help="the artisan's stall")
    for name, text in (("ban", "let somebody in no more"), ("mute", "let somebody speak no more")):
        one = command(name, text)
        one.add_argument("target", help="a did, an address or a network such as 203.0.113.0/24")
        one.add_argument("--reason", required=True, help="what the person is told")
        one.add_argument("--hours", type=as_argument(Number(0, 1e9)), help="when it ends (default: not by itself)")
        one.add_argument("--scope", choices=("alley", "instance"), default="instance")
    command("restrictions", "bans and mutes that are in force")
    command("lift", "end a ban or mute").add_argument("id", type=as_argument(Integer(1, 2**53)), help="its number")
    command("audit", "what was decided, by whom and why").add_argument("--did", default="", help="about one person")
    command("people", "who was here").add_argument("words", nargs="?", default="", help="part of a name, home or did")
    command("appeal", "say what banned people are told about where to turn").add_argument("text")
    command("forget", "erase everything about somebody who asked for it").add_argument("did")


def run_order(
    chosen: argparse.Namespace, settings: Settings, run_loop: Callable[[Coroutine[Any, Any, Any]], Any]
) -> int:
    """Have the order obeyed and print the answer.

    Raises:
        YokochoError: it was refused, or nobody can obey it now.
    """
    import msgspec

    from yokocho.people.line import give_order

    order = _order(chosen)
    try:
        msgspec.json.encode(order)
    except UnicodeEncodeError as error:
        raise OrderRefused("What was written there is not UTF-8 text.") from error
    try:
        answer = give_order(settings.data, order)
    except OSError as error:
        raise OrderRefused("The running server does not answer; it may be busy or ending. Please try again.") from error
    if answer is None:
        answer = run_loop(_obey_here(order, settings))
    if _REFUSED in answer:
        raise OrderRefused(answer["message"])
    text = json.dumps(answer, indent=2, ensure_ascii=False) if chosen.json else "\n".join(_told(answer))
    sys.stdout.write(text + "\n" if text else "")
    return ExitCode.OK


def _order(chosen: argparse.Namespace) -> Order:
    from yokocho.people import console as orders

    match chosen.order:
        case "claim-link":
            return orders.ClaimLink()
        case "list":
            return orders.List()
        case "invite":
            return orders.Invite(chosen.role, chosen.stall, chosen.days)
        case "grant":
            return orders.Grant(chosen.did, chosen.role, chosen.stall)
        case "revoke":
            return orders.Revoke(chosen.did, chosen.role, chosen.stall)
        case "ban" | "mute":
            return orders.Restrict(chosen.order, chosen.target, chosen.reason, chosen.scope, chosen.hours)
        case "restrictions":
            return orders.Restrictions()
        case "lift":
            return orders.Lift(chosen.id)
        case "audit":
            return orders.Audit(chosen.did)
        case "people":
            return orders.FindPeople(chosen.words)
        case "appeal":
            return orders.SetAppeal(chosen.text)
        case _:
            return orders.Forget(chosen.did)


async def _obey_here(order: Order, settings: Settings) -> Answer:
    """Obey without a server: with its lock, its store and its rules."""
    from yokocho.people import People
    from yokocho.people.console import Console
    from yokocho.store.database import DATABASE_NAME
    from yokocho.store.errors import DataInUse, DataUnusable, StorageFailed
    from yokocho.store.lock import DataLock
    from yokocho.store.store import Database, Store
    from yokocho.store.tombstones import Tombstones

    if not (settings.data / DATABASE_NAME).exists():
        raise DataUnusable(f"There is no alley in {settings.data}.")
    try:
        lock = DataLock(settings.data)
    except DataInUse as error:
        raise OrderRefused(f"The server in {settings.data} is just starting or ending. Please try again.") from error
    failures: list[StorageFailed] = []
    with lock:
        database = Database(settings.data)
        store = Store(database, failures.append)
        try:
            people = People(database, store, Tombstones(settings.data), guest_hold_hours=settings.guest_hold_hours)
            origin = settings.origin[0] if settings.origin else ""
            return await Console(people, origin, serves=False).obey(order)
        finally:
            await store.close()


def _told(answer: Answer) -> Iterable[str]:
    """The answer in lines for people."""
    if "rows" in answer:
        yield from (_row(row) for row in answer["rows"])
        return
    for name, value in answer.items():
        yield str(value) if name in ("link", "text") else f"{_label(name)} {_value(name, value)}"


def _row(row: dict[str, Any]) -> str:
    shown = (f"{_label(name)}={_value(name, value)}" for name, value in row.items() if value not in (None, "", {}))
    return "  ".join(shown)


def _label(name: str) -> str:
    return name.removesuffix("_us")


def _value(name: str, value: Any) -> str:
    if name.endswith("_us"):
        return dt.datetime.fromtimestamp(value / 1e6, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) or " " in str(value) else str(value)
