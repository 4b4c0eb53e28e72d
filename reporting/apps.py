from importlib import import_module

from django.apps import AppConfig

from regions.guards import protect

APPEND_ONLY = ["reporting_sample", "reporting_sampleresult", "reporting_sampleconclusion"]


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in APPEND_ONLY:
            protect(table)
        import_module("reporting.jobs")  # registers its jobs
        import_module("reporting.audit.redraw")  # registers its job
        import_module("reporting.reconcile")  # registers its check
        import_module("reporting.tasks")  # the web asks for them too
