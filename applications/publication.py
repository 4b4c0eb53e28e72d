"""The equivalent of an exempted grant as it stands and as it was published; the corrections still to follow. Euro."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from applications.models import Grant, GrantCorrection, RegisterFiling
from applications.rules.transparency import EXEMPTED, PUBLISHED_ABOVE

PUBLISHED_FIRST = Q(number__gt=F("grant__publication__carried"))


def exempted(prefix: str = "") -> Q:
    """The condition that a grant rests on the block exemption; `prefix` leads to its file."""
    basis = f"{prefix}scheme_version__rules__legal_basis"
    found = Q()
    for code in EXEMPTED:
        found |= Q(**{basis: code})
    return found


def standing(grant: Grant, on: date | None = None) -> Decimal:
    """The gross grant equivalent as its corrections leave it, those up to a day when one is given. Euro."""
    rows = grant.corrections.all() if on is None else grant.corrections.filter(corrected_on__lte=on)
    last = rows.order_by("-number").first()
    return last.equivalent if last else grant.gross_grant_equivalent


def carried_on(grant: Grant, on: date) -> int:
    """The number of the last correction that a publication on a day carries; zero without any."""
    return grant.corrections.filter(corrected_on__lte=on).count()


def with_equivalents(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Grants with what stands of their equivalent, `standing`, and what was published of it, `published`. Euro."""
    last = GrantCorrection.objects.filter(grant=OuterRef("pk")).order_by("-number").values("equivalent")
    told = last.filter(number__lte=OuterRef("publication__carried"))
    given = F("gross_grant_equivalent")
    return grants.annotate(standing=Coalesce(Subquery(last[:1]), given), published=Coalesce(Subquery(told[:1]), given))


def to_publish(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """The exempted grants that were published, or stand above the threshold; with their equivalents."""
    found = with_equivalents(grants.filter(exempted("application__")))
    return found.filter(Q(publication__isnull=False) | Q(standing__gt=PUBLISHED_ABOVE))


def to_correct(corrections: QuerySet[GrantCorrection]) -> QuerySet[GrantCorrection]:
    """The corrections of what was published before them: each is published too, whatever is left."""
    return corrections.filter(PUBLISHED_FIRST)


def publication_of(grant: Grant) -> RegisterFiling | None:
    return RegisterFiling.objects.filter(grant=grant).first()
