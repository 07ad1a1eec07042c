"""Coming in: `Entrance` checks papers, asks the house rules and opens sessions; `key` keeps the instance's own key."""

from yokocho.entrance.entrance import Challenge, Entrance, role_names
from yokocho.entrance.errors import NotAdmitted, Reason
from yokocho.entrance.rules import Ban, Rules, Verdict
from yokocho.entrance.sessions import Caller, Opened, Pass

__all__ = [
    "Ban",
    "Caller",
    "Challenge",
    "Entrance",
    "NotAdmitted",
    "Opened",
    "Pass",
    "Reason",
    "Rules",
    "Verdict",
    "role_names",
]
