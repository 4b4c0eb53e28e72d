"""What every rule speaks: a verdict with amounts, reasons and the inputs it used.

Rules are pure functions: values in, verdict out. They know neither the database nor the
clock nor a request, so a decision can be recomputed years later from the frozen inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict: a stable code, a sentence in each language, its legal source.

    `blocking` says whether the reason alone refuses; `params` holds the figures quoted, for tests
    and screens.
    """

    code: str
    fr: str
    en: str
    article: str = ""
    blocking: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """The sentence in the user's language: English for "en…", French otherwise."""
        return self.en if language.startswith("en") else self.fr


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a rule: accepted or not, the amount if there is one, and why.

    `amount` is in euro to the cent; what it measures (aid, cost, grant equivalent) is said by the
    rule. `details` holds typed intermediate figures, `inputs` the facts that were used.
    """

    ok: bool
    reasons: tuple[Reason, ...] = ()
    amount: Decimal | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)

    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)


class InputError(ValueError):
    """A wrong input: names the field and says in one sentence what to give instead."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that `manage.py compute` can run: JSON object in, JSON object out.

    `schema` is the JSON Schema of the input (its `properties` carry units in `description`),
    `example` a valid input, `run` takes the checked object and returns plain JSON values
    (amounts as strings with two decimals, dates as ISO strings). `run` raises InputError.
    """

    name: str
    summary: str
    schema: Mapping[str, Any]
    example: Mapping[str, Any]
    run: Callable[[Mapping[str, Any]], Mapping[str, Any]]
