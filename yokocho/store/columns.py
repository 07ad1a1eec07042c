"""Column types: values of the scene as JSON, checked on the way back."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

BigInt = sa.BigInteger()


class Json(sa.types.TypeDecorator[Any]):
    """JSON; in its binary form where the database has one."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type of this database."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(sa.JSON(none_as_null=True))


class Typed(Json):
    """A msgspec type kept as JSON. What comes back is converted and checked, so a damaged row is found here."""

    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: Any, _dialect: sa.Dialect) -> Any:
        """From the typed value to plain lists and numbers."""
        return None if value is None else msgspec.to_builtins(value)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> Any:
        """Back to the typed value."""
        return None if value is None else msgspec.convert(value, self.shape)
