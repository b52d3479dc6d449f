"""Base classes of the viewsets."""

from django.db import transaction
from django.db.models import Model
from rest_framework import viewsets
from rest_framework.permissions import DjangoModelPermissions
{% if versioned %}from rest_framework.request import Request
from rest_framework.response import Response
{% endif %}from rest_framework.serializers import BaseSerializer
{% if signed or versioned %}
{% if signed %}from {{ core }}.audit import signature
{% endif %}{% if versioned %}from {{ core }}.problems import PreconditionFailed
from {{ core }}.versions import Versioning
{% endif %}{% endif %}

class ModelViewSet[M: Model](viewsets.ModelViewSet[M]):
    """Whoever is signed in may read; Django's permissions decide who may write.

    A request is carried out as a whole or not at all.
    """

    permission_classes = (DjangoModelPermissions,)
{% if versioned %}
    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        """Say which version of an object is shown."""
        response = super().finalize_response(request, response, *args, **kwargs)
        shown = getattr(response, "data", None)
        is_versioned = issubclass(self.queryset.model, Versioning)
        if is_versioned and isinstance(shown, dict) and "version" in shown:
            response.headers["ETag"] = f'"{shown["version"]}"'
        return response

    def check_version(self, instance: M) -> None:
        """Refuse what ``If-Match`` says is meant for another version of the object."""
        expected = self.request.headers.get("If-Match")
        if expected is None or not isinstance(instance, Versioning):
            return
        if not {tag.strip() for tag in expected.split(",")} & {"*", f'"{instance.version}"'}:
            raise PreconditionFailed
{% endif %}
    @transaction.atomic
    def perform_create(self, serializer: BaseSerializer[M]) -> None:
        """Create the object with its relations{% if signed %} in the name of the user{% endif %}."""
{% if signed %}        model = self.get_queryset().model
        serializer.save(**signature(model, self.request.user, adding=True))
{% else %}        super().perform_create(serializer)
{% endif %}
    @transaction.atomic
    def perform_update(self, serializer: BaseSerializer[M]) -> None:
        """Change the object with its relations{% if signed %} in the name of the user{% endif %}."""
{% if versioned %}        self.check_version(serializer.instance)
{% endif %}{% if signed %}        model = self.get_queryset().model
        serializer.save(**signature(model, self.request.user, adding=False))
{% else %}        super().perform_update(serializer)
{% endif %}
    @transaction.atomic
    def perform_destroy(self, instance: M) -> None:
        """Delete the object with its parts."""
{% if versioned %}        self.check_version(instance)
{% endif %}        super().perform_destroy(instance)
