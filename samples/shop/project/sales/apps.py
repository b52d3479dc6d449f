"""App configuration."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Who buys, and what becomes of it."""

    name = "sales"
