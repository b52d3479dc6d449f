"""Test settings: fast and deterministic."""

{{ test_imports }}
SECRET_KEY = "insecure-test-key-insecure-test-key-insecure-test-key"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
{% if mailers %}MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
{% else %}EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
{% endif %}STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # There is no folder of collected files.
LOGGING["root"]["level"] = "CRITICAL"
{% for setting in test_settings %}
{{ setting }}
{% endfor %}
