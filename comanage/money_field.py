"""How money stands in the database: whole cents, read back as `Money`."""

from typing import TYPE_CHECKING, Any

from django.db import models

from comanage.values.money import Money

if TYPE_CHECKING:
    _Cents = models.BigIntegerField[Money | int, Money]
    _CentsOrNone = models.BigIntegerField[Money | int | None, Money | None]
else:
    _Cents = _CentsOrNone = models.BigIntegerField


class MoneyField(_Cents):
    """A column of whole cents."""

    def from_db_value(self, value: int | None, *_database: Any) -> Money | None:
        """Read cents as money."""
        return _read(value)

    def to_python(self, value: Any) -> Any:
        """Accept money or cents."""
        return _accepted(value)

    def get_prep_value(self, value: Any) -> Any:
        """Write cents."""
        return value.cents if isinstance(value, Money) else super().get_prep_value(value)


class OptionalMoneyField(_CentsOrNone):
    """A column of whole cents that may be empty."""

    def from_db_value(self, value: int | None, *_database: Any) -> Money | None:
        """Read cents as money."""
        return _read(value)

    def to_python(self, value: Any) -> Any:
        """Accept money, cents or nothing."""
        return _accepted(value)

    def get_prep_value(self, value: Any) -> Any:
        """Write cents."""
        return value.cents if isinstance(value, Money) else super().get_prep_value(value)


def _read(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)


def _accepted(value: Any) -> Any:
    return value if value is None or isinstance(value, Money) else Money(int(value))
