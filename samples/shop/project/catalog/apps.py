"""App configuration."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What the shop has to sell."""

    name = "catalog"
