"""Company look-up by SIRET: the house's own register, or the State's open company search.

A look-up only spares typing. Whatever fails, the answer says so in a sentence and the person goes on
without: no form waits for a register.
"""

from __future__ import annotations

import csv
import json
import logging
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalCategory
from applications.models import Company
from regions.territory import department_of

log = logging.getLogger("guichet.directory")

TIMEOUT = 3.0  # seconds
MAX_BYTES = 1_000_000
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "companies.csv"

UNKNOWN = _("Aucune entreprise n’est connue sous ce SIRET : le vérifier, ou continuer sans cette recherche.")
UNREACHABLE = _("Le registre des entreprises ne répond pas : continuer sans, en remplissant les cases à la main.")
CEASED = _(
    "Cette entreprise a cessé son activité, dit le registre : vérifier le SIRET, ou remplir les cases à la main."
)


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What a register says of a firm's seat; an empty string or None where it says nothing."""

    siret: str
    name: str
    naf_code: str
    legal_category: str
    region: str
    commune: str
    created_on: date | None
    naf_nomenclature: str = "rev2"
    name_published: bool = True

    @property
    def siren(self) -> str:
        return self.siret[:9]


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts found, or the sentence that says why there are none."""

    facts: CompanyFacts | None = None
    sentence: str | Promise = ""


class Directory(Protocol):
    """A register of companies."""

    def find(self, siret: str) -> Answer:
        """The facts of a firm by the SIRET of one of its establishments; never raises."""


def look_up(siret: str) -> Answer:
    """Ask the register that the settings name."""
    return DIRECTORIES[settings.GUICHET_COMPANY_DIRECTORY]().find(siret)


class LocalRegister:
    """The firms that the house knows, and the fictitious ones shipped for the demonstration."""

    def find(self, siret: str) -> Answer:
        known = Company.objects.select_related("region").filter(siren=siret[:9]).first()
        if known is not None:
            return Answer(_of_company(known))
        sample = _sample().get(siret[:9])
        return Answer(sample) if sample else Answer(sentence=UNKNOWN)


def _of_company(company: Company) -> CompanyFacts:
    return CompanyFacts(
        siret=company.siret, name=company.name, naf_code=company.naf_code, legal_category=company.legal_category,
        region=company.region.code, commune=company.commune, created_on=company.created_on,
        naf_nomenclature=company.naf_nomenclature, name_published=company.name_published,
    )  # fmt: skip


@cache
def _sample() -> dict[str, CompanyFacts]:
    """The shipped register: firms whose SIREN begins with 000, so that nobody takes them for real."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["siret"][:9]: CompanyFacts(**row | {"created_on": _day(row["created_on"])}) for row in rows}  # type: ignore[arg-type]


class OpenSearch:
    """The State's open company search (« API Recherche d’entreprises »): no key, JSON over HTTPS."""

    def find(self, siret: str) -> Answer:
        try:
            found = parse(self._ask(siret), siret)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("company search failed: %s", type(error).__name__)
            return Answer(sentence=UNREACHABLE)
        return found

    def _ask(self, siret: str) -> Any:
        query = urllib.parse.urlencode({"q": siret, "page": 1, "per_page": 1})
        address = f"{settings.GUICHET_COMPANY_SEARCH_URL.rstrip('/')}/search?{query}"
        if not address.startswith(("https://", "http://")):
            raise ValueError("the company search is not on the web")
        request = urllib.request.Request(address, headers={"Accept": "application/json", "User-Agent": "Guichet"})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read(MAX_BYTES))


def parse(answer: Any, siret: str) -> Answer:
    """Read the search's answer; raises when it is not in the expected shape."""
    unit = next((r for r in answer["results"] if r["siren"] == siret[:9]), None)
    if unit is None:
        return Answer(sentence=UNKNOWN)
    if unit.get("etat_administratif", "A") != "A":
        return Answer(sentence=CEASED)
    return Answer(_of_unit(unit, siret))


def _of_unit(unit: Mapping[str, Any], siret: str) -> CompanyFacts:
    seat = unit["siege"]
    shown = unit.get("statut_diffusion", "O") == "O"
    return CompanyFacts(
        siret=seat.get("siret") or siret,
        name=(unit.get("nom_raison_sociale") or unit.get("nom_complet") or "") if shown else "",
        naf_code=unit.get("activite_principale") or "",
        legal_category=legal_category(unit.get("nature_juridique") or ""),
        region=region_of(seat.get("commune") or ""),
        commune=seat.get("commune") or "",
        created_on=_day(unit.get("date_creation") or ""),
        name_published=shown and unit.get("nature_juridique") != "1000",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def legal_category(nature: str) -> str:
    """From the four digits of the legal nature (INSEE, catégories juridiques) to the house's list.

    A sole trader (1000) may exercise a liberal profession: the register does not say which, the firm does.
    """
    prefixes = {
        "1": LegalCategory.SOLE_TRADER, "92": LegalCategory.ASSOCIATION, "91": LegalCategory.ASSOCIATION,
        "93": LegalCategory.ASSOCIATION, "4": LegalCategory.PUBLIC, "7": LegalCategory.PUBLIC,
    }  # fmt: skip
    found = next((category for prefix, category in prefixes.items() if nature.startswith(prefix)), None)
    return str(found or (LegalCategory.COMPANY if nature else ""))


REGIONS = {
    "01": "84", "02": "32", "03": "84", "04": "93", "05": "93", "06": "93", "07": "84", "08": "44", "09": "76",
    "10": "44", "11": "76", "12": "76", "13": "93", "14": "28", "15": "84", "16": "75", "17": "75", "18": "24",
    "19": "75", "21": "27", "22": "53", "23": "75", "24": "75", "25": "27", "26": "84", "27": "28", "28": "24",
    "29": "53", "2A": "94", "2B": "94", "30": "76", "31": "76", "32": "76", "33": "75", "34": "76", "35": "53",
    "36": "24", "37": "24", "38": "84", "39": "27", "40": "75", "41": "24", "42": "84", "43": "84", "44": "52",
    "45": "24", "46": "76", "47": "75", "48": "76", "49": "52", "50": "28", "51": "44", "52": "44", "53": "52",
    "54": "44", "55": "44", "56": "53", "57": "44", "58": "27", "59": "32", "60": "32", "61": "28", "62": "32",
    "63": "84", "64": "75", "65": "76", "66": "76", "67": "44", "68": "44", "69": "84", "70": "27", "71": "27",
    "72": "52", "73": "84", "74": "84", "75": "11", "76": "28", "77": "11", "78": "11", "79": "75", "80": "32",
    "81": "76", "82": "76", "83": "93", "84": "93", "85": "52", "86": "75", "87": "75", "88": "44", "89": "27",
    "90": "27", "91": "11", "92": "11", "93": "11", "94": "11", "95": "11",
    "971": "01", "972": "02", "973": "03", "974": "04", "976": "06",
}  # fmt: skip


def region_of(place: str) -> str:
    """The INSEE code of the region of a commune or of a postcode, by its département; empty when there is none."""
    department = department_of(place)
    return "94" if department == "20" else REGIONS.get(department, "")


DIRECTORIES: dict[str, type[Directory]] = {"local": LocalRegister, "open": OpenSearch}
