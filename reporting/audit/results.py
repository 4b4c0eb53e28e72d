"""What the audit of a sample found, what it means for the population, and the conclusion that is kept. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from regions import clock
from regions.models import User
from regions.money import ZERO
from reporting.audit.drawing import Drawn, base_of, drawn_again
from reporting.models import Sample, SampleConclusion, SampleResult
from reporting.sampling import (
    Estimator,
    Evaluation,
    Population,
    Residual,
    Result,
    TwoStageDraw,
    evaluate,
    operation_results,
    residual_error_rate,
)
from workflows.canonical import encode, sha256

AMOUNTS = ("random", "systemic", "anomalous")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the auditor writes for one unit: its errors in euro, and a remark."""

    key: str
    random: Decimal = ZERO
    systemic: Decimal = ZERO
    anomalous: Decimal = ZERO
    corrected: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the auditor gives beside the results: how to project, delimited errors, and what was corrected.

    `expenditure` is line A of the residual rate (the accounts' expenditure), `other_deductions` E1, `ongoing`
    E2, `corrections` H; `delimited` gives the systemic errors of units outside the sample, by key.
    """

    estimator: Estimator = Estimator.MEAN
    expenditure: Decimal = ZERO
    other_deductions: Decimal = ZERO
    ongoing: Decimal = ZERO
    corrections: Decimal = ZERO
    delimited: Mapping[str, Decimal] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The terms as plain JSON values, amounts as texts."""
        amounts = ("expenditure", "other_deductions", "ongoing", "corrections")
        return {
            "estimator": self.estimator.value,
            **{name: f"{getattr(self, name):.2f}" for name in amounts},
            "delimited": {key: f"{self.delimited[key]:.2f}" for key in sorted(self.delimited)},
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the results say: the evaluation of the population, and the residual rate of the accounts."""

    evaluation: Evaluation
    residual: Residual

    def record(self) -> dict[str, Any]:
        """The figures as plain JSON values: euro to the cent, rates as shares, not rounded."""
        found, said = self.evaluation, self.evaluation.conclusion
        return {
            "projected": f"{found.projected}", "systemic": f"{found.systemic}", "anomalous": f"{found.anomalous}",
            "total": f"{said.total}", "total_rate": f"{found.total_rate}", "tolerable": f"{said.tolerable}",
            "precision": _text(said.precision), "upper": _text(said.upper), "lower": _text(said.lower),
            "upper_rate": _text(said.upper_rate), "decision": said.decision, "recalculated": _text(said.recalculated),
            "fr": said.reason.fr, "en": said.reason.en, "certifiable": f"{self.residual.certifiable}",
            "residual": f"{self.residual.residual}", "residual_rate": f"{self.residual.rate}",
            "extra": f"{self.residual.extra_in_cents}",
        }  # fmt: skip


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure}"


def latest(sample: Sample) -> dict[str, SampleResult]:
    """The result that counts of each unit; one query."""
    rows = sample.results.select_related("entered_by").order_by("id")
    return {row.key: row for row in rows}


def enter(sample: Sample, entries: Iterable[Entry], auditor: User) -> int:
    """Keep what changed, as new rows; how many. A unit that was not drawn is refused by the evaluation."""
    known, now = latest(sample), clock.now()
    changed = [entry for entry in entries if _differs(known.get(entry.key), entry)]
    with transaction.atomic():
        for entry in changed:
            SampleResult(
                sample=sample, key=entry.key, random=entry.random, systemic=entry.systemic, anomalous=entry.anomalous,
                corrected=entry.corrected, comment=entry.comment, entered_by=auditor, entered_at=now,
            ).save()  # fmt: skip
    return len(changed)


def _differs(row: SampleResult | None, entry: Entry) -> bool:
    names = (*AMOUNTS, "corrected", "comment")
    return row is None or any(getattr(row, name) != getattr(entry, name) for name in names)


def evaluated(sample: Sample, terms: Terms, found: Mapping[str, SampleResult]) -> Outcome:
    """Project the results and compare; InputError while a unit has no result, or where a term cannot be."""
    base = base_of(sample)
    drawn = drawn_again(sample, base)
    results = [Result(row.key, row.random, row.systemic, row.anomalous, row.corrected) for row in found.values()]
    evaluation = _evaluated(drawn, base, results, terms)
    residual = residual_error_rate(
        terms.expenditure, max(evaluation.total_rate, ZERO), terms.corrections, terms.ongoing, terms.other_deductions
    )
    return Outcome(evaluation, residual)


def _evaluated(drawn: Drawn, base: Population, results: list[Result], terms: Terms) -> Evaluation:
    if not isinstance(drawn, TwoStageDraw):
        return evaluate(drawn, base, results, terms.estimator, terms.delimited)
    below = {key: amount for key, amount in terms.delimited.items() if key not in drawn.operations.by_key}
    whole = {key: amount for key, amount in terms.delimited.items() if key not in below}
    added = operation_results(drawn, base, results, below)
    return evaluate(drawn.first, drawn.operations, added, terms.estimator, whole)


def conclude(sample: Sample, terms: Terms, auditor: User) -> SampleConclusion:
    """Keep the conclusion with all it relied on; raises InputError as `evaluated` does."""
    found = latest(sample)
    outcome = evaluated(sample, terms, found).record()
    results = {
        key: [*(f"{getattr(row, name):.2f}" for name in AMOUNTS), row.corrected] for key, row in sorted(found.items())
    }
    relied = encode([sample.drawn_sha256, terms.record(), results, outcome])
    kept = SampleConclusion(
        sample=sample, terms=terms.record(), results=results, outcome=outcome, sha256=sha256(relied),
        release=settings.GUICHET_VERSION, concluded_by=auditor, concluded_at=clock.now(),
    )  # fmt: skip
    kept.save()
    return kept
