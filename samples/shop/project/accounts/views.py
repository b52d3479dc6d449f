"""Views of ``accounts``."""

from accounts.models import User
from accounts.serializers import UserSerializer
from core.permissions import StaffModelPermissions
from core.views import ModelViewSet


class UserViewSet(ModelViewSet[User]):
    """Those who sign in, for staff only."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    permission_classes = (StaffModelPermissions,)
    ordering_fields = ("id", "username", "first_name", "last_name", "email", "is_active")
    ordering = ("pk",)
