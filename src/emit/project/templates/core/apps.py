"""App configuration."""

from django.apps import AppConfig


class {{ core_class }}Config(AppConfig):
    """The shared building blocks."""

    name = {{ core }}
