"""Routes of ``accounts``, which ``config.api`` serves below ``/api/v1/``."""

from rest_framework.routers import SimpleRouter

from accounts.views import UserViewSet

router = SimpleRouter(use_regex_path=False)
router.register("users", UserViewSet, basename="users")
