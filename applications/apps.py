"""The case, its money and its law."""

from django.apps import AppConfig

from applications import triggers


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        triggers.register_all()
