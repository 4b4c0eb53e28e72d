"""The territory: regions, people, programmes, schemes, envelopes, providers."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate

from regions import guards
from regions.triggers import BAND, BAND_TRIGGER

APPEND_ONLY = [
    BAND, "regions_integrityterms", "regions_interestdeclaration", "regions_declaredinterest", "regions_priorityrate",
]  # fmt: skip


class RegionsConfig(AppConfig):
    name = "regions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in APPEND_ONLY:
            guards.protect(table)
        guards.register(BAND_TRIGGER)
        pre_migrate.connect(guards.lift, dispatch_uid="guichet.guards.lift")
        post_migrate.connect(guards.install, dispatch_uid="guichet.guards")
        register(guards.check_guards, Tags.database)
