"""Serializers of ``accounts``."""

from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import User
from core.serializers import ModelSerializer


class UserSerializer(ModelSerializer[User]):
    """Somebody who signs in, without the password and without rights."""

    class Meta:
        model = User
        fields = ("id", "username", "first_name", "last_name", "email", "is_active")
        read_only_fields = ("id",)

    def create(self, validated_data: dict[str, Any]) -> User:
        """Create somebody who cannot sign in until a password is set."""
        return super().create(validated_data | {"password": make_password(None)})
