"""The house rules of an instance: who may do what, and what is kept about a person."""

from __future__ import annotations

from yokocho.people.errors import Code, Refused
from yokocho.people.people import People
from yokocho.people.roles import AT_THE_CONSOLE, Actor, Roles
from yokocho.people.view import Ban, Verdict

__all__ = ["AT_THE_CONSOLE", "Actor", "Ban", "Code", "People", "Refused", "Roles", "Verdict"]
