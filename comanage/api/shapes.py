"""The shape of JSON that comes in: what is not declared is refused, and nothing is repeated."""

from typing import Any

from rest_framework import serializers

_NOT_A_CHOICE = "This is not one of the values that are allowed here."
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
        """Refuse keys that no field declares."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            sentence = f"{len(unknown)} of the keys sent are not known here. Known are: "
            known = ", ".join(self.fields)
            raise serializers.ValidationError({"": [sentence + known + "."]}, code="unknown-key")
        return super().to_internal_value(data)
