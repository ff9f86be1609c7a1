"""How money stands in the database: whole cents, read back as `Money`."""

from typing import Any

from django.db import models

from comanage.values.money import Money


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]  # stubs lack the value type
    """A column of whole cents."""

    def from_db_value(self, value: int | None, *_database: Any) -> Money | None:
        """Read cents as money."""
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Any:
        """Accept money or cents."""
        if value is None or isinstance(value, Money):
            return value
        return Money(int(value))

    def get_prep_value(self, value: Any) -> Any:
        """Write cents."""
        return value.cents if isinstance(value, Money) else super().get_prep_value(value)
