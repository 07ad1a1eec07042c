"""Column types: values of the scene as JSON, checked on the way back."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BigInt = sa.BigInteger()


class Typed(sa.types.TypeDecorator[Any]):
    """A msgspec type kept as JSON. What comes back is converted and checked, so a damaged row is found here."""

    impl = Json
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
