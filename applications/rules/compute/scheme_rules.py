"""The rules of a scheme for the command: a shipped definition, or parts of one given in the input.

Rules given in the input follow the schema of the scheme definitions, of which only the needed parts are asked;
what has one sensible value is filled in, and numbers may stand where a definition writes texts.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from applications.rules.base import InputError, Verdict
from applications.rules.compute.shapes import below, shown, wrong
from regions.schemes.loader import FOLDER, parse, shipped

Rules = Mapping[str, Any]
PATH = "$.rules"
MOST_REPAIRS = 200
FAULTS_OF_RULES = (LookupError, TypeError, ValueError, AttributeError)


class Words(dict[str, Any]):
    """The reasons of the rules; one without words speaks for itself."""

    def __missing__(self, code: str) -> dict[str, str]:
        return {"fr": f"Condition « {code} » : {{found}}.", "en": f"Condition “{code}”: {{found}}."}


def rules_of(given: Mapping[str, Any], parts: tuple[str, ...], categories: Iterable[str] = ()) -> Rules:
    """The rules named by `scheme`, or those given in `rules`; `parts` are the ones that must be there."""
    if given["rules"] is not None:
        return _checked(_completed(given["rules"], categories), parts)
    code = given["scheme"]
    if code not in shipped():
        listed = ", ".join(shipped())
        raise wrong("$.scheme", f"choisir un dispositif livré : {listed} | choose a shipped scheme: {listed}", code)
    return _shipped(code)


@cache
def _shipped(code: str) -> Rules:
    path = shipped()[code]
    return parse(path.read_text(encoding="utf-8"), path.name)


def _completed(rules: Mapping[str, Any], categories: Iterable[str]) -> dict[str, Any]:
    """Rules with what goes without saying: amounts without VAT, the categories of the lines, labels, reasons."""
    found = copy.deepcopy(dict(rules))
    codes = [{"code": code} for code in dict.fromkeys(categories)]
    what = found.setdefault("what", {}) if codes else found.get("what")
    if isinstance(what, dict):
        _fill(what, {"vat_basis": "excluding", "hardware_excluded": True, "categories": codes})
        _each(what["categories"], lambda one, rank: _fill(one, {"label": {"fr": "-", "en": "-"}}))
    who = found.get("who")
    if isinstance(who, dict):
        _each(who.get("conditions"), lambda one, rank: _fill(one, {"reason": f"condition_{rank + 1}"}))
    return found


def _fill(part: dict[str, Any], usual: Mapping[str, Any]) -> None:
    """What is missing in a part, as it usually is."""
    part.update({name: value for name, value in usual.items() if name not in part})


def _each(items: Any, act: Callable[[dict[str, Any], int], None]) -> None:
    """Apply to each object of a list; whatever is neither is left to the schema."""
    for rank, one in enumerate(items if isinstance(items, list) else []):
        if isinstance(one, dict):
            act(one, rank)


def _checked(rules: dict[str, Any], parts: tuple[str, ...]) -> Rules:
    """The rules once the schema is content, numbers written as the definitions write them."""
    repairs = 0
    while fault := next(iter(_validator(parts).iter_errors(rules)), None):
        repairs += 1
        if repairs > MOST_REPAIRS or not _repaired(rules, fault):
            raise _fault(fault)
    return rules | {"reasons": _worded(rules)}


def _worded(rules: Mapping[str, Any]) -> Words:
    """The reasons, with words for each condition that came without."""
    codes = [condition["reason"] for condition in rules.get("who", {}).get("conditions", [])]
    usual = Words()
    return Words({code: usual[code] for code in codes} | rules.get("reasons", {}))


@cache
def _validator(parts: tuple[str, ...]) -> Draft202012Validator:
    whole = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(whole | {"required": list(parts)})


def _repaired(rules: dict[str, Any], fault: ValidationError) -> bool:
    """Whether a number, or a text that writes one, could be written as the schema wants it."""
    path, value = list(fault.absolute_path), fault.instance
    if not path or not isinstance(fault.schema, dict):
        return False
    judge = Draft202012Validator(fault.schema)
    fit = next((one for one in _spellings(value) if judge.is_valid(one)), None)
    if fit is None:
        return False
    holder: Any = rules
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = fit
    return True


def _spellings(value: Any) -> list[Any]:
    """The ways a definition may write a number: 5000.00, 5000, and the whole number itself."""
    try:
        number = Decimal(value) if isinstance(value, str | Decimal) else Decimal("NaN")
    except ArithmeticError:
        return []
    if not number.is_finite() or abs(number.adjusted()) > 15:
        return []
    whole = [int(number)] if number == number.to_integral_value() else []
    return [f"{number:.2f}", f"{number:f}", *whole]


def _fault(fault: ValidationError) -> InputError:
    """What the schema of the definitions says, at its path, in both languages."""
    path = PATH
    for part in list(fault.absolute_path):
        path = f"{path}[{part}]" if isinstance(part, int) else below(path, str(part))
    fr, en = SAYINGS.get(str(fault.validator), ("cette valeur n’est pas admise", "this value is not allowed"))
    expected = shown(_expected(fault))
    fr_words = f"règle mal formée : {fr.format(expected)} ; voir le format des dispositifs."
    return InputError(path, f"ill-formed rule: {en.format(expected)}; see the format of the schemes.", fr_words)


def _expected(fault: ValidationError) -> Any:
    """What the schema asks for, or the names that are missing or unknown."""
    held = fault.instance if isinstance(fault.instance, dict) else {}
    wanted: Any = fault.validator_value
    if fault.validator == "required":
        return next((name for name in wanted if name not in held), "")
    if fault.validator == "additionalProperties":
        known = fault.schema.get("properties", {}) if isinstance(fault.schema, dict) else {}
        return next((name for name in held if name not in known), "")
    return wanted


SAYINGS = {
    "required": ("il manque {}", "{} is missing"),
    "additionalProperties": ("le champ {} n’existe pas ici", "the field {} does not exist here"),
    "enum": ("choisir parmi {}", "choose among {}"),
    "const": ("donner {}", "give {}"),
    "type": ("donner une valeur de type {}", "give a value of type {}"),
    "pattern": ("donner un texte de la forme {}", "give a text of the form {}"),
    "minItems": ("donner au moins {} élément(s)", "give {} item(s) at least"),
    "oneOf": (
        "donner un fait, un opérateur et une valeur, ou « any_of »",
        "give a fact, an operator and a value, or “any_of”",
    ),
}  # fmt: skip


def under_rules(rules_given: bool, decide: Callable[[], Verdict]) -> Verdict:
    """The verdict; rules given in the input that pass the schema may still not hold together."""
    try:
        return decide()
    except InputError:
        raise
    except FAULTS_OF_RULES as fault:
        path = PATH if rules_given else "$.facts"
        fr = f"ces valeurs ne vont pas ensemble ({shown(str(fault))}) ; vérifier les règles et les faits."
        raise InputError(
            path, f"these values do not go together ({shown(str(fault))}); check rules and facts.", fr
        ) from fault
