"""The national registers: de minimis awards in the fields asked, GBER awards to publish and their corrections. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from applications.models import Company, DeMinimisAward, Grant, GrantCorrection
from applications.publication import to_correct, to_publish
from applications.rules.de_minimis_register import REGISTER_FROM
from applications.rules.transparency import PUBLISH_MONTHS, publish_by
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


def publications(regions: Iterable[Region | int]) -> QuerySet[Grant]:
    """The grants under the GBER above its threshold of publication, or published before they came down to it."""
    related = ("application__company", "application__region", "application__scheme_version__scheme")
    own = to_publish(Grant.objects.filter(application__region__in=regions))
    return own.select_related(*related, "publication__made_by")


def late_publications(regions: Iterable[Region | int]) -> QuerySet[Grant]:
    # The day six months ago: `publish_by` of a row gives the exact day on its line.
    return publications(regions).filter(
        publication__isnull=True, decided_on__lt=add_months(clock.today(), -PUBLISH_MONTHS)
    )


def _told(grant: Grant) -> dict[str, Any]:
    """What a publication says of a grant, its amount apart."""
    file = grant.application
    return {
        "siren": file.company.siren, "name": file.company.name, "nace": file.naf_code[:5], "nuts2": file.region.nuts2,
        "granted_on": grant.decided_on, "authority": str(file.region), "reference": file.reference,
        "legal_basis": file.scheme_version.rule("legal_basis"), "objective": str(file.scheme_version.scheme),
    }  # fmt: skip


def _publication(row: Any) -> dict[str, Any]:
    by, filing = publish_by(row.decided_on), getattr(row, "publication", None)
    return _told(row) | _filed(row, "publication") | {
        "aid_number": row.number, "amount": row.published if filing else row.standing, "standing": row.standing,
        "publish_by": by, "state": _entry(filing, by),
    }  # fmt: skip


GRANTED = (
    column("granted_on", "Date d’octroi", "Granting date", "date"),
    column("authority", "Autorité d’octroi", "Granting authority"),
    column("objective", "Dispositif", "Scheme"),
    column("legal_basis", "Base légale", "Legal basis"),
    column("reference", "Dossier", "File"),
    column("publish_by", "À publier avant le", "To be published by", "date"),
)
BENEFICIARY = (
    column("siren", "SIREN du bénéficiaire", "Beneficiary’s SIREN"),
    column("name", "Bénéficiaire", "Beneficiary"),
    column("nace", "Secteur (NACE)", "Sector (NACE)"),
    column("nuts2", "Région (NUTS 2)", "Region (NUTS 2)"),
)
SHOWN = ("aid_number", "name", "siren", "amount", "granted_on", "reference", "publish_by", "state", "filed_on",
         "register_reference")  # fmt: skip

PUBLICATIONS = Listing(
    key="publications-rgec",
    name_fr="Publications RGEC",
    name_en="GBER publications",
    columns=(
        column("aid_number", "Numéro de l’aide", "Aid number"),
        *BENEFICIARY,
        column("amount", "Montant (équivalent-subvention brut)", "Amount (gross grant equivalent)", "money"),
        column("standing", "Équivalent-subvention brut à ce jour", "Gross grant equivalent to date", "money"),
        *GRANTED,
        *FILED,
    ),
    shown=SHOWN,
    keys=BY_ID,
    source=publications,
    row=_publication,
    filters=(
        Filter("q", _("Numéro, dossier ou SIREN"),
               contains("number", "application__reference", "application__company__siren")),
        *between("decided_on"),
    ),
)  # fmt: skip


# --- corrections of what was published


def corrections(regions: Iterable[Region | int]) -> QuerySet[Any]:
    """The corrections of grants published before them; what is left may be below the threshold."""
    rows = GrantCorrection.objects.filter(grant__application__region__in=regions)
    related = ("company", "region", "scheme_version__scheme")
    return to_correct(rows).select_related(*(f"grant__application__{name}" for name in related), "filing__made_by")


def late_corrections(regions: Iterable[Region | int]) -> QuerySet[Any]:
    return corrections(regions).filter(filing__isnull=True, publish_by__lt=clock.today())


def _correction(row: Any) -> dict[str, Any]:
    return _told(row.grant) | _filed(row, "filing") | {
        "aid_number": f"{row.grant.number}/{row.number}", "corrects": row.grant.number, "amount": row.equivalent,
        "previous": row.previous, "corrected_on": row.corrected_on, "cause": row.cause,
        "cause_label": row.get_cause_display(), "event": row.event, "publish_by": row.publish_by,
        "state": _entry(getattr(row, "filing", None), row.publish_by),
    }  # fmt: skip


CORRECTIONS = Listing(
    key="corrections-rgec",
    name_fr="Corrections des publications RGEC",
    name_en="Corrections of GBER publications",
    columns=(
        column("aid_number", "Numéro de la correction", "Correction number"),
        column("corrects", "Corrige", "Corrects"),
        *BENEFICIARY,
        column("previous", "Équivalent-subvention brut avant", "Gross grant equivalent before", "money"),
        column("amount", "Équivalent-subvention brut corrigé", "Gross grant equivalent, corrected", "money"),
        column("corrected_on", "Corrigée le", "Corrected", "date"),
        column("cause", "Cause", "Cause", choices=GrantCorrection.Cause),
        column("event", "Acte", "Act"),
        *GRANTED,
        *FILED,
    ),
    shown=("aid_number", "name", "siren", "previous", "amount", "corrected_on", "cause", "reference", "publish_by",
           "state", "filed_on", "register_reference"),
    keys=BY_ID,
    source=corrections,
    row=_correction,
    filters=(
        Filter("q", _("Numéro, dossier ou SIREN"),
               contains("grant__number", "grant__application__reference", "grant__application__company__siren")),
        *between("corrected_on"),
    ),
)  # fmt: skip


def late(regions: Sequence[Region | int]) -> int:
    """How many awards, publications and corrections are late in all, in one query."""
    found, *others = (
        kind(regions).order_by().values("pk") for kind in (late_awards, late_publications, late_corrections)
    )
    return found.union(*others, all=True).count()
