"""Base classes of the viewsets."""

from django.db import transaction
from django.db.models import Model
from rest_framework import viewsets
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.serializers import BaseSerializer


class ModelViewSet[M: Model](viewsets.ModelViewSet[M]):
    """Whoever is signed in may read; Django's permissions decide who may write.

    A request is carried out as a whole or not at all.
    """

    permission_classes = (DjangoModelPermissions,)

    @transaction.atomic
    def perform_create(self, serializer: BaseSerializer[M]) -> None:
        """Create the object with its relations."""
        super().perform_create(serializer)

    @transaction.atomic
    def perform_update(self, serializer: BaseSerializer[M]) -> None:
        """Change the object with its relations."""
        super().perform_update(serializer)

    @transaction.atomic
    def perform_destroy(self, instance: M) -> None:
        """Delete the object with its parts."""
        super().perform_destroy(instance)
