"""Eligibility: the conditions of a scheme version against a firm's facts.

Conditions are data: `{fact, op, value, reason}`, all of which must hold; a condition may instead be
`{any_of: [...], reason}`, one level deep, of which one must hold. The operators are a closed list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.documents.formats import day, number
from applications.rules.base import Reason, Verdict
from applications.rules.sme_size import size_of
from regions.calendars import add_months
from regions.schemes import vocabulary
from regions.schemes.words import words_of

AMOUNT = re.compile(r"\d{1,9}\.\d{2}")
Facts = Mapping[str, Any]
Rules = Mapping[str, Any]


def _number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _equal(found: Any, value: Any) -> bool:
    """Numbers by their value, since a definition holds them as texts; codes as they are."""
    return bool(_number(found) == _number(value) if isinstance(found, int | Decimal) else found == value)


def _outside_sectors(found: Any, value: Mapping[str, list[str]], facts: Facts) -> bool:
    """Whether a NAF code begins with none of the prefixes listed for its own nomenclature."""
    prefixes = value.get(facts.get("naf_nomenclature") or "rev2", [])
    return not any(str(found).replace(".", "").startswith(p.replace(".", "")) for p in prefixes)


def _within_sectors(found: Any, value: Mapping[str, list[str]], facts: Facts) -> bool:
    """Whether a NAF code begins with one of the prefixes listed for its own nomenclature."""
    return not _outside_sectors(found, value, facts)


def _after_first_known(found: date, value: list[str], facts: Facts) -> bool:
    """Whether a day comes after the first fact of a list that is known."""
    reference = next((facts[name] for name in value if facts.get(name)), None)
    return reference is None or found > reference


Operator = Callable[[Any, Any, Facts], bool]
OPERATORS: dict[str, Operator] = {
    "lt": lambda found, value, facts: _number(found) < _number(value),
    "le": lambda found, value, facts: _number(found) <= _number(value),
    "gt": lambda found, value, facts: _number(found) > _number(value),
    "ge": lambda found, value, facts: _number(found) >= _number(value),
    "eq": lambda found, value, facts: _equal(found, value),
    "ne": lambda found, value, facts: not _equal(found, value),
    "in": lambda found, value, facts: found in value,
    "not_in": lambda found, value, facts: found not in value,
    "outside_sectors": _outside_sectors,
    "within_sectors": _within_sectors,
    "absent_or_after": _after_first_known,
    "before": lambda found, value, facts: bool(found < date.fromisoformat(value)),
    "includes": lambda found, value, facts: value in found,
}
MAY_BE_ABSENT = ("absent_or_after",)
FACTS = tuple(vocabulary.FACTS)


def assess(rules: Rules, facts: Facts) -> Verdict:
    """Every condition of the scheme against the facts; all failing ones are told, not only the first.

    `details["checks"]` lists each condition with its outcome, for the screen that explains itself.
    """
    facts = derived(facts)
    checks = [_check(rules, condition, facts) for condition in rules.get("who", {}).get("conditions", [])]
    reasons = tuple(reason for _held, reason in checks if reason is not None)
    listed = [{"code": code, "holds": reason is None} for code, reason in checks]
    return Verdict(not reasons, reasons, details={"checks": listed}, inputs=_used(rules, facts))


def derived(facts: Facts) -> Facts:
    """The facts with those that follow from others: the firm's size alone, its age in whole months when it applies."""
    return _aged(facts if "size" in facts else {**facts, "size": _size(facts)})


def _size(facts: Facts) -> str | None:
    """The size of a firm on its own, for whoever knows nothing of its owners; None while a figure is missing."""
    headcount, turnover, balance = (facts.get(name) for name in ("headcount", "turnover", "balance_sheet"))
    if headcount is None or (turnover is None and balance is None):
        return None
    return size_of(headcount, turnover, balance)


def _aged(facts: Facts) -> Facts:
    created, applied = facts.get("created_on"), facts.get("applied_on")
    if facts.get("age_months") is not None or created is None or applied is None:
        return facts
    months = (applied.year - created.year) * 12 + applied.month - created.month
    return {**facts, "age_months": months - (add_months(created, months) > applied)}


def _check(rules: Rules, condition: Mapping[str, Any], facts: Facts) -> tuple[str, Reason | None]:
    code = condition["reason"]
    missing = _missing(condition, facts)
    if missing:
        return code, _missing_reason(missing)
    if _holds(condition, facts):
        return code, None
    return code, reason_of(rules, code, facts.get(condition.get("fact", "")))


def _holds(condition: Mapping[str, Any], facts: Facts) -> bool:
    if "any_of" in condition:
        return any(_holds(one, facts) for one in condition["any_of"])
    found = facts.get(condition["fact"])
    if found is None:
        return condition["op"] in MAY_BE_ABSENT
    return OPERATORS[condition["op"]](found, condition["value"], facts)


def _missing(condition: Mapping[str, Any], facts: Facts) -> str:
    """The first fact that the condition needs and the file does not give."""
    parts = condition.get("any_of", [condition])
    needed = (part["fact"] for part in parts if part["op"] not in MAY_BE_ABSENT)
    return next((fact for fact in needed if facts.get(fact) is None), "")


def _missing_reason(fact: str) -> Reason:
    names = vocabulary.NAMES[fact]
    return Reason(
        "fact_missing",
        f"Une information manque pour vérifier cette condition : {names['fr']}.",
        f"A fact is missing to check this condition: {names['en']}.",
        params={"fact": fact},
    )


def reason_of(rules: Rules, code: str, found: Any = None, *, blocking: bool = True) -> Reason:
    """A reason in the scheme's own words, else in those all share; « {found} » is the fact that was found."""
    words = words_of(rules, code)
    fr, en = (words[language].replace("{found}", _quoted(found, language)) for language in ("fr", "en"))
    return Reason(code, fr, en, words.get("clause", ""), blocking, {"found": found})


def _quoted(found: Any, language: str) -> str:
    """A fact as its reader writes it: « 1 000 », « 12 avril 2025 »; what is text stays as it is.

    An amount of a definition is a text with two decimals.
    """
    if isinstance(found, Decimal) or (isinstance(found, str) and AMOUNT.fullmatch(found)):
        return number(Decimal(found), language)
    return day(found, language) if isinstance(found, date) else str(found)


def _used(rules: Rules, facts: Facts) -> dict[str, Any]:
    """The facts that the conditions name, as they were."""
    conditions = rules.get("who", {}).get("conditions", [])
    named = {part["fact"] for c in conditions for part in c.get("any_of", [c])}
    return {name: facts.get(name) for name in sorted(named)}
