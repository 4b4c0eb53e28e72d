"""Draw every flow into docs/flows, from its code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflows.flows.picture import draw_all


class Command(BaseCommand):
    help = "Draw the flows as SVG into docs/flows."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in draw_all(Path(settings.BASE_DIR) / "docs" / "flows"):
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
