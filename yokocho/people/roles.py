"""Roles, and who may decide what.

Everybody is a visitor. An artisan keeps one or more stalls, a keeper looks after the peace of an alley, an operator
runs the instance. Roles add up: an operator may do all that a keeper may. `Actor` is who decides: a person, or the
console, which is whoever may write the data directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Final

from yokocho.people.errors import Code, Refused

CONSOLE: Final = "console"
"""How the audit log names the command line."""


class Roles(IntFlag):
    """What somebody is here, as bits; the values are part of the live protocol."""

    VISITOR = 0
    ARTISAN = 1
    KEEPER = 2
    OPERATOR = 4

    @property
    def names(self) -> tuple[str, ...]:
        """The roles by name, the humblest first."""
        return tuple(name for name, role in BY_NAME.items() if role in self)


BY_NAME: Final = {"artisan": Roles.ARTISAN, "keeper": Roles.KEEPER, "operator": Roles.OPERATOR}
MODERATORS: Final = Roles.KEEPER | Roles.OPERATOR


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides."""

    name: str
    roles: Roles

    @property
    def is_operator(self) -> bool:
        """Whether everything is theirs to decide."""
        return Roles.OPERATOR in self.roles

    def need(self, roles: Roles) -> None:
        """Refuse unless the actor has one of these roles."""
        if not self.roles & roles:
            raise Refused(Code.NOT_ALLOWED, "This is for those who look after the alley.")


AT_THE_CONSOLE: Final = Actor(CONSOLE, Roles.OPERATOR)
