"""Say what is wrong with this installation, one line for each part, and fail when something is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice import doctor


class Command(BaseCommand):
    help = "Look at every part of the installation; say what is wrong and what to do."
    requires_system_checks: list[str] = []  # it makes them itself, and tells them among the rest

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in doctor.examine():
            faults += finding.health == doctor.Health.BAD
            self.stdout.write(f"{finding.health:<6}{finding.part:<11}{finding.sentence}")
        if faults:
            raise CommandError(f"{faults} faults.")
        self.stdout.write("Nothing is wrong.")
