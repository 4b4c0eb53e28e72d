"""Make the first administrator of a region, or confirm the second whom he proposed."""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regions.models import Region, User
from regions.territory import load_regions
from workflows.acts import Refused
from workflows.administration import first_administrator, second_administrator


class Command(BaseCommand):
    help = (
        "Make the first administrator of a region (password asked, or GUICHET_PASSWORD); with --second, confirm "
        "the one whom the only administrator proposed on his screen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("region", help="INSEE code of the region, e.g. 04")
        parser.add_argument("email")
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--second", action="store_true", help="confirm the second administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        load_regions()
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"No region has the INSEE code {options['region']}.")
        try:
            user = self._second(region, options) if options["second"] else self._first(region, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email} is administrator of {region}.")

    def _first(self, region: Region, options: dict[str, Any]) -> User:
        if not options["name"]:
            raise CommandError("Give the person's name after the address.")
        password = os.environ.get("GUICHET_PASSWORD") or getpass.getpass("Password (12 characters or more): ")
        return first_administrator(options["email"], options["name"], password, region)

    def _second(self, region: Region, options: dict[str, Any]) -> User:
        return second_administrator(options["email"], region).user
