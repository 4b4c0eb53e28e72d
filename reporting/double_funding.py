"""What two files of the house hold both, for a whole region: the same invoice, or the same proof of expenditure. Euro.

What `workflows.double_funding` tells on the page of a file, read for all of them in one pass (CPR art. 63(9)). A pair
is told once. Of a file of another region only what that page tells: its reference and its region.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, groupby, islice
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When, Window

from applications.enums import ClaimState, PaymentApplicationState
from applications.models import Application, LedgerEntry, OperationClaimLine
from regions.enums import Funder
from regions.models import Region
from regions.money import ZERO
from reporting.words import words
from workflows.double_funding import PLAIN, handed_in, payable, presented

CHUNK = 2_000
GROUPS = 200  # what is shared by several files, told at a time
LARGEST = 100  # files that hold one document, paired two by two: beyond, each is paired with the first
ENDED = (ClaimState.REJECTED, ClaimState.WITHDRAWN)
TOLD = ("reference", "region", "invoice")
"""What may be told of a file of another region."""
Row = dict[str, Any]


@dataclass(slots=True)
class Side:
    """What one file holds of it: an invoice on one or several of its lines, or a document."""

    file: Application
    rows: list[Any] = field(default_factory=list)

    @property
    def claims(self) -> list[Any]:
        """The claims in which it stands, in their order."""
        found = {row.claim_id: row.claim for row in self.rows if row.claim}
        return sorted(found.values(), key=lambda claim: claim.number)


@dataclass(frozen=True, slots=True)
class Context:
    """What one query tells of a batch of files: who funds each, and where its aid was declared, by claim and in all."""

    funds: dict[int, str]
    by_claim: dict[int, set[str]]
    by_file: dict[int, set[str]]


def invoices(region: Region, language: str) -> Iterator[Row]:
    """Each invoice that two files claim, one of them of the region: once for each pair of files."""
    rows = _shared(_lines(), "claim__application", ("supplier_siret", "plain"), region)
    for batch in _batches(rows, ("supplier_siret", "plain"), lambda row: row.claim.application):
        known = _context(batch, language)
        for sides in batch:
            for own, other in _pairs(sides, region, len(sides)):
                yield _pair(own, other, region, known, _invoice) | {"supplier": own.rows[0].supplier_siret}


def documents(region: Region, language: str) -> Iterator[Row]:
    """Each proof, by its content, that two files hold, one of them of the region: once for each pair of files."""
    rows = _shared(payable(handed_in(), "application"), "application", ("sha256",), region)
    for batch in _batches(rows, ("sha256",), lambda row: row.application):
        known = _context(batch, language)
        for sides in batch:
            for own, other in _pairs(sides, region, LARGEST):
                yield _pair(own, other, region, known, _document) | {"sha256": own.rows[0].sha256}


def claimed(region: Region) -> tuple[Decimal, Decimal]:
    """What the region's files claim, and what was accepted, of invoices claimed elsewhere: once for each other file.

    Counted apart from the pairs, from each invoice and the number of files that claim it.
    """
    ours = Q(claim__application__region=region)
    found = _lines().values("supplier_siret", "plain").order_by().annotate(
        files=Count("claim__application", distinct=True),
        asked=Sum("amount", filter=ours), kept=Sum("accepted", filter=ours),
    )  # fmt: skip
    asked = kept = ZERO
    for one in found.filter(files__gt=1, asked__isnull=False).iterator(CHUNK):
        others = one["files"] - 1
        asked, kept = asked + one["asked"] * others, kept + (one["kept"] or ZERO) * others
    return asked, kept


# --- what several files hold


def _lines() -> QuerySet[Any]:
    return payable(presented(), "claim__application").annotate(plain=PLAIN)


def _beside(rows: QuerySet[Any], file: str) -> QuerySet[Any]:
    """With what a row tells of its file and claim, but for the scheme's rules, which are long."""
    paths = (f"{file}__region", f"{file}__scheme_version__scheme", f"{file}__operation", "claim")
    return rows.select_related(*paths).defer(f"{file}__scheme_version__rules")


def _shared(rows: QuerySet[Any], file: str, keys: tuple[str, ...], region: Region) -> QuerySet[Any]:
    """The rows whose keys two files have, one of them of the region, those of the same keys together."""
    by: Any = [F(key) for key in keys]
    ours = Case(When(Q(**{f"{file}__region": region}), then=Value(1)), default=Value(0), output_field=IntegerField())
    told = _beside(rows, file).annotate(
        least=Window(Min(file), partition_by=by), most=Window(Max(file), partition_by=by),
        ours=Window(Max(ours), partition_by=by),
    )  # fmt: skip
    return told.filter(ours=1, least__lt=F("most")).order_by(*keys, f"{file}__reference", "pk")


