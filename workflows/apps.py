"""Who may do what, when; the only writer of a state."""

from importlib import import_module

from django.apps import AppConfig

from regions.guards import protect

APPEND_ONLY = ["workflows_event", "workflows_seal", "workflows_sealproof", "workflows_differencenote"]


class WorkflowsConfig(AppConfig):
    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in APPEND_ONLY:
            protect(table)
        for module in ("readings", "crosschecks", "reconcile", "certificates", "wake", "seal_proofs", "tasks"):
            import_module(f"workflows.{module}")  # registers its jobs, checks or tasks
