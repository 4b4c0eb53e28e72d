"""A region's schemes as of a day: files by state, years, delays, activities, sizes, refusals, results. Euro.

From case versions and the ledger, read once and added up; nothing is held of a file but its numbers. Firms are counted
once in each group. These figures are the region's own: those that are published keep statistical secrecy besides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import ExtractYear

from applications.enums import ApplicationState, Bucket
from applications.models import CaseVersion, ClaimVersion, LedgerEntry
from applications.rules.indicators import reaches_high_intensity
from regions.calendars import local_date
from regions.enums import Instrument
from regions.models import Region, SchemeVersion
from regions.money import ZERO
from reporting import follow_up
from reporting.figures.delays import delay
from reporting.figures.sectors import sector

BATCH = 2_000
AMOUNTS = ("requested", "granted", "committed", "paid", "recovered")
DECISION, NOTICE, CERTIFICATE, PAYMENT = "decision", "notice", "certificate", "payment"
Row = dict[str, Any]
Group = tuple[Any, ...]


@dataclass(slots=True)
class Sums:
    """What a group adds up to: its files, its firms and its amounts in euro."""

    files: int = 0
    firms: set[str] = field(default_factory=set)
    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(AMOUNTS, ZERO))

    def add(self, file: CaseVersion) -> None:
        self.files += 1
        self.firms.add(file.siren)
        for name in AMOUNTS:
            self.amounts[name] += getattr(file, name) or ZERO


@dataclass(slots=True)
class Results:
    """Of settled files: how many, those whose results are due, those measured, and the marks out of twelve."""

    settled: int = 0
    due: int = 0
    missing: int = 0
    measured: int = 0
    before: int = 0
    after: int = 0
    high: int = 0

    def add(self, file: CaseVersion, day: date) -> None:
        before, after = file.digital_intensity_before, file.digital_intensity_after
        asked = follow_up.asked_on(file)
        due = asked is not None and day >= asked
        self.settled, self.due = self.settled + 1, self.due + due
        if before is None or after is None:
            self.missing += due
            return
        self.measured, self.before, self.after = self.measured + 1, self.before + before, self.after + after
        self.high += reaches_high_intensity(before, after)


@dataclass(slots=True)
class Tally:
    """Everything that one reading of the files gives, by scheme and group."""

    states: dict[Group, Sums] = field(default_factory=lambda: defaultdict(Sums))
    sectors: dict[Group, Sums] = field(default_factory=lambda: defaultdict(Sums))
    sizes: dict[Group, Sums] = field(default_factory=lambda: defaultdict(Sums))
    years: dict[Group, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    awarded: dict[Group, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    refusals: Counter[Group] = field(default_factory=Counter)
    days: dict[Group, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    results: dict[str, Results] = field(default_factory=lambda: defaultdict(Results))
    answers: dict[str, follow_up.Answers] = field(default_factory=lambda: defaultdict(follow_up.Answers))


def files(region: Region, watermark: datetime) -> QuerySet[CaseVersion]:
    """Each file filed by a moment, as it stood."""
    known = CaseVersion.objects.filter(region=region, recorded_at__lte=watermark).order_by()
    latest = known.values("application").annotate(last=Max("id")).values("last")
    return (
        CaseVersion.objects.filter(pk__in=latest, submitted_on__isnull=False)
        .select_related("follow_up")
        .order_by("reference")
    )


def tally(region: Region, watermark: datetime) -> Tally:
    """Read the files, then the claims, once each."""
    found, day = Tally(), local_date(watermark, region.time_zone)
    schemes = dict(SchemeVersion.objects.filter(scheme__region=region).values_list("pk", "scheme__code"))
    for file in files(region, watermark).iterator(BATCH):
        _count(found, file, schemes[file.scheme_version_id], day)
    for claim in _claims(region, watermark).iterator(BATCH):
        scheme = schemes[claim.case_version.scheme_version_id]
        _took(found, scheme, CERTIFICATE, claim.received_on, claim.verified_on)
        _took(found, scheme, PAYMENT, claim.received_on, claim.paid_on)
    return found


def _claims(region: Region, watermark: datetime) -> QuerySet[ClaimVersion]:
    known = ClaimVersion.objects.filter(case_version__region=region, recorded_at__lte=watermark).order_by()
    latest = known.values("claim").annotate(last=Max("id")).values("last")
    return ClaimVersion.objects.filter(pk__in=latest).select_related("case_version").order_by("pk")


def _count(found: Tally, file: Any, scheme: str, day: date) -> None:
    found.states[scheme, file.submitted_on.year, file.state].add(file)
    found.years[scheme, file.submitted_on.year]["filed"] += 1
    _took(found, scheme, DECISION, file.submitted_on, file.decided_on)
    if file.state == ApplicationState.REFUSED and file.decided_on:
        found.years[scheme, file.decided_on.year]["refused"] += 1
        found.refusals.update((scheme, code) for code in file.refusal_codes)
    if file.grant_number:
        _granted(found, file, scheme, day)


def _granted(found: Tally, file: Any, scheme: str, day: date) -> None:
    found.sectors[scheme, *sector(file.naf_code)].add(file)
    found.sizes[scheme, file.size].add(file)
    _took(found, scheme, NOTICE, file.decided_on, file.notified_on)
    if file.decided_on:
        found.years[scheme, file.decided_on.year]["granted"] += 1
        found.awarded[scheme, file.decided_on.year] += file.granted or ZERO
    if file.state == ApplicationState.COMPLETED:
        found.results[scheme].add(file, day)
        found.answers[scheme].add(file, day)


def _took(found: Tally, scheme: str, step: str, first: date | None, last: date | None) -> None:
    """A delay belongs to the year in which it ended."""
    if first and last:
        found.days[scheme, last.year, step][(last - first).days] += 1


# --- as rows


def by_state(found: Tally) -> Iterator[Row]:
    """The files by the year in which they were filed and the state in which they stand."""
    for (scheme, year, state), sums in sorted(found.states.items()):
        yield {"scheme": scheme, "year": year, "state": state} | _sums(sums)


def by_group(groups: dict[Group, Sums], *names: str) -> Iterator[Row]:
    """One row per group, the greatest amount granted first within a scheme."""
    for key, sums in sorted(groups.items(), key=lambda item: (item[0][0], -item[1].amounts["granted"], item[0])):
        yield dict(zip(("scheme", *names), key, strict=True)) | _sums(sums)


def _sums(sums: Sums) -> Row:
    return {"files": sums.files, "firms": len(sums.firms)} | sums.amounts


def by_year(found: Tally, region: Region, watermark: datetime) -> Iterator[Row]:
    """Each year: filed, granted, refused in it, euro granted, paid and recovered in it by the ledger."""
    moved = booked(region, watermark)
    for scheme, year in sorted(found.years.keys() | {key[:2] for key in moved}):
        counts = found.years.get((scheme, year), Counter())
        yield {
            "scheme": scheme, "year": year, "awarded": found.awarded.get((scheme, year), ZERO),
            "paid": moved.get((scheme, year, Bucket.PAID), ZERO),
            "recovered": moved.get((scheme, year, Bucket.RECOVERED), ZERO),
        } | {name: counts[name] for name in ("filed", "granted", "refused")}  # fmt: skip


def booked(region: Region, watermark: datetime) -> dict[Group, Decimal]:
    """(Scheme, year, bucket) → euro of grants paid, or recovered, that took effect in the year."""
    rows = LedgerEntry.objects.filter(
        application__region=region, recorded_at__lte=watermark, bucket__in=[Bucket.PAID, Bucket.RECOVERED],
        line__envelope__instrument=Instrument.GRANT,
    ).order_by()  # fmt: skip
    keys = ("application__scheme_version__scheme__code", ExtractYear("effective_on"), "bucket")
    told = rows.values_list(*keys).annotate(total=Sum("amount"))
    return {(scheme, year, bucket): total for scheme, year, bucket, total in told}


def delays(found: Tally) -> Iterator[Row]:
    """Each step in each year: the cases, the median, and the delay that nine in ten did not exceed, in days."""
    for (scheme, year, step), counts in sorted(found.days.items()):
        took = delay(counts.items())
        if took:
            yield {
                "scheme": scheme, "year": year, "step": step, "cases": took.cases, "median": took.median,
                "nine_in_ten": took.nine_in_ten,
            }  # fmt: skip


def refusals(found: Tally) -> Iterator[Row]:
    """The reasons of refusals, the most frequent first; a file may have several."""
    for (scheme, code), count in sorted(found.refusals.items(), key=lambda item: (item[0][0], -item[1], item[0])):
        yield {"scheme": scheme, "code": code, "files": count}


def results(found: Tally) -> Iterator[Row]:
    """Digital intensity of settled files; the means are of those measured, to one decimal."""
    for scheme, sums in sorted(found.results.items()):
        yield {
            "scheme": scheme, "settled": sums.settled, "due": sums.due, "missing": sums.missing,
            "measured": sums.measured, "high": sums.high, "before": _mean(sums.before, sums.measured),
            "after": _mean(sums.after, sums.measured),
        }  # fmt: skip


def answers(found: Tally) -> Iterator[Row]:
    """What firms said of their projects; each number is of those that answered that question."""
    for scheme, told in sorted(found.answers.items()):
        yield {
            "scheme": scheme, "asked": told.asked, "answered": told.answered, "late": told.late,
            "with_headcount": told.headcount.files, "headcount_before": _known(told.headcount, told.headcount.before),
            "headcount_after": _known(told.headcount, told.headcount.after), "jobs": _known(told.headcount, told.jobs),
            "with_turnover": told.turnover.files, "turnover_before": _known(told.turnover, told.turnover.before),
            "turnover_after": _known(told.turnover, told.turnover.after), "grew": told.grew,
            "in_use": told.sums["in_use"], "concerned": told.counts["in_use"], "new_offer": told.sums["new_offer"],
            "new_methods": told.sums["new_methods"], **{name: told.mean(name) for name in follow_up.MEANS},
        }  # fmt: skip


def _known(change: follow_up.Change, value: Decimal) -> Decimal | None:
    """A sum of answers; none where nobody answered, for that is no zero."""
    return value if change.files else None


def _mean(total: int, count: int) -> Decimal | None:
    return (Decimal(total) / count).quantize(Decimal("0.1")) if count else None
