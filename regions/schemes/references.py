"""What a definition's parts say of one another: each fault with the path of the place to mend.

The form is checked before (`schema.json`); here a fact must be known, an operator must suit it, a
reason must have its words, a level must name categories that exist, and figures must be in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from regions.schemes import faults
from regions.schemes.tree import Path, hows
from regions.schemes.vocabulary import DAY, FACTS, NOMENCLATURES, NUMBER, SECTOR
from regions.schemes.words import DEFAULTS

Definition = Mapping[str, Any]
Found = Iterator[tuple[Path, str]]


def check(definition: Definition) -> Found:
    """Every fault, in no order: the reader sorts them by line."""
    yield from _sections(definition)
    yield from _conditions(definition)
    yield from _categories(definition)
    for path, how in hows(definition):
        yield from _function(definition, path, how)
    yield from _call(definition)


# --- sections

AID = (
    "legal_basis", "beneficiary", "funding", "who", "what", "how", "when", "provider", "evidence", "payment",
    "examination", "reasons",
)  # fmt: skip
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "voucher": AID, "e_export": AID, "consulting": AID, "call": ("call",), "service_offer": ("service_offer",),
    "listing": (),
}  # fmt: skip


def _sections(definition: Definition) -> Found:
    """A section of its kind is there, or it is a named gap; then only is the rest read."""
    gaps = {gap["path"] for gap in definition.get("gaps", [])}
    missing = [name for name in SECTIONS[definition["kind"]] if name not in definition and name not in gaps]
    if missing:
        yield [], faults.missing_sections(missing)


# --- who


def _conditions(definition: Definition) -> Found:
    for rank, condition in enumerate(definition.get("who", {}).get("conditions", [])):
        path: Path = ["who", "conditions", rank]
        if not _has_words(definition, condition["reason"]):
            yield path, faults.reason_without_words(condition["reason"])
        if "fact" in condition:
            yield from _test(path, condition)
        for place, test in enumerate(condition.get("any_of", [])):
            yield from _test([*path, "any_of", place], test)


def _has_words(definition: Definition, code: str) -> bool:
    return code in definition.get("reasons", {}) or code in DEFAULTS


def _test(path: Path, test: Mapping[str, Any]) -> Found:
    fact, op = test["fact"], test["op"]
    if fact not in FACTS:
        yield [*path, "fact"], faults.unknown_fact(fact, list(FACTS))
    elif op not in FACTS[fact]:
        yield [*path, "op"], faults.operator_of_fact(op, fact, list(FACTS[fact]))
    elif op in SECTOR and isinstance(test["value"], dict) and set(test["value"]) != set(NOMENCLATURES):
        yield [*path, "value"], faults.nomenclatures(list(NOMENCLATURES))
    elif not (_is_number(test["value"]) if FACTS[fact] is NUMBER else _suits(op, test["value"])):
        yield [*path, "value"], faults.value_of_operator(test["value"], op)


def _suits(op: str, value: Any) -> bool:
    """Whether the value has the form that the operator reads, for a fact that is no number."""
    if op in ("in", "not_in", "absent_or_after"):
        return _is_list(value) and (op not in DAY or all(one in FACTS for one in value))
    if op in SECTOR:
        return isinstance(value, dict) and bool(value) and all(_is_list(codes) for codes in value.values())
    return _is_day(value) if op == "before" else isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value) is not None
    except ValueError:
        return False


# --- what


def _categories(definition: Definition) -> Found:
    categories = definition.get("what", {}).get("categories", [])
    codes = [category["code"] for category in categories]
    capped = {how["function"] for _path, how in hows(definition)} & {"percent_by_category"}
    for rank, category in enumerate(categories):
        path: Path = ["what", "categories", rank]
        if category["code"] in codes[:rank]:
            yield [*path, "code"], faults.twice(category["code"])
        if "reason" in category and not _has_words(definition, category["reason"]):
            yield [*path, "reason"], faults.reason_without_words(category["reason"])
        if "aid_ceiling" in category and not capped:
            yield [*path, "aid_ceiling"], faults.ceiling_unread(category["code"])


# --- how much


def _function(definition: Definition, path: Path, how: Mapping[str, Any]) -> Found:
    checked = CHECKS.get(how["function"])
    yield from _ascending(path, how, "bands", "headcount_below")
    if checked is not None:
        yield from checked(definition, path, how)


def _ascending(path: Path, how: Mapping[str, Any], name: str, limit: str) -> Found:
    """Each row's limit is above the one before; only the last row may have none."""
    rows: Sequence[Mapping[str, str]] = how.get(name, [])
    for rank, row in enumerate(rows[1:], start=1):
        before = rows[rank - 1].get(limit)
        if before is None or (limit in row and Decimal(row[limit]) <= Decimal(before)):
            yield [*path, name, rank], faults.not_ascending(limit)


