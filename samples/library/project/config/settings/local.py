"""Development settings: nothing to configure, no service to start."""

from django.utils.csp import CSP

from config.settings.base import *  # noqa: F403
from config.settings.base import REST_FRAMEWORK, SECURE_CSP

DEBUG = True
SECRET_KEY = "insecure-development-key-that-is-never-used-in-production"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}

# The pages of the browsable API have styles in their elements.
SECURE_CSP = SECURE_CSP | {"style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}

REST_FRAMEWORK |= {
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
    ],
}
