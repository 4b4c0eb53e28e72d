"""Counting common ERDF indicators without counting anybody twice (Reg. 2021/1058, annex I).

An enterprise counts once in RCO01 and once in each of RCO02, RCO03, RCO04 that applies, whatever
the number of operations; the level of de-duplication is the specific objective (to be confirmed).
Amounts in euro. Implemented values are counted on completion, targets on selection, the same way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from applications.rules.base import Reason, Verdict
from applications.rules.indicator_catalogue import CATALOGUE, SIZES
from regions.calendars import add_months
from regions.money import ZERO, floor_cent

ARTICLE = "Règlement (UE) 2021/1058, annexe I"
BY_FORM = {"grant": "RCO02", "financial_instrument": "RCO03", "non_financial": "RCO04"}
COUNTED = ("RCO01", *BY_FORM.values(), "RCO05", "RCR13")
# Told by the firm about a year after: without an answer they have no value, which is no zero. How each is counted is
# to be confirmed with the managing authority.
JOBS = "RCR01"  # the only one that counts no firms
FOLLOWED = (JOBS, "RCR03", "RCR04", "RCR19")
NEW_YEARS = 3
DIGITAL_ITEMS = 12
HIGH_DIGITAL = 7

Counts = Mapping[str, Decimal | int]


@dataclass(frozen=True, slots=True)
class Support:
    """One support to one enterprise in one operation of a specific objective.

    `enterprise`: a stable identifier (SIREN). `documented` says of non-financial support that it is
    structured and recorded: a phone call is not. `project_total` and `public_support`, in euro, give
    the private investment; `digital_before` and `digital_after` are items met, 0 to 12. The last four are what the firm
    said a year after; a firm with several files counts once, with the most that one of them tells.
    """

    enterprise: str
    form: str
    operation: str = ""
    objective: str = ""
    size: str = "micro"
    supported_on: date | None = None
    created_on: date | None = None
    documented: bool = True
    project_total: Decimal | None = None
    public_support: Decimal = ZERO
    digital_value: Decimal = ZERO
    digital_before: int | None = None
    digital_after: int | None = None
    jobs: Decimal | None = None
    new_offer: bool | None = None
    new_methods: bool | None = None
    grew: bool | None = None

    @property
    def told(self) -> Mapping[str, Decimal | bool | None]:
        """What the firm said a year after, by indicator: jobs created in full-time equivalents, else yes or no."""
        return {JOBS: self.jobs, "RCR03": self.new_offer, "RCR04": self.new_methods, "RCR19": self.grew}

    @property
    def counts(self) -> bool:
        """Financial support always, other support when structured and documented."""
        return self.form != "non_financial" or self.documented

    @property
    def private_investment(self) -> Decimal:
        """The private part of the project, its non-eligible part included (to be confirmed)."""
        return ZERO if self.project_total is None else max(self.project_total - self.public_support, ZERO)


def is_new(created_on: date, supported_on: date, years: int = NEW_YEARS) -> bool:
    """Less than three years old on the day of the support (to be confirmed): the anniversary is too late."""
    return created_on <= supported_on < add_months(created_on, 12 * years)


def reaches_high_intensity(before: int, after: int, needed: int = HIGH_DIGITAL) -> bool:
    """RCR13: at least 7 of the 12 items after about a year, fewer at the start (to be confirmed)."""
    return before < needed <= after


def count(supports: Iterable[Support]) -> dict[str, dict[str, Decimal | int]]:
    """The indicators by specific objective; a key such as RCO01.micro is a breakdown.

    E1 with two grants, E2 with one, E3 advised: RCO01 3, RCO02 2, RCO03 0, RCO04 1.
    """
    groups: dict[str, list[Support]] = defaultdict(list)
    for support in supports:
        if support.counts:
            groups[support.objective].append(support)
    return {objective: count_objective(group) for objective, group in sorted(groups.items())}


def count_objective(supports: Iterable[Support]) -> dict[str, Decimal | int]:
    """The indicators of the supports of one specific objective, read once."""
    tally = _Tally()
    for support in supports:
        tally.add(support)
    return tally.counts()


@dataclass(slots=True)
class _Tally:
    """What was met so far: enterprises by indicator, the size of each at its first support, and amounts."""

    firms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    first: dict[str, tuple[date, str]] = field(default_factory=dict)
    private: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BY_FORM, ZERO))
    digital: Decimal = ZERO
    told: dict[str, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, support: Support) -> None:
        for code in _met(support):
            self.firms[code].add(support.enterprise)
        self._keep_first(support)
        self.private[support.form] += support.private_investment
        self.digital += support.digital_value
        for code, value in support.told.items():
            if value is not None:
                held = self.told[code].get(support.enterprise, ZERO)
                self.told[code][support.enterprise] = max(held, Decimal(value))

    def _keep_first(self, support: Support) -> None:
        """An enterprise keeps the size it had at its first support, so that the sizes add up."""
        day = support.supported_on or date.max
        known = self.first.get(support.enterprise)
        if known is None or day < known[0]:
            self.first[support.enterprise] = (day, support.size)

    def counts(self) -> dict[str, Decimal | int]:
        counts: dict[str, Decimal | int] = {code: len(self.firms[code]) for code in COUNTED}
        counts |= {"RCO13": floor_cent(self.digital)} | self._private_investment()
        sizes = Counter(size for _day, size in self.first.values())
        sums = {code: sum(firms.values(), ZERO) for code, firms in self.told.items()}
        followed = {code: total if code == JOBS else int(total) for code, total in sums.items()}
        return counts | followed | {f"RCO01.{size}": sizes[size] for size in SIZES}

    def _private_investment(self) -> dict[str, Decimal | int]:
        """RCR02, in euro, in all and by form: project 10 000, public 8 000: private 2 000."""
        parts = {form: floor_cent(amount) for form, amount in self.private.items()}
        breakdown = {f"RCR02.{form}": parts[form] for form in CATALOGUE["RCR02"].breakdown}
        return {"RCR02": sum(parts.values(), ZERO), **breakdown}


def _met(support: Support) -> Iterator[str]:
    """The indicators that count enterprises, for those that this support meets."""
    yield from ("RCO01", BY_FORM[support.form])
    if supports_new(support):
        yield "RCO05"
    if reaches(support):
        yield "RCR13"


def supports_new(support: Support) -> bool:
    """RCO05: the enterprise is new on the day of the support; unknown days prove nothing."""
    known = support.created_on is not None and support.supported_on is not None
    return bool(known and is_new(support.created_on, support.supported_on))  # type: ignore[arg-type]


def reaches(support: Support) -> bool:
    """RCR13: the support has both its measures and brings the enterprise to a high intensity."""
    before, after = support.digital_before, support.digital_after
    return before is not None and after is not None and reaches_high_intensity(before, after)


def check(counts: Counts) -> Verdict:
    """Whether reported values can be true.

    max(RCO02, 03, 04) ≤ RCO01 ≤ RCO02 + 03 + 04; RCO05 ≤ RCO01; the sizes add up to RCO01.
    """
    whole = counts.get("RCO01", 0)
    parts = [counts.get(code, 0) for code in BY_FORM.values()]
    sizes = [counts[f"RCO01.{size}"] for size in SIZES if f"RCO01.{size}" in counts]
    faults = {
        "form_above_total": max(parts) > whole,
        "total_above_forms": whole > sum(parts),
        "new_above_total": counts.get("RCO05", 0) > whole,
        "sizes_differ": bool(sizes) and sum(sizes) != whole,
    }
    reasons = tuple(Reason(code, *SENTENCES[code], ARTICLE) for code, wrong in faults.items() if wrong)
    return Verdict(not reasons, reasons)


SENTENCES = {
    "form_above_total": (
        "Une forme de soutien compte plus d’entreprises que RCO01.",
        "One form of support counts more enterprises than RCO01.",
    ),
    "total_above_forms": (
        "RCO01 dépasse la somme de RCO02, RCO03 et RCO04.",
        "RCO01 exceeds the sum of RCO02, RCO03 and RCO04.",
    ),
    "new_above_total": ("RCO05 dépasse RCO01.", "RCO05 exceeds RCO01."),
    "sizes_differ": (
        "La ventilation de RCO01 par taille ne donne pas le total.",
        "The breakdown of RCO01 by size does not add up to the total.",
    ),
}


def check_use(code: str, objective: str, own_objectives: Sequence[str] = ()) -> Verdict:
    """Whether an indicator may be used under an objective: starred in PO 1 to 4, else in its own alone."""
    indicator = CATALOGUE.get(code)
    starred = indicator is not None and indicator.star and objective[:1] in ("1", "2", "3", "4")
    if starred or objective in own_objectives:
        return Verdict(True)
    text = (
        f"L’indicateur {code} n’est pas prévu pour l’objectif spécifique {objective} : "
        "utiliser un indicateur propre au programme.",
        f"Indicator {code} is not provided for specific objective {objective}: use a programme-specific one.",
    )
    return Verdict(False, (Reason("indicator_not_usable", *text, ARTICLE),))
