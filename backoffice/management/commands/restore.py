"""Restore a backup into an empty database, once its files, chains and positions are verified."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from backoffice import archive


class Command(BaseCommand):
    help = "Load a backup into an empty database: verified first, or nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            archive.read_manifest(options["folder"])
            self._make_tables()
            manifest = archive.restore(options["folder"])
        except archive.Unfit as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        self.stdout.write(f"{rows} rows are restored; chains, seals, positions and documents verify.")
        for digest in manifest["lost"]:
            self.stderr.write(f"The document {digest} was already missing when the backup was made.")

    def _make_tables(self) -> None:
        """A database without any table gets them; another is left as it is."""
        if "django_migrations" not in connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