def _steps(definition: Definition, path: Path, how: Mapping[str, Any]) -> Found:
    """A step of no cost has no number, and a step that gives more than it costs would pay above the cost."""
    if Decimal(how["step_cost"]) == 0 or Decimal(how["step_aid"]) > Decimal(how["step_cost"]):
        yield [*path, "step_aid"], faults.step_above_cost()


def _segments(definition: Definition, path: Path, how: Mapping[str, Any]) -> Found:
    yield from _ascending(path, how, "segments", "up_to")


def _levels(definition: Definition, path: Path, how: Mapping[str, Any]) -> Found:
    known = {category["code"] for category in definition.get("what", {}).get("categories", [])}
    seen: set[int] = set()
    for rank, entry in enumerate(how["levels"]):
        if entry["level"] in seen:
            yield [*path, "levels", rank, "level"], faults.twice(entry["level"])
        seen.add(entry["level"])
        for place, code in enumerate(entry["categories"]):
            if code not in known:
                yield [*path, "levels", rank, "categories", place], faults.unknown_category(code)


def _mix(definition: Definition, path: Path, how: Mapping[str, Any]) -> Found:
    """One component of each instrument, a guarantee after what it guarantees, whole periods."""
    seen: list[str] = []
    for rank, component in enumerate(how["components"]):
        here, instrument = [*path, "components", rank], component["instrument"]
        if instrument in seen:
            yield here, faults.twice(instrument)
        if instrument == "guarantee" and "loan" not in seen:
            yield here, faults.guarantee_alone()
        seen.append(instrument)
        yield from _periods(here, component)
        yield from _success(here, component)
    if not _is_day(how["reference"]["valid_from"]):
        yield [*path, "reference", "valid_from"], faults.no_day(how["reference"]["valid_from"])


def _periods(path: Path, component: Mapping[str, Any]) -> Found:
    every = component.get("every_months")
    if every is None:
        return
    months, grace = component["months"], component["grace_months"]
    if months % every or grace % every or grace >= months:
        yield [*path, "months"], faults.periods()


def _success(path: Path, component: Mapping[str, Any]) -> Found:
    """Declared by whole years, without interest, and by an advance only: what a loan owes does not depend on sales."""
    if "success" not in component:
        return
    whole = component["months"] % 12 == 0 and Decimal(component["annual_rate_percent"]) == 0
    if component["instrument"] != "advance" or not whole:
        yield [*path, "success"], faults.success()


CHECKS: dict[str, Callable[[Definition, Path, Mapping[str, Any]], Found]] = {
    "steps": _steps, "piecewise": _segments, "levels": _levels, "mix": _mix,
}  # fmt: skip


# --- calls for projects


def _call(definition: Definition) -> Found:
    call = definition.get("call")
    if call is None:
        return
    if sum(criterion["weight"] for criterion in call["criteria"]) != 100:
        yield ["call", "criteria"], faults.weights()
    days = [call[name] for name in ("opens_on", "closes_on") if name in call]
    for name in ("opens_on", "closes_on"):
        if name in call and not _is_day(call[name]):
            yield ["call", name], faults.no_day(call[name])
    if days != sorted(days):
        yield ["call", "closes_on"], faults.closes_first()
