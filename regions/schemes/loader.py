"""Scheme definitions: YAML read with precise errors, frozen as canonical JSON, checked before publication."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from regions.schemes import faults

FOLDER = Path(__file__).resolve().parent


class SchemeError(ValueError):
    """A definition that cannot be read: the file, the line, and one sentence that says what to mend."""

    def __init__(self, source: str, line: int, sentence: str) -> None:
        super().__init__(f"{source}, line {line}: {sentence}")
        self.source, self.line, self.sentence = source, line, sentence


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a definition may not be published: a code, a sentence in each language, the article."""

    code: str
    fr: str
    en: str
    article: str = ""


def shipped() -> dict[str, Path]:
    """Code → file of each definition that comes with the project."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def parse(text: str, source: str) -> dict[str, Any]:
    """Read a definition; raises SchemeError at the first line that is wrong."""
    node, data = _read(text, source)
    for fault in sorted(_validator().iter_errors(data), key=lambda e: _line(node, list(e.absolute_path))):
        raise SchemeError(source, _line(node, list(fault.absolute_path)), faults.sentence(fault))
    _references(data, node, source)
    _storable(data, source)
    return dict(data)


def _read(text: str, source: str) -> tuple[Any, Any]:
    """The nodes with their lines, and the plain data."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken):
                raise SchemeError(source, token.start_mark.line + 1, faults.alias())
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, SchemeError):
            raise
        mark = getattr(error, "problem_mark", None)
        raise SchemeError(source, mark.line + 1 if mark else 1, faults.unreadable()) from error


def _storable(data: Any, source: str) -> None:
    """Dates, infinities and mixed keys have no canonical form: they are written between quotes."""
    try:
        written = json.dumps(data, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SchemeError(source, 1, faults.unstorable()) from error
    if "\\u0000" in written:
        raise SchemeError(source, 1, faults.unstorable())


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))


def _line(node: Any, path: list[Any]) -> int:
    """The line of the deepest node on a path that exists (1 is the first)."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in path:
        node = _child(node, part)
        if node is None:
            return line
        line = node.start_mark.line + 1
    return line


def _child(node: Any, part: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def _references(data: Mapping[str, Any], node: Any, source: str) -> None:
    """Each condition's reason must have its words."""
    for rank, condition in enumerate(data["who"]["conditions"]):
        if condition["reason"] not in data["reasons"]:
            line = _line(node, ["who", "conditions", rank])
            raise SchemeError(source, line, faults.reason_without_words(condition["reason"]))


def canonical(definition: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: one byte string per definition."""
    return json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(definition: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical definition, in hexadecimal: a decision quotes it."""
    return hashlib.sha256(canonical(definition)).hexdigest()


def publication_faults(definition: Mapping[str, Any]) -> list[Fault]:
    """Everything that forbids publication, all at once; empty when it may be published."""
    return [*_gaps(definition), *_shares(definition), *_simplified(definition), *_payee(definition)]


def _gaps(definition: Mapping[str, Any]) -> Iterator[Fault]:
    """What is not known is a named gap, never a guess."""
    for gap in definition.get("gaps", []):
        yield Fault("gap", f"Lacune : {gap['note']['fr']}", f"Gap: {gap['note']['en']}")


def _shares(definition: Mapping[str, Any]) -> Iterator[Fault]:
    funding = definition["funding"]
    shares = {funder["code"]: Decimal(funder["share"]) for funder in funding["funders"]}
    if sum(shares.values()) != 1:
        yield Fault("shares", "Les parts des financeurs ne font pas 100 %.", "The funders’ shares are not 100 %.")
    if funding["lead"] not in shares:
        yield Fault("lead", "Le financeur principal n’est pas parmi les financeurs.", "The lead is not a funder.")


def _firm_is_beneficiary(definition: Mapping[str, Any]) -> bool:
    return bool(definition["beneficiary"]["mode"] == "single")


def _simplified(definition: Mapping[str, Any]) -> Iterator[Fault]:
    """Below € 200,000 of total cost an ERDF operation is not reimbursed on real costs (CPR art. 53(2)).

    A voucher of this house never reaches that cost, so the firm as beneficiary needs simplified costs.
    """
    real = definition["payment"]["costs"] == "real"
    if _firm_is_beneficiary(definition) and definition["legal_basis"] == "de_minimis" and real:
        yield Fault(
            "simplified_costs",
            "Quand l’entreprise est bénéficiaire et le coût au plus de 200 000 €, les coûts réels sont exclus.",
            "When the firm is the beneficiary and the cost is €200,000 at most, real costs are excluded.",
            "Règl. (UE) 2021/1060, art. 53(2)",
        )


def _payee(definition: Mapping[str, Any]) -> Iterator[Fault]:
    """The beneficiary must receive the contribution in full (CPR art. 74(1)(b)), unless it is approved."""
    indirect = definition["payment"]["model"] in ("assignment", "escrow")
    approved = bool(definition["beneficiary"].get("authority_approval"))
    if _firm_is_beneficiary(definition) and indirect and not approved:
        yield Fault(
            "payee",
            "Cession ou séquestre quand l’entreprise est bénéficiaire : enregistrer l’accord de l’autorité de gestion.",
            "Assignment or escrow while the firm is the beneficiary: record the managing authority’s approval.",
            "Règl. (UE) 2021/1060, art. 74(1)(b)",
        )
