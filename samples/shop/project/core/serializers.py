"""Base classes of the serializers."""

from base64 import b64decode, b64encode
from copy import copy
from typing import Any, NoReturn

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings


class Base64Field(serializers.Field[bytes, str, str, bytes]):
    """Bytes, written as base64 text."""

    default_error_messages = {"invalid": "This is no base64 text."}

    def to_internal_value(self, data: str) -> bytes:
        """Decode the text."""
        try:
            return b64decode(data, validate=True)
        except (TypeError, ValueError):
            self.fail("invalid")

    def to_representation(self, value: bytes) -> str:
        """Encode the bytes."""
        return b64encode(value).decode()


class ModelSerializer[M: models.Model](serializers.ModelSerializer[M]):
    """Applies ``Model.clean()`` and the constraints of the model before it saves.

    REST framework checks fields and uniqueness only; so what a model refuses in the admin, it
    refuses here.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BinaryField: Base64Field,
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Clean the object as it would be saved."""
        attrs = super().validate(attrs)
        candidate = self.Meta.model() if self.instance is None else copy(self.instance)
        for field in candidate._meta.concrete_fields:
            if field.name in attrs:
                setattr(candidate, field.name, attrs[field.name])
        if self.instance is not None:
            # A row of several tables has a key in each of them.
            for key in (field for field in candidate._meta.concrete_fields if field.primary_key):
                if getattr(candidate, key.attname) != getattr(self.instance, key.attname):
                    raise serializers.ValidationError(
                        {key.name: "The key of an object never changes."}
                    )
        try:
            candidate.clean()
            candidate.validate_constraints()
        except ValidationError as error:
            _refuse(error)
        return attrs


def _refuse(error: ValidationError) -> NoReturn:
    """Raise the error as REST framework would have."""
    detail = get_error_detail(error)
    if NON_FIELD_ERRORS in detail:
        detail[api_settings.NON_FIELD_ERRORS_KEY] = detail.pop(NON_FIELD_ERRORS)
    raise serializers.ValidationError(detail) from error
