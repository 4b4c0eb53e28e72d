"""The national registers: de minimis awards in the fields that the register asks, and GBER awards to publish. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from applications.models import Company, DeMinimisAward, Grant
from applications.rules.de_minimis_register import REGISTER_FROM
from applications.rules.transparency import EXEMPTED, PUBLISH_MONTHS, PUBLISHED_ABOVE, publish_by
from regions import clock
from regions.calendars import add_months
from regions.enums import Funder, Instrument
from regions.models import Region
from reporting.keyset import BY_ID
from reporting.lists.base import Filter, Listing, between, column, contains


class Entry(TextChoices):
    """Where an award stands towards its register."""

    TO_ENTER = "to_enter", _("À inscrire")
    LATE = "late", _("En retard")
    ENTERED = "entered", _("Inscrite")


def _entry(filing: Any, by: date | None) -> str:
    if filing is not None:
        return Entry.ENTERED
    return Entry.LATE if by is not None and by < clock.today() else Entry.TO_ENTER


def _filed(row: Any, name: str) -> dict[str, Any]:
    filing = getattr(row, name, None)
    return {
        "filed_on": filing.filed_on if filing else None, "register_reference": filing.reference if filing else "",
        "filed_by": filing.made_by.name if filing else "",
    }  # fmt: skip


FILED = (
    column("state", "État", "State", choices=Entry),
    column("filed_on", "Inscrite le", "Entered on", "date"),
    column("register_reference", "Référence du registre", "Register reference"),
    column("filed_by", "Inscrite par", "Entered by"),
)


def _funders(file: Any) -> str:
    """Who funds besides the granting region, as the register wants it (decree 2025-1361, art. 4)."""
    named = dict(Funder.choices)
    codes = [funder["code"] for funder in file.scheme_version.rule("funding", "funders", default=[])]
    return ", ".join(str(named[code]) for code in codes if code != Funder.REGION)


# --- de minimis


def awards(regions: Iterable[Region | int]) -> QuerySet[DeMinimisAward]:
    """The region's own awards since the register exists, corrections among them."""
    own = DeMinimisAward.objects.filter(source=DeMinimisAward.Source.OWN, application__region__in=regions)
    related = ("application__scheme_version__scheme", "filing__made_by", "corrects")
    return own.filter(granted_on__gte=REGISTER_FROM).select_related(*related)


def late_awards(regions: Iterable[Region | int]) -> QuerySet[DeMinimisAward]:
    return awards(regions).filter(filing__isnull=True, register_by__lt=clock.today())


def _name_firms(rows: Sequence[Any]) -> None:
    """The names of the beneficiaries: one query for a batch."""
    names = dict(Company.objects.filter(siren__in={row.siren for row in rows}).values_list("siren", "name"))
    for row in rows:
        row.beneficiary = names.get(row.siren, "")


def _award(row: Any) -> dict[str, Any]:
    names = ("aid_number", "siren", "amount", "granted_on", "authority", "authority_siret", "instrument", "nace")
    return {name: getattr(row, name) for name in names} | _filed(row, "filing") | {
        "regulation": row.regulation, "name": getattr(row, "beneficiary", ""), "register_by": row.register_by,
        "funder": _funders(row.application), "scheme": str(row.application.scheme_version.scheme),
        "corrects": row.corrects.aid_number if row.corrects else "", "reference": row.application.reference,
        "state": _entry(getattr(row, "filing", None), row.register_by),
    }  # fmt: skip


