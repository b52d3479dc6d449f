"""Development settings: nothing to configure, no service to start."""

{{ local_imports }}
DEBUG = True
SECRET_KEY = "insecure-development-key-that-is-never-used-in-production"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
{% if mailers %}MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
{% else %}EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
{% endif %}{% if styled %}
# The pages of the browsable API have styles in their elements.
SECURE_CSP = SECURE_CSP | {"style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}
{% endif %}{% for setting in local_settings %}
{{ setting }}
{% endfor %}
