"""Verify every chain of events and every seal; name file and event of each fault."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.verify import verify


class Command(BaseCommand):
    help = "Verify the chains of events and the daily seals."

    def handle(self, *args: Any, **options: Any) -> None:
        tally = verify()
        for fault in tally.faults:
            self.stderr.write(str(fault))
        said = f"{tally.events} events in {tally.subjects} chains, {tally.seals} seals"
        if tally.faults:
            raise CommandError(f"{said}: {len(tally.faults)} faults.")
        self.stdout.write(f"{said}: all verified.")
