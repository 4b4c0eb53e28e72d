from importlib import import_module

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("reporting.jobs")  # registers its jobs
        import_module("reporting.reconcile")  # registers its check
