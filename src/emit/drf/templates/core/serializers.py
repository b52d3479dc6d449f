"""Base classes of the serializers."""

from base64 import b64decode, b64encode
from copy import copy
from typing import Any, NoReturn

{% if generic %}from django.contrib.contenttypes.models import ContentType
{% endif %}from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings
{% if several_parents %}from rest_framework.validators import UniqueValidator
{% endif %}

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


{% if generic %}class ContentTypeField(serializers.RelatedField[ContentType, str, str]):
    """The model of a row, written as ``app.model``."""

    default_error_messages = {"no_model": "There is no model “{name}” to refer to."}

    def to_internal_value(self, data: str) -> ContentType:
        """Find the content type."""
        app, _, model = str(data).partition(".")
        kind = self.get_queryset().filter(app_label=app, model=model).first()
        if kind is None:
            self.fail("no_model", name=data)
        return kind

    def to_representation(self, value: ContentType) -> str:
        """Write its label."""
        return f"{value.app_label}.{value.model}"


{% endif %}{% if several_parents %}class UniqueInParent(UniqueValidator):
    """Tells the object itself from others by its key in the table that holds the field.

    That is another key than its own if the model has several parents.
    """

    def exclude_current_instance[M: models.Model](
        self, queryset: models.QuerySet[M], instance: M | None
    ) -> models.QuerySet[M]:
        """Leave out the object that is changed."""
        if instance is None:
            return queryset
        return queryset.exclude(pk=instance._get_pk_val(queryset.model._meta))


{% endif %}class ModelSerializer[M: models.Model](serializers.ModelSerializer[M]):
    """Applies ``Model.clean()`` and the constraints of the model before it saves.

    REST framework checks fields and uniqueness only; so what a model refuses in the admin, it
    refuses here.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BinaryField: Base64Field,
    }

{% if generic %}    def build_relational_field(self, *args: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
        """Write content types as labels."""
        field_class, kwargs = super().build_relational_field(*args)
        if kwargs.get("queryset") is not None and kwargs["queryset"].model is ContentType:
            field_class = ContentTypeField
        return field_class, kwargs

{% endif %}{% if several_parents %}    def build_field(self, *args: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
        """Find the object itself in the tables of all its parents."""
        field_class, kwargs = super().build_field(*args)
        for index, rule in enumerate(kwargs.get("validators", ())):
            if type(rule) is UniqueValidator:
                kwargs["validators"][index] = UniqueInParent(rule.queryset, rule.message)
        return field_class, kwargs

{% endif %}    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
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
