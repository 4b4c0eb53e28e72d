"""Make the first administrator of a region; refused when it has one."""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regions.models import Region
from regions.territory import load_regions
from workflows.acts import Refused
from workflows.administration import first_administrator


class Command(BaseCommand):
    help = "Make the first administrator of a region (password asked, or GUICHET_PASSWORD)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("region", help="INSEE code of the region, e.g. 04")
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        load_regions()
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError(f"No region has the INSEE code {options['region']}.")
        password = os.environ.get("GUICHET_PASSWORD") or getpass.getpass("Password (12 characters or more): ")
        try:
            user = first_administrator(options["email"], options["name"], password, region)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email} is administrator of {region}.")
