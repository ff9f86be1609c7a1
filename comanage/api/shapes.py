"""The shape of JSON that comes in: what is not declared is refused, and nothing is repeated."""

import re
from collections.abc import Sequence
from typing import Any, cast

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

_NOT_A_CHOICE = "This is not one of the values that are allowed here."
_HARMLESS = re.compile(r"[a-z]+(?:[_-][a-z]+)*", re.ASCII)
_MOST_CHARACTERS = 24
_NOT_AN_ID = "This is not an id as this API writes them."


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer for input. Unknown keys are errors; no message holds what was sent."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields, with words of our own where DRF's would repeat the value."""
        fields = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.ChoiceField):
                field.error_messages["invalid_choice"] = _NOT_A_CHOICE
            if isinstance(field, serializers.UUIDField):
                field.error_messages["invalid"] = _NOT_AN_ID
        return fields

    def to_internal_value(self, data: Any) -> Any:
        """Refuse keys that no field declares, together with whatever else is wrong."""
        wrong = self._unknown(data)
        try:
            read = super().to_internal_value(data)
        except serializers.ValidationError as refused:
            by_name = cast("dict[str, Any]", refused.detail)  # as a serializer's always are
            raise serializers.ValidationError(wrong | by_name) from refused
        if wrong:
            raise serializers.ValidationError(wrong)
        return read

    def _unknown(self, data: Any) -> dict[str, Any]:
        sent = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if not sent:
            return {}
        known = ", ".join(self.fields)
        sentence = f"{_named(sent)} not known here. Known are: {known}."
        return {"": [ErrorDetail(sentence, code="unknown-key")]}


def _named(keys: Sequence[str]) -> str:
    """Name keys that read like names of settings; what could be a value is counted alone."""
    harmless = [f"`{key}`" for key in keys if _is_harmless(str(key))]
    others = len(keys) - len(harmless)
    if others:
        harmless.append(f"{others} key that was sent" if others == 1 else f"{others} keys")
    return f"{' and '.join(harmless)} {'is' if len(keys) == 1 else 'are'}"


def _is_harmless(key: str) -> bool:
    return len(key) <= _MOST_CHARACTERS and _HARMLESS.fullmatch(key) is not None


def read_query(kind: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """Read the query of an address.

    Raises:
        ValidationError: a name is not known or comes twice, or a value is not of its kind.
    """
    twice = [name for name, values in request.query_params.lists() if len(values) > 1]
    if known := set(twice) & set(kind().fields):
        raise serializers.ValidationError({name: ["Send it once."] for name in sorted(known)})
    return read_document(kind, request.query_params.dict())


def read_document(kind: type[StrictSerializer], given: Any) -> dict[str, Any]:
    """Read a document.

    Raises:
        ValidationError: it is not of the declared shape.
    """
    read = kind(data=given)
    read.is_valid(raise_exception=True)
    values: dict[str, Any] = read.validated_data
    return values
