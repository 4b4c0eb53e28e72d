"""Drawing a sample, once and for ever, and drawing it again from what was frozen."""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regions import clock
from regions.models import Programme, User
from reporting.audit import population
from reporting.models import Sample
from reporting.sampling import (
    Draw,
    Plan,
    Population,
    TwoStageDraw,
    csv_rows,
    draw,
    draw_two_stages,
    from_csv_rows,
    mirrored,
    plan_from_record,
)
from reporting.sampling.population import total
from workflows.acts import Refused
from workflows.canonical import encode, sha256

Drawn = Draw | TwoStageDraw
DIGITS = 10**8


ALTERED = _("La population gelée ne donne plus son empreinte : elle a été modifiée.")


class Altered(Refused):
    """A frozen population that no longer gives the hash it was drawn with."""

    status = 409


@dataclass(frozen=True, slots=True)
class Asked:
    """What the auditor asks: the year of a programme, the unit, the side, the plan with its seed."""

    programme: Programme
    year_end: date
    unit: str
    plan: Plan
    strata: str = ""
    side: str = Sample.Side.POSITIVE
    sub_size: int | None = None


def proposed_seed() -> str:
    """A seed nobody could choose: the day and eight digits at random; the auditor may write another."""
    return f"{clock.today():%Y-%m-%d}/{secrets.randbelow(DIGITS):08d}"


def take(asked: Asked, auditor: User) -> Sample:
    """Freeze the population as declared now, draw, and keep both; raises InputError where the plan cannot be."""
    now = clock.now()
    frozen = population.declared(asked.programme, asked.year_end, now, asked.unit, asked.strata)
    base = side_of(frozen, asked.side)
    drawn = _drawn(base, asked.unit, asked.plan, asked.sub_size)
    record = drawn.record()
    sample = Sample(
        region=asked.programme.region, programme=asked.programme, year_end=asked.year_end, as_of=now, unit=asked.unit,
        strata=asked.strata, side=asked.side, population=_text(frozen), population_sha256=frozen.sha256,
        units=len(frozen.positives), book=frozen.book, negatives=len(frozen.negatives),
        negative_book=total(frozen.negatives), plan=asked.plan.record(), seed=asked.plan.seed,
        sub_size=asked.sub_size, drawn=record, drawn_sha256=sha256(encode(record)), drawn_units=len(drawn.keys),
        release=settings.GUICHET_VERSION, drawn_by=auditor, drawn_at=now,
    )  # fmt: skip
    with transaction.atomic():
        sample.save()
    return sample


def side_of(frozen: Population, side: str) -> Population:
    """The part that is drawn from: the whole (its positive units), or the negatives by absolute value."""
    return mirrored(frozen) if side == Sample.Side.NEGATIVE else frozen


def _drawn(base: Population, unit: str, plan: Plan, sub_size: int | None) -> Drawn:
    if unit == Sample.Unit.TWO_STAGE:
        return draw_two_stages(base, plan, *(() if sub_size is None else (sub_size,)))
    return draw(base, plan)


def _text(frozen: Population) -> str:
    """The population as its export writes it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(csv_rows(frozen))
    return text.getvalue()


def frozen_of(sample: Sample) -> Population:
    """The population read back from its frozen text, its hash checked."""
    found = from_csv_rows(tuple(row) for row in csv.reader(io.StringIO(sample.population)))
    if found.sha256 != sample.population_sha256:
        raise Altered(ALTERED)
    return found


def base_of(sample: Sample) -> Population:
    """What the sample was drawn from."""
    return side_of(frozen_of(sample), sample.side)


def drawn_again(sample: Sample, base: Population) -> Drawn:
    """The draw made again from the frozen population, the plan and the seed."""
    return _drawn(base, sample.unit, plan_from_record(sample.plan), sample.sub_size)


@dataclass(frozen=True, slots=True)
class Again:
    """A sample drawn again: whether the population is whole, whether the draw is identical, its hash.

    `declared_since` says whether the year's declarations of now would freeze to another population.
    """

    whole: bool
    identical: bool
    sha256: str
    declared_since: bool


def again(sample: Sample) -> Again:
    """Draw again, and compare with the draw that was kept and with what is declared now."""
    now = population.declared(sample.programme, sample.year_end, clock.now(), sample.unit, sample.strata)
    since = now.sha256 != sample.population_sha256
    return Again(*redrawn(sample), since)


def redrawn(sample: Sample) -> tuple[bool, bool, str]:
    """Whether the frozen population is whole, whether the draw made again is the one kept, and its hash."""
    try:
        drawn = drawn_again(sample, base_of(sample))
    except (Altered, ValueError):
        return False, False, ""
    digest = sha256(encode(drawn.record()))
    return True, digest == sample.drawn_sha256 and drawn.record() == sample.drawn, digest
