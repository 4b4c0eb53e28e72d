"""The figures of one scheme, from case versions and the ledger: no name, no file, and a fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from applications.enums import ApplicationState, Bucket
from applications.models import CaseVersion, ClaimVersion, LedgerEntry
from regions import clock
from regions.models import Scheme
from regions.money import ZERO
from reporting import follow_up
from reporting.figures.delays import Delay, delay
from reporting.figures.secrecy import FEWEST_FIRMS, Cell, shown
from reporting.figures.sectors import UNKNOWN, sector
from reporting.figures.told import Told, told
from reporting.reports.erdf import SIZES

TENTH = Decimal("0.1")
COUNTED = ("filed", "granted", "refused")
GRANTED = Q(granted__gt=0) & ~Q(grant_number="")


@dataclass(frozen=True, slots=True)
class Year:
    """A year: files filed in it; decided in it, to a grant or a refusal; euro granted, and paid less what came back."""

    year: int
    filed: int = 0
    granted: int = 0
    refused: int = 0
    awarded: Decimal = ZERO
    paid: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Results:
    """Digital intensity, out of twelve, before and after, of files that told both."""

    files: int
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is published of a scheme; a part without data, or too small for secrecy, is empty or None."""

    scheme: Scheme
    years: list[Year]
    firms: int
    to_decision: Delay | None
    to_payment: Delay | None
    sectors: list[Cell]
    sizes: list[Cell]
    results: Results | None
    told: Told

    @property
    def whole(self) -> Year:
        """All the years together, under the last."""
        last = self.years[-1].year if self.years else 0
        sums = {name: sum(getattr(year, name) for year in self.years) for name in COUNTED}
        return Year(last, **sums, awarded=self._euros("awarded"), paid=self._euros("paid"))

    def _euros(self, name: str) -> Decimal:
        return sum((getattr(year, name) for year in self.years), ZERO)


def figures(scheme: Scheme) -> Figures:
    """The figures as they stand now."""
    files = _latest(scheme)
    granted = files.filter(GRANTED)
    held = list(granted.values_list("naf_code", "size", "siren").annotate(total=Sum("granted")).order_by())
    return Figures(
        scheme, _years(scheme, files, granted), len({siren for _naf, _size, siren, _total in held}),
        _to_decision(files), _to_payment(scheme),
        shown(_cells((sector(naf), siren, total) for naf, _size, siren, total in held)),
        shown(_cells((SIZES.get(size, UNKNOWN), siren, total) for _naf, size, siren, total in held)),
        _results(granted), told(follow_up.of(_settled(files), clock.today(scheme.region.time_zone))),
    )  # fmt: skip


def _settled(files: QuerySet[CaseVersion]) -> Iterator[CaseVersion]:
    """The files whose firm is asked what became of the project."""
    return files.filter(state=ApplicationState.COMPLETED).select_related("follow_up").order_by().iterator(2_000)


def _latest(scheme: Scheme) -> QuerySet[CaseVersion]:
    """Each file as it stands, once filed."""
    known = CaseVersion.objects.filter(scheme_version__scheme=scheme)
    latest = known.order_by().values("application").annotate(last=Max("id")).values("last")
    return CaseVersion.objects.filter(pk__in=latest, submitted_on__isnull=False)


def _years(scheme: Scheme, files: QuerySet[CaseVersion], granted: QuerySet[CaseVersion]) -> list[Year]:
    refused = files.filter(state=ApplicationState.REFUSED)
    columns: dict[str, dict[int, Any]] = {
        "filed": _by_year(files, "submitted_on", Count("id")),
        "granted": _by_year(granted, "decided_on", Count("id")),
        "refused": _by_year(refused, "decided_on", Count("id")),
        "awarded": _by_year(granted, "decided_on", Sum("granted")),
        "paid": _paid(scheme),
    }
    years = sorted({year for column in columns.values() for year in column})
    return [Year(year, **{name: column[year] for name, column in columns.items() if year in column}) for year in years]


def _by_year(rows: QuerySet[Any], day: str, measure: Any) -> dict[int, Any]:
    found = rows.filter(**{f"{day}__isnull": False}).order_by().values_list(ExtractYear(day))
    return dict(found.annotate(measure=measure))


def _paid(scheme: Scheme) -> dict[int, Decimal]:
    rows = LedgerEntry.objects.filter(application__scheme_version__scheme=scheme)
    paid, recovered = (
        _by_year(rows.filter(bucket=bucket), "effective_on", Sum("amount"))
        for bucket in (Bucket.PAID, Bucket.RECOVERED)
    )
    return {year: paid.get(year, ZERO) - recovered.get(year, ZERO) for year in paid.keys() | recovered.keys()}


def _to_decision(files: QuerySet[CaseVersion]) -> Delay | None:
    """Days from the filing to the decision, grants and refusals together."""
    return _delay(files, "submitted_on", "decided_on")


def _to_payment(scheme: Scheme) -> Delay | None:
    """Days from the receipt of a claim to its payment."""
    known = ClaimVersion.objects.filter(case_version__scheme_version__scheme=scheme)
    latest = known.order_by().values("claim").annotate(last=Max("id")).values("last")
    return _delay(ClaimVersion.objects.filter(pk__in=latest), "received_on", "paid_on")


def _delay(rows: QuerySet[Any], start: str, end: str) -> Delay | None:
    """From the dates that occurred and how often: far fewer than the cases."""
    known = rows.filter(**{f"{start}__isnull": False, f"{end}__isnull": False}).order_by()
    counts: Counter[int] = Counter()
    for first, last, cases in known.values_list(start, end).annotate(cases=Count("id")):
        counts[(last - first).days] += cases
    return delay(counts.items())


def _cells(held: Iterable[tuple[tuple[str, str], str, Decimal]]) -> list[Cell]:
    """Firms and euro by label; a firm that comes twice under a label counts once."""
    amounts: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for label, siren, total in held:
        amounts[label][siren] += total
    return [Cell(label, len(own), sum(own.values(), ZERO), max(own.values())) for label, own in amounts.items()]


def _results(granted: QuerySet[CaseVersion]) -> Results | None:
    both = granted.filter(digital_intensity_before__isnull=False, digital_intensity_after__isnull=False)
    found = both.aggregate(
        files=Count("id"), firms=Count("siren", distinct=True), before=Avg("digital_intensity_before"),
        after=Avg("digital_intensity_after"),
    )  # fmt: skip
    if found["firms"] < FEWEST_FIRMS:
        return None
    return Results(found["files"], *(Decimal(str(found[name])).quantize(TENTH) for name in ("before", "after")))
