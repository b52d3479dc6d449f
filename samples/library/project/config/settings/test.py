"""Test settings: fast and deterministic."""

from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING, REST_FRAMEWORK

SECRET_KEY = "insecure-test-key-insecure-test-key-insecure-test-key"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # There is no folder of collected files.
LOGGING["root"]["level"] = "CRITICAL"

REST_FRAMEWORK |= {
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
