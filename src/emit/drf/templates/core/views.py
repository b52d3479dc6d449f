"""Base classes of the viewsets."""

from django.db import transaction
from django.db.models import Model
from rest_framework import viewsets
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.serializers import BaseSerializer
{% if signed %}
from {{ core }}.audit import signature
{% endif %}

class ModelViewSet[M: Model](viewsets.ModelViewSet[M]):
    """Whoever is signed in may read; Django's permissions decide who may write.

    A request is carried out as a whole or not at all.
    """

    permission_classes = (DjangoModelPermissions,)

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
{% if signed %}        model = self.get_queryset().model
        serializer.save(**signature(model, self.request.user, adding=False))
{% else %}        super().perform_update(serializer)
{% endif %}
    @transaction.atomic
    def perform_destroy(self, instance: M) -> None:
        """Delete the object with its parts."""
        super().perform_destroy(instance)
