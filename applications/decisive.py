"""What decides: for each figure of a firm, the values at which a scheme's answer changes, and why. Pure.

The thresholds are those of the scheme's own conditions and bands; the rules are run on both sides of
each, so that conditions joined by « any of » are told as they truly weigh. Euro, work units, months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from applications.enums import LegalCategory
from applications.rules.amounts import Line
from applications.rules.base import Reason
from applications.rules.eligibility import derived
from applications.rules.sme_size import THRESHOLDS
from applications.simulation import Simulation, simulate
from regions.money import CENT, ZERO
from regions.schemes.tree import hows
from regions.schemes.vocabulary import SECTOR

Rules = Mapping[str, Any]
Facts = Mapping[str, Any]
Run = Callable[[Facts], Simulation]

FIGURES = ("headcount", "turnover", "age_months", "members")
OF_SIZE = ("headcount", "turnover")  # a condition on the size holds against these figures
STEPS = {"age_months": Decimal(1), "members": Decimal(1), "turnover": Decimal(1), "headcount": Decimal("0.50")}
OUTSIDE = "99.99Z"  # no sector begins so
ELSEWHERE = "elsewhere"  # no region has this code


@dataclass(frozen=True, slots=True)
class Change:
    """How one answer differs from another: eligible or not, the aid in euro, the reasons that came and went."""

    eligible: tuple[bool, bool]
    aid: tuple[Decimal, Decimal]
    appeared: tuple[Reason, ...]
    lifted: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Tip:
    """A value of a fact at which the answer changes.

    `bound`: « from » that number on, « above » it, « below » it, « to » it and below; « among » those codes,
    « within » or « outside » those sectors, « elsewhere », « signed ».
    """

    fact: str
    bound: str
    value: Decimal | None
    codes: tuple[str, ...]
    change: Change


def compare(before: Simulation, after: Simulation) -> Change | None:
    """What differs between two answers, or None when nothing does."""
    old, new = {r.code for r in before.reasons}, {r.code for r in after.reasons}
    if (before.eligible, before.aid, old) == (after.eligible, after.aid, new):
        return None
    return Change(
        (before.eligible, after.eligible), (before.aid, after.aid),
        tuple(r for r in after.reasons if r.code not in old), tuple(r for r in before.reasons if r.code not in new),
    )  # fmt: skip


def tips(rules: Rules, facts: Facts, lines: Sequence[Line], day: date) -> list[Tip]:
    """Every value at which the answer would change, fact by fact, from these facts and this quote."""
    told = {name: value for name, value in derived(facts).items() if name != "size" or name in facts}

    def run(other: Facts) -> Simulation:
        return simulate(rules, {**told, **other}, lines, prior=ZERO, other_aid=ZERO, day=day)

    now = run({})
    return [*_figures(rules, told, run, now), *_codes(rules, told, run, now)]


# --- figures


def _figures(rules: Rules, facts: Facts, run: Run, now: Simulation) -> Iterator[Tip]:
    for fact in FIGURES:
        current = facts.get(fact)
        limits = thresholds(rules, fact)
        if current is None or not limits:
            continue
        points = _points(limits, _step(fact, limits))
        yield from _walk(fact, [p for p in reversed(points) if p.inner < Decimal(current)], run, now, down=True)
        yield from _walk(fact, [p for p in points if p.value > Decimal(current)], run, now, down=False)


def thresholds(rules: Rules, fact: str) -> list[Decimal]:
    """The numbers that the conditions and the bands of a scheme hold against a fact, in order."""
    tests = [part for c in rules.get("who", {}).get("conditions", []) for part in c.get("any_of", [c])]
    found = {Decimal(part["value"]) for part in tests if part["fact"] == fact}
    if any(part["fact"] == "size" for part in tests):
        found |= {getattr(limit, fact) for limit in THRESHOLDS if fact in OF_SIZE}
    if fact == "headcount":
        found |= {Decimal(band["headcount_below"]) for band in banded(rules) if "headcount_below" in band}
    return sorted(found)


def banded(rules: Rules) -> list[Rules]:
    """The bands by size of the scheme's aid functions."""
    return [band for _path, how in hows(rules) for band in how.get("bands", [])]


