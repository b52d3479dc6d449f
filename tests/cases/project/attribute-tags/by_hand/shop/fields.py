"""A field that somebody has written by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class CodeField(models.CharField):
    """A code, of capitals alone if it is strict."""

    def __init__(self, *args: Any, strict: bool = False, **kwargs: Any) -> None:
        self.strict = strict
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Say ``strict`` only if it is."""
        name, path, args, kwargs = super().deconstruct()
        if self.strict:
            kwargs["strict"] = True
        return name, path, args, kwargs

    def validate(self, value: str, model_instance: models.Model) -> None:
        """Refuse small letters."""
        super().validate(value, model_instance)
        if self.strict and value != value.upper():
            raise ValidationError("Capitals only.")
