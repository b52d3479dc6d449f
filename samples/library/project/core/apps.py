"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The shared building blocks."""

    name = "core"
