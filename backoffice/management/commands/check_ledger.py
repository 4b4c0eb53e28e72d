"""Re-derive every position from the ledger; name each difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.models import LedgerEntry
from workflows.ledger_check import check_ledger


class Command(BaseCommand):
    help = "Compare every position with the ledger's rows."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = check_ledger()
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} positions differ from the ledger.")
        self.stdout.write(f"{LedgerEntry.objects.count()} ledger rows: every position agrees.")
