"""Recomputing a decision from the facts frozen with it: the same outcome, or since which engine it differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Decision
from workflows import assessment
from workflows.canonical import encode, sha256
from workflows.release import ENGINE_VERSION

MONEY = (
    "headcount", "turnover", "balance_sheet", "other_public_aid", "wallet_used_rolling", "wallet_used_year",
)  # fmt: skip
DAYS = ("created_on", "applied_on", "works_start_on", "awarded_on")


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What became of a decision: intact bytes, same outcome, and the engine that made it."""

    decision: Decision
    intact: bool
    same: bool

    def __str__(self) -> str:
        made = self.decision.engine_version
        if not self.intact:
            return f"{self.decision.act}: its frozen facts were altered"
        if self.same:
            return f"{self.decision.act}: the same (engine {made}, now {ENGINE_VERSION})"
        return f"{self.decision.act}: differs since engine {made} (now {ENGINE_VERSION})"


def recompute(decision: Decision) -> Recomputation:
    """Run the rules again on the frozen inputs and compare the canonical outcome, byte by byte.

    Inputs that were altered prove nothing, and may not even be readable: they are not run.
    """
    inputs, outcome = bytes(decision.inputs), bytes(decision.outcome)
    intact = sha256(inputs, outcome) == decision.sha256
    return Recomputation(decision, intact, intact and encode(assessment.run(thaw(inputs)).outcome()) == outcome)


def thaw(frozen: bytes) -> dict[str, Any]:
    """The inputs with their types: canonical JSON keeps decimals and dates as texts."""
    inputs = json.loads(frozen)
    return inputs | {
        "facts": _facts(inputs["facts"]),
        "lines": [_typed(line, ("amount", "quantity"), Decimal) for line in inputs["lines"]],
        "parties": [_party(party) for party in inputs["parties"]],
        "exemption": _exemption(inputs.get("exemption")),
        "cost_form": _typed(inputs["cost_form"], ("total_cost",), Decimal) if inputs.get("cost_form") else None,
        "day": date.fromisoformat(inputs["day"]),
        "asked": Decimal(inputs["asked"]) if inputs["asked"] is not None else None,
    }


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    typed = _typed(_typed(facts, MONEY, Decimal), DAYS, date.fromisoformat)
    asked = facts.get("asked_components", {})
    return typed | {"asked_components": {name: Decimal(amount) for name, amount in asked.items()}}


def _party(party: Mapping[str, Any]) -> dict[str, Any]:
    """A party as it was read; its links are drawn again into the undertaking, its mergers and splits applied again."""
    typed = dict(party) | {"awards": [_award(award) for award in party["awards"]]}
    if "links" in party:
        typed["links"] = [tuple(link) for link in party["links"]]
        typed["restructurings"] = [
            _typed(_typed(row, ("equity",), Decimal), ("effective_on",), date.fromisoformat)
            for row in party["restructurings"]
        ]
    return typed


def _exemption(frozen: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if frozen is None:
        return None
    earlier = [_award(award) for award in frozen["earlier"]]
    return dict(frozen) | {"earlier": earlier, "scheme_since": date.fromisoformat(frozen["scheme_since"])}


def _award(award: Mapping[str, Any]) -> dict[str, Any]:
    return _typed(_typed(award, ("amount",), Decimal), ("granted_on",), date.fromisoformat)


def _typed(values: Mapping[str, Any], names: tuple[str, ...], to: Callable[[str], Any]) -> dict[str, Any]:
    return {key: to(value) if key in names and value is not None else value for key, value in values.items()}
