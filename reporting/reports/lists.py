"""The lists of the screens as reports: whole, under filters, of one region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from applications.enums import Bucket
from applications.models import LedgerEntry
from regions.enums import RoleKind
from regions.money import ZERO
from reporting.checks import Tie, Totals
from reporting.lists import FILES, LISTS, Listing
from reporting.lists.files import BUCKETS
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source

KEPT_DAYS = 365


_FILES = (RoleKind.DECIDER, RoleKind.OFFICER, RoleKind.CERTIFIER)
_MONEY = (RoleKind.DECIDER, RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT)
_REGISTERS = (RoleKind.DECIDER, RoleKind.OFFICER, RoleKind.ADMINISTRATOR)
ROLES: dict[str, tuple[RoleKind, ...]] = {
    "dossiers": _FILES, "groupements": _FILES, "demandes-de-paiement": _FILES, "parts": _FILES,
    "mandats": _MONEY, "grand-livre": _MONEY, "bordereaux": _MONEY, "retours": _MONEY,
    "mouvements-des-parts": _MONEY, "prets-et-garanties": _MONEY, "echeances": _MONEY,
    "recouvrements": (*_FILES, *_MONEY[1:]), "irregularites": (*_FILES, RoleKind.AUTHORISING),
    "registre-de-minimis": _REGISTERS, "publications-rgec": _REGISTERS,
}  # fmt: skip
"""Which roles of the region ask for a list; one that is not here is the auditor's alone: who did what, and when."""


def report(listing: Listing) -> Report:
    """A list as a report; its rows are those of the moment, and are kept."""
    sheet = Sheet(listing.key, listing.name_fr, listing.name_en, listing.columns, listing.identity)
    return Report(
        key=listing.key, name_fr=listing.name_fr, name_en=listing.name_en, sheets=(sheet,),
        read=lambda run: {listing.key: Source(listing.records(_rows(listing, run)), listing.row)},
        ties=_ties if listing is FILES else _untied, scope=REGION, as_of=False, filters=listing.filters,
        kept_days=KEPT_DAYS, roles=ROLES.get(listing.key, ()),
    )  # fmt: skip


def _rows(listing: Listing, run: ReportRun) -> QuerySet[Any]:
    return listing.select([run.region], given(listing, run.filters), run.region.time_zone)


def given(listing: Listing, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The answers kept on a run, typed again."""
    dates = {question.key for question in listing.filters if question.kind == "date"}
    return {key: date.fromisoformat(value) if key in dates and value else value for key, value in kept.items()}


def _untied(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The ledger does not answer for these lists, or is one of them."""
    return ()


LABELS = {
    Bucket.COMMITTED: ("Engagé", "Committed"), Bucket.VERIFIED: ("Service fait certifié", "Verified"),
    Bucket.ORDERED: ("Mandaté", "Ordered"), Bucket.PAID: ("Payé", "Paid"),
}  # fmt: skip


def _ties(run: ReportRun, totals: Totals) -> list[Tie]:
    """What the files listed were booked, by bucket, added up from the ledger's rows."""
    files = _rows(FILES, run).order_by().values("pk")
    rows = LedgerEntry.objects.filter(application__in=files, bucket__in=BUCKETS)
    booked = dict(rows.values_list("bucket").annotate(total=Sum("amount")))
    found = totals[FILES.key]
    return [Tie(b, *LABELS[Bucket(b)], found[b], booked.get(b, ZERO)) for b in BUCKETS]


REPORTS = tuple(report(listing) for listing in LISTS.values())