def _batches(rows: QuerySet[Any], keys: tuple[str, ...], file: Any) -> Iterator[list[list[Side]]]:
    """The files that share something, some groups at a time."""
    found = groupby(rows.iterator(CHUNK), lambda row: tuple(getattr(row, key) for key in keys))
    groups = (_sides(group, file) for _key, group in found)
    while batch := list(islice(groups, GROUPS)):
        yield batch


def _sides(rows: Iterable[Any], file: Any) -> list[Side]:
    sides: dict[int, Side] = {}
    for row in rows:
        sides.setdefault(file(row).pk, Side(file(row))).rows.append(row)
    return sorted(sides.values(), key=lambda side: side.file.reference)


def _pairs(sides: Sequence[Side], region: Region, largest: int) -> Iterator[tuple[Side, Side]]:
    """A file of the region, and each other one: two of the region are told once, in the order of references."""
    ours = [side for side in sides if side.file.region_id == region.pk]
    apart = [side for side in sides if side.file.region_id != region.pk]
    if len(sides) > largest:
        yield from ((ours[0], other) for other in [*ours[1:], *apart])
        return
    yield from combinations(ours, 2)
    yield from ((own, other) for own in ours for other in apart)


# --- what is told of each


def _context(batch: list[list[Side]], language: str) -> Context:
    files = {side.file.pk for sides in batch for side in sides}
    return Context(_funds(files, language), *_declared(files))


def _funds(files: Iterable[int], language: str) -> dict[int, str]:
    """File → the funders of what was reserved or committed for it, in words."""
    tongue, known = 1 if language.startswith("en") else 0, words(Funder)
    found: dict[int, list[str]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(application__in=files).order_by("line__funder")
    for file, funder in rows.values_list("application", "line__funder").distinct():
        found[file].append(known[funder][tongue])
    return {file: ", ".join(names) for file, names in found.items()}


def _declared(files: Iterable[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Claim, then file → the payment applications sent to the Commission that hold aid paid on it."""
    by_claim: dict[int, set[str]] = defaultdict(set)
    by_file: dict[int, set[str]] = defaultdict(set)
    rows = OperationClaimLine.objects.filter(
        application__in=files, live=True, entry__isnull=False,
        claim__payment_application__state=PaymentApplicationState.SENT,
    ).order_by()  # fmt: skip
    sent = "claim__payment_application"
    told = rows.values_list("application", "entry__order__claim", f"{sent}__programme__cci", f"{sent}__number")
    for file, claim, cci, number in told.distinct():
        by_file[file].add(f"{cci} – {number}")
        by_claim[claim].add(f"{cci} – {number}")
    return by_claim, by_file


def _pair(own: Side, other: Side, region: Region, known: Context, tell: Any) -> Row:
    one, two = _told(own, known) | tell(own, known), _told(other, known) | tell(other, known)
    abroad = other.file.region_id != region.pk
    both = None if abroad else bool(one["alive"] and two["alive"])
    told = {name: None if abroad and name not in TOLD else value for name, value in two.items()}
    return one | {f"other_{name}": value for name, value in told.items()} | {"both": both}


def _told(side: Side, known: Context) -> Row:
    file, claims = side.file, side.claims
    return {
        "reference": file.reference, "region": file.region.name, "scheme": file.scheme_version.scheme.code,
        "operation": file.operation.code if file.operation else "", "funds": known.funds.get(file.pk, ""),
        "state": file.state, "claim": ", ".join(str(claim.number) for claim in claims),
        "claim_state": claims[-1].state if claims else None,
        "alive": any(claim.state not in ENDED for claim in claims),
    }  # fmt: skip


def _where(found: set[str]) -> Row:
    return {"declared": bool(found), "applications": ", ".join(sorted(found))}


def _invoice(side: Side, known: Context) -> Row:
    first, kept = side.rows[0], [row.accepted for row in side.rows if row.accepted is not None]
    return {
        "invoice": first.invoice_number, "day": first.invoiced_on, "amount": sum((r.amount for r in side.rows), ZERO),
        "accepted": sum(kept, ZERO) if kept else None,
    } | _where(set().union(*(known.by_claim.get(claim.pk, set()) for claim in side.claims)))  # fmt: skip


def _document(side: Side, known: Context) -> Row:
    return {"kind": side.rows[0].kind} | _where(known.by_file.get(side.file.pk, set()))
