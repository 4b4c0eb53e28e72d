"""Execute the deadlines that passed, send what waits, do the jobs left."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.tasks import sweep_all


class Command(BaseCommand):
    help = "Execute passed deadlines, unsent messages and waiting jobs once."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sweep_all()
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
