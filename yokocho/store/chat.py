"""What was said alley-wide. Words spoken near by are for those who stood there: they are never stored."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from world.wire import Chat, Scope
from yokocho.store.tables import chat_messages

HISTORY: Final = 100
"""Messages that a visitor who comes later gets to read."""


def add_chat(connection: sa.Connection, room_id: str, chat: Chat) -> None:
    """Keep one alley-wide message."""
    connection.execute(
        sa.insert(chat_messages).values(
            room_id=room_id,
            id=chat.id,
            visitor_id=chat.visitor_id,
            name=chat.name,
            text=chat.text,
            said_us=chat.wall_ms * 1000,
        )
    )


def last_chats(connection: sa.Connection, room_id: str, limit: int = HISTORY) -> list[Chat]:
    """The newest messages, oldest first."""
    query = (
        sa.select(chat_messages)
        .where(chat_messages.c.room_id == room_id)
        .order_by(chat_messages.c.id.desc())
        .limit(limit)
    )
    newest_first = [
        Chat(
            id=row.id,
            visitor_id=row.visitor_id,
            name=row.name,
            scope=Scope.ALLEY,
            text=row.text,
            wall_ms=row.said_us // 1000,
            ref=0,
        )
        for row in connection.execute(query)
    ]
    return newest_first[::-1]


def prune_chats(connection: sa.Connection, before_us: int) -> int:
    """Forget what was said before a time; the number of messages forgotten."""
    return connection.execute(sa.delete(chat_messages).where(chat_messages.c.said_us < before_us)).rowcount
