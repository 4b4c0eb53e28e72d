"""What a region granted, as the open-data file of subsidies takes it: a line for each firm of each grant.

Every grant is published, below the threshold of 23,000 € too. What was taken back from its origin never was one;
a loan or a guarantee is none. The period runs from the decision to the last day to finish (to be confirmed).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from applications.enums import RevocationEffect, RevocationOutcome
from applications.models import ApplicationMember, Grant, Revocation
from regions.models import Region
from regions.money import ZERO
from reporting.scdl import BY_STAGES, ONCE, SCHEMA, Subsidy, row
from reporting.table_schema import row_faults

CHUNK = 500
SHARE = Decimal("0.0001")


def granted(region: Region) -> QuerySet[Grant]:
    """The grants of a region that stand, in the order of their decisions."""
    undone = Revocation.objects.filter(
        application=OuterRef("application"), outcome=RevocationOutcome.REVOKED, effect=RevocationEffect.WITHDRAWAL
    )
    known = Grant.objects.filter(~Exists(undone), application__region=region)
    members = ApplicationMember.objects.filter(left_on__isnull=True, share__isnull=False).select_related("company")
    related = ("application__company", "application__scheme_version__scheme", "application__region")
    known = known.select_related(*related).prefetch_related(Prefetch("application__members", members, "parties"))
    return known.order_by("decided_on", "number")


def subsidies(region: Region) -> Iterator[Subsidy]:
    """A line for each firm, read a few hundred grants at a time."""
    found = granted(region).iterator(chunk_size=CHUNK)
    while batch := list(islice(found, CHUNK)):
        for grant in batch:
            yield from _of(grant)


def publishable(region: Region) -> Iterator[Subsidy]:
    """Those whose line keeps the schema: the region finds the others, named, in its own report."""
    return (found for found in subsidies(region) if not any(row_faults(1, row(found), SCHEMA["fields"])))


def _of(grant: Grant) -> Iterator[Subsidy]:
    file: Any = grant.application
    members: Sequence[ApplicationMember] = file.parties
    own = grant.amount - sum((member.share or ZERO for member in members), ZERO)
    yield _line(grant, file.company, own)
    for member in members:
        yield _line(grant, member.company, member.share or ZERO)


def _line(grant: Grant, company: Any, part: Decimal) -> Subsidy:
    file = grant.application
    version = file.scheme_version
    return Subsidy(
        granter=file.region.name, granter_siret=file.region.siret, agreed_on=grant.decided_on, decision=grant.number,
        beneficiary=company.name, beneficiary_siret=company.siret, purpose=version.scheme.name_fr,
        amount=grant.amount, paid_from=grant.decided_on, paid_until=file.complete_by,
        de_minimis=version.rule("legal_basis", default="de_minimis") == "de_minimis",
        conditions=BY_STAGES if _by_stages(version) else ONCE,
        share=(part / grant.amount).quantize(SHARE), part=part, named=company.name_published,
    )  # fmt: skip


def _by_stages(version: Any) -> bool:
    """Whether the scheme pays an advance first, or a voucher in several times."""
    payment = version.rule("payment", default={})
    return "advance" in payment or payment.get("redemption") == "partly"
