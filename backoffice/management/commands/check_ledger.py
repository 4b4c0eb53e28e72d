"""Compare everything that has to agree; name each difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.models import LedgerEntry
from workflows.ledger_check import CHECKS, check_ledger


class Command(BaseCommand):
    help = "Compare positions, orders, claims, grants, awards, escrow and released reports with their proofs."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = check_ledger()
        for difference in differences:
            self.stderr.write(f"[{difference.kind}] {difference}")
        if differences:
            raise CommandError(f"{len(differences)} figures differ from their proof.")
        self.stdout.write(f"{LedgerEntry.objects.count()} ledger rows: everything agrees ({', '.join(CHECKS)}).")