@dataclass(frozen=True, slots=True)
class _Point:
    """A gap between two neighbouring values: `inner` lies below it, `value` above, `limit` is what is told of it."""

    inner: Decimal
    value: Decimal
    limit: Decimal
    strict: bool  # whether the limit itself lies above the gap


def _step(fact: str, limits: Sequence[Decimal]) -> Decimal:
    """How far beside a limit to look: a figure that people write, unless two limits are closer than that."""
    gaps = [high - low for low, high in pairwise(limits)]
    return STEPS[fact] if min(gaps, default=STEPS[fact] * 3) > STEPS[fact] * 2 else CENT


def _points(limits: Sequence[Decimal], step: Decimal) -> list[_Point]:
    gaps = [(limit - step, limit, limit, True) for limit in limits]
    gaps += [(limit, limit + step, limit, False) for limit in limits]
    return [_Point(*gap) for gap in sorted(gaps)]


def _walk(fact: str, points: Sequence[_Point], run: Run, now: Simulation, *, down: bool) -> Iterator[Tip]:
    """Go away from the present value, gap by gap; each answer that differs from the last one is told."""
    before = now
    for point in points:
        after = run({fact: max(point.inner, ZERO) if down else point.value})
        change = compare(before, after)
        if change is not None and (not down or point.inner >= ZERO):
            yield Tip(fact, _bound(point, down=down), point.limit, (), change)
            before = after


def _bound(point: _Point, *, down: bool) -> str:
    if down:
        return "below" if point.strict else "to"
    return "from" if point.strict else "above"


# --- codes


def _codes(rules: Rules, facts: Facts, run: Run, now: Simulation) -> Iterator[Tip]:
    """Another legal form, another sector, another region, a quote already signed."""
    if facts.get("legal_category"):
        yield from _forms(facts, run, now)
    if facts.get("naf"):
        yield from _sectors(rules, facts, run, now)
    if facts.get("seat_region"):
        yield from _one("seat_region", "elsewhere", run({"seat_region": ELSEWHERE}), now)
    if facts.get("works_start_on") is None and facts.get("applied_on"):
        yield from _one("works_start_on", "signed", run({"works_start_on": facts["applied_on"] - timedelta(1)}), now)


def _one(fact: str, bound: str, after: Simulation, now: Simulation) -> Iterator[Tip]:
    change = compare(now, after)
    if change is not None:
        yield Tip(fact, bound, None, (), change)


def _forms(facts: Facts, run: Run, now: Simulation) -> Iterator[Tip]:
    """The legal forms whose answer differs from that of the present one, those of one answer together."""
    groups: dict[tuple[Any, ...], tuple[Change, list[str]]] = {}
    for form in LegalCategory.values:
        change = compare(now, run({"legal_category": form}))
        if change is not None and form != facts["legal_category"]:
            key = (change.eligible, change.aid, *(r.code for r in (*change.appeared, *change.lifted)))
            groups.setdefault(key, (change, []))[1].append(form)
    for change, forms in groups.values():
        yield Tip("legal_category", "among", None, tuple(forms), change)


def _sectors(rules: Rules, facts: Facts, run: Run, now: Simulation) -> Iterator[Tip]:
    """For each list of sectors: what an activity on the other side of it would change."""
    for condition in rules.get("who", {}).get("conditions", []):
        for part in condition.get("any_of", [condition]):
            if part["op"] in SECTOR:
                yield from _sector(part, facts, run, now)


def _sector(part: Rules, facts: Facts, run: Run, now: Simulation) -> Iterator[Tip]:
    prefixes = tuple(part["value"].get(facts.get("naf_nomenclature") or "rev2", ()))
    listed = any(_plain(facts["naf"]).startswith(_plain(prefix)) for prefix in prefixes)
    other = OUTSIDE if listed else _within(prefixes)
    change = compare(now, run({"naf": other})) if other else None
    if change is not None:
        yield Tip("naf", "outside" if listed else "within", None, prefixes, change)


def _within(prefixes: Sequence[str]) -> str:
    """A code of the first sector listed, as it is written; nothing when the nomenclature lists none."""
    digits = f"{_plain(prefixes[0]):0<4}"[:4] if prefixes else ""
    return f"{digits[:2]}.{digits[2:]}Z" if digits else ""


def _plain(code: str) -> str:
    return code.replace(".", "")
