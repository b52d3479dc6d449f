"""Permission classes."""

from typing import TYPE_CHECKING

from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class StaffModelPermissions(DjangoModelPermissions):
    """Only staff may read, and Django's permissions decide who of them may write."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Ask for a member of the staff first."""
        return bool(request.user and request.user.is_staff) and super().has_permission(
            request, view
        )
