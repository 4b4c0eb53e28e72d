"""Ten fictitious firms run against a draft, by the assessment that decides on real files.

The firms are data (`regions/schemes/firms.json`); their seat, dates and quote are fitted to the scheme: a
firm « of the region », signed so many days ago, with a quote spread over the first services that are aided.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.rules import terms
from backoffice.views.manage.rulehow import words
from regions.calendars import add_months
from regions.money import ZERO
from regions.schemes import loader
from workflows import assessment

Rules = Mapping[str, Any]
NEEDED = ("what", "how", "who")
FIRM, SISTER, ELSEWHERE, DAY_PRICE = "fictitious", "fictitious-sister", "00", Decimal(800)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules make of a firm: euro excl. VAT, and the reason that decides."""

    ok: bool
    aid: Decimal
    beside: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A firm of the table: who it is, its quote, what the draft gives, and what the version in force gives."""

    name: str
    facts: Mapping[str, Any]
    quoted: Decimal
    now: Outcome
    before: Outcome | None = None

    @property
    def change(self) -> str:
        """What the draft changes for this firm."""
        if self.before is None:
            return ""
        if self.before.ok != self.now.ok:
            return _("devient aidée") if self.now.ok else _("n’est plus aidée")
        if (self.before.aid, self.before.beside) != (self.now.aid, self.now.beside):
            return _("le montant change")
        return _("autre motif") if self.before.reason != self.now.reason else _("inchangé")


@cache
def firms() -> tuple[Mapping[str, Any], ...]:
    """The fictitious firms, as they are written."""
    return tuple(json.loads((loader.FOLDER / "firms.json").read_text(encoding="utf-8")))


def may_run(rules: Rules) -> bool:
    """Whether the draft says enough to be tried: who, what and how much."""
    return all(section in rules for section in NEEDED)


def trials(rules: Rules, in_force: Rules | None, day: date) -> list[Trial]:
    """Each firm against the draft and, when one is in force, against the version that it would replace."""
    compared = in_force if in_force is not None and may_run(in_force) else None
    return [_trial(rules, compared, firm, day) for firm in firms()] if may_run(rules) else []


def _trial(rules: Rules, in_force: Rules | None, firm: Rules, day: date) -> Trial:
    quoted = sum((line["amount"] for line in _lines(rules, firm)), ZERO)
    before = None if in_force is None else _outcome(in_force, firm, day)
    return Trial(words(firm["name"]), _facts(rules, firm, day), quoted, _outcome(rules, firm, day), before)


def _outcome(rules: Rules, firm: Rules, day: date) -> Outcome:
    found = assessment.run({
        "rules": rules, "facts": _facts(rules, firm, day), "lines": _lines(rules, firm), "day": day, "asked": None,
        "parties": _parties(rules, firm, day),
    })  # fmt: skip
    components = found.amount.details["components"]
    beside = sum((c["amount"] for c in components if c["instrument"] != "grant"), ZERO) if found.ok else ZERO
    return Outcome(found.ok, found.aid, beside, _reason(found))


def _reason(found: assessment.Assessment) -> str:
    """The first reason that refuses; else the last that lowered the aid."""
    language = get_language() or "fr"
    if not found.ok:
        return found.blocking()[0].sentence(language)
    told = "en" if language.startswith("en") else "fr"
    lowered = [reason[told] for line in found.amount.details["lines"] for reason in line["reasons"]]
    return lowered[-1] if lowered else _("Toutes les conditions sont remplies, aucun plafond n’est atteint.")


# --- the firm, fitted to the scheme


def _facts(rules: Rules, firm: Rules, day: date) -> dict[str, Any]:
    signed = firm.get("signed_days_ago")
    return {
        "headcount": Decimal(firm["headcount"]), "turnover": Decimal(firm["turnover"]),
        "balance_sheet": Decimal(firm["turnover"]) / 2, "naf": firm["naf"],
        "naf_nomenclature": firm.get("naf_nomenclature", "rev2"),
        "legal_category": firm.get("legal_category", "company"),
        "seat_region": rules.get("region", "") if firm.get("seat") != "elsewhere" else ELSEWHERE,
        "created_on": add_months(day, -firm["age_months"]), "applied_on": day, "age_months": firm["age_months"],
        "works_start_on": None if signed is None else day - timedelta(days=signed), "awarded_on": day,
        "person_applications_this_year": firm.get("person_applications_this_year", 0),
        "firm_applications_this_year": firm.get("firm_applications_this_year", 0),
        "other_public_aid": Decimal(firm.get("other_public_aid", "0")), "members": _members(rules, firm), "level": 1,
        "prior_steps": _steps(rules) if firm.get("prior_steps", True) else [],
    }  # fmt: skip


def _members(rules: Rules, firm: Rules) -> int:
    """A group has the fewest firms that the scheme admits, unless the firm says less."""
    group = terms.group_terms(rules)
    return 1 if group is None else min(int(group["min_members"]), firm.get("members", 100))


def _steps(rules: Rules) -> list[str]:
    """Every earlier step that the scheme asks about."""
    tests = (test for c in rules["who"]["conditions"] for test in c.get("any_of", [c]))
    return [test["value"] for test in tests if test["fact"] == "prior_steps"]


def _lines(rules: Rules, firm: Rules) -> list[dict[str, Any]]:
    """The amounts of the quote on the first services aided, then equipment when there is some."""
    codes = [c["code"] for c in terms.categories(rules) if not c.get("excluded")] or [""]
    amounts = [Decimal(amount) for amount in firm["quote"]]
    by_day = terms.day_terms(rules) is not None
    made = [
        _line(n, codes[n % len(codes)], amount, quantity=-(-amount // DAY_PRICE) if by_day else None)
        for n, amount in enumerate(amounts)
    ]
    laptop = [Decimal(firm["hardware"])] if "hardware" in firm else []
    return [*made, *(_line(len(made), codes[0], amount, hardware=True) for amount in laptop)]


def _line(
    rank: int, category: str, amount: Decimal, *, hardware: bool = False, quantity: Decimal | None = None
) -> dict[str, Any]:
    label = _("ordinateur") if hardware else ""
    return {
        "key": str(rank + 1), "category": category, "label": label, "amount": amount, "hardware": hardware,
        "quantity": quantity,
    }  # fmt: skip


def _parties(rules: Rules, firm: Rules, day: date) -> list[dict[str, Any]]:
    """The firm with what its group was granted within three years; the other firms of a joint project have nothing."""
    awards = [
        {"siren": SISTER, "granted_on": add_months(day, -12), "amount": Decimal(amount)}
        for amount in firm.get("de_minimis", [])
    ]
    others = [{"undertaking": [f"{FIRM}-{n}"], "awards": []} for n in range(1, _members(rules, firm))]
    return [{"undertaking": [FIRM, SISTER], "awards": awards}, *others]
