"""Seal the day's chains and send the root out of the house."""

from typing import Any

from django.core.management.base import BaseCommand

from regions import clock
from workflows.seal import seal


class Command(BaseCommand):
    help = "Seal today's chains of events."

    def handle(self, *args: Any, **options: Any) -> None:
        made = seal(clock.today())
        self.stdout.write(f"{made.day}: {made.subjects} subjects, root {made.root}")