AWARDS = Listing(
    key="registre-de-minimis",
    name_fr="Registre de minimis",
    name_en="De minimis register",
    columns=(
        column("aid_number", "Numéro de l’aide", "Aid number"),
        column("regulation", "Règlement", "Regulation"),
        column("siren", "SIREN du bénéficiaire", "Beneficiary’s SIREN"),
        column("name", "Bénéficiaire", "Beneficiary"),
        column("nace", "Secteur (NACE)", "Sector (NACE)"),
        column("amount", "Montant (équivalent-subvention brut)", "Amount (gross grant equivalent)", "money"),
        column("granted_on", "Date d’octroi", "Granting date", "date"),
        column("authority", "Autorité d’octroi", "Granting authority"),
        column("authority_siret", "SIRET de l’autorité", "Authority’s SIRET"),
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("funder", "Financeur s’il est différent", "Funder if different"),
        column("scheme", "Dispositif", "Scheme"),
        column("reference", "Dossier", "File"),
        column("corrects", "Corrige", "Corrects"),
        column("register_by", "À inscrire avant le", "To be entered by", "date"),
        *FILED,
    ),
    shown=("aid_number", "name", "siren", "amount", "granted_on", "reference", "register_by", "state", "filed_on",
           "register_reference"),
    keys=BY_ID,
    source=awards,
    row=_award,
    filters=(
        Filter("q", _("Numéro, dossier ou SIREN"), contains("aid_number", "application__reference", "siren")),
        *between("granted_on"),
    ),
    prepare=_name_firms,
)  # fmt: skip


# --- publication


def publications(regions: Iterable[Region]) -> QuerySet[Grant]:
    """The grants under the GBER above its threshold of publication."""
    basis = Q()
    for code in EXEMPTED:
        basis |= Q(application__scheme_version__rules__legal_basis=code)
    above = Grant.objects.filter(basis, application__region__in=regions, gross_grant_equivalent__gt=PUBLISHED_ABOVE)
    related = ("application__company", "application__region", "application__scheme_version__scheme")
    return above.select_related(*related, "publication__made_by")


def late_publications(regions: Iterable[Region]) -> QuerySet[Grant]:
    # The day six months ago: `publish_by` of a row gives the exact day on its line.
    return publications(regions).filter(
        publication__isnull=True, decided_on__lt=add_months(clock.today(), -PUBLISH_MONTHS)
    )


def _publication(row: Grant) -> dict[str, Any]:
    file, by = row.application, publish_by(row.decided_on)
    return _filed(row, "publication") | {
        "aid_number": row.number, "siren": file.company.siren, "name": file.company.name, "nace": file.naf_code[:5],
        "amount": row.gross_grant_equivalent, "granted_on": row.decided_on, "authority": str(file.region),
        "legal_basis": file.scheme_version.rule("legal_basis"), "objective": str(file.scheme_version.scheme),
        "nuts2": file.region.nuts2, "reference": file.reference, "publish_by": by,
        "state": _entry(getattr(row, "publication", None), by),
    }  # fmt: skip


PUBLICATIONS = Listing(
    key="publications-rgec",
    name_fr="Publications RGEC",
    name_en="GBER publications",
    columns=(
        column("aid_number", "Numéro de l’aide", "Aid number"),
        column("siren", "SIREN du bénéficiaire", "Beneficiary’s SIREN"),
        column("name", "Bénéficiaire", "Beneficiary"),
        column("nace", "Secteur (NACE)", "Sector (NACE)"),
        column("nuts2", "Région (NUTS 2)", "Region (NUTS 2)"),
        column("amount", "Montant (équivalent-subvention brut)", "Amount (gross grant equivalent)", "money"),
        column("granted_on", "Date d’octroi", "Granting date", "date"),
        column("authority", "Autorité d’octroi", "Granting authority"),
        column("objective", "Dispositif", "Scheme"),
        column("legal_basis", "Base légale", "Legal basis"),
        column("reference", "Dossier", "File"),
        column("publish_by", "À publier avant le", "To be published by", "date"),
        *FILED,
    ),
    shown=("aid_number", "name", "siren", "amount", "granted_on", "reference", "publish_by", "state", "filed_on",
           "register_reference"),
    keys=BY_ID,
    source=publications,
    row=_publication,
    filters=(
        Filter("q", _("Numéro, dossier ou SIREN"),
               contains("number", "application__reference", "application__company__siren")),
        *between("decided_on"),
    ),
)  # fmt: skip
