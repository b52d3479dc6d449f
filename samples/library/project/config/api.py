"""The API, version 1: the routes of all apps and a page that lists them."""

from rest_framework.routers import DefaultRouter

from accounts.urls import router as accounts_router
from lending.urls import router as lending_router

router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
router.registry.extend(accounts_router.registry)
router.registry.extend(lending_router.registry)

urlpatterns = router.urls
