"""App configuration."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    """Books, those who read them, and who has which at home."""

    name = "lending"
