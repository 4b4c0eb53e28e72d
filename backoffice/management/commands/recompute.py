"""Run a file's frozen decisions again and say whether they give the same outcome."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.models import Application
from workflows.recompute import recompute


class Command(BaseCommand):
    help = "Recompute the decisions of a file from the facts frozen with them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="the file's reference, e.g. KAP-2025-00001")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Application.objects.filter(reference=options["reference"]).first()
        if file is None:
            raise CommandError(f"No file has the reference {options['reference']}.")
        results = [recompute(decision) for decision in file.decisions.order_by("id")]
        for result in results:
            self.stdout.write(str(result))
        if not all(result.intact and result.same for result in results):
            raise CommandError("At least one decision is not reproduced.")
