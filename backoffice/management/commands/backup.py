"""Save the whole installation in one folder: tables, documents, seals, and the hash of each file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice import archive


class Command(BaseCommand):
    help = "Write database, documents and seals into a new folder, with a manifest of SHA-256 hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is empty or does not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = archive.backup(options["folder"])
        except archive.Unfit as error:
            raise CommandError(str(error)) from error
        rows, files = sum(manifest["rows"].values()), len(manifest["files"])
        self.stdout.write(f"{rows} rows and {files} files are saved in {options['folder']}.")
        if manifest["lost"]:
            lost = "\n".join(manifest["lost"])
            raise CommandError(f"Everything else is saved, but these documents are missing or altered:\n{lost}")
