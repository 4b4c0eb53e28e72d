"""Make the open tasks of every file anew from its status and records."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from applications.enums import ApplicationState
from applications.models import Application
from workflows import follow


class Command(BaseCommand):
    help = "Recreate the open human tasks of every file; the legal states are not touched."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = Application.objects.exclude(state=ApplicationState.DRAFT).order_by("pk").values_list("pk", flat=True)
        for pk in keys:
            with transaction.atomic():
                follow.rebuild(Application.objects.select_for_update(of=("self",)).get(pk=pk))
        self.stdout.write(f"{len(keys)} files: their tasks are those their status asks for.")
