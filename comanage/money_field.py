"""How money stands in the database: whole cents, read back as `Money`."""

from typing import TYPE_CHECKING, Any

from django.db import models

from comanage.values.money import Money

if TYPE_CHECKING:
    _Cents = models.BigIntegerField[Money | int, Money]
else:
    _Cents = models.BigIntegerField


class MoneyField(_Cents):
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
