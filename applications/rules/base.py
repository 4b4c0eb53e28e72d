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
    """A wrong input: names the field and says in one sentence, in English and in French, what to give instead.

    `field` is the name of a parameter, or the JSON path of a value (`$.lines[0].amount`).
    """

    def __init__(self, field: str, sentence: str, fr: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence
        self.fr = fr


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that `manage.py compute` can run: JSON object in, JSON object out.

    `summary` holds one line in each language ("fr", "en"); `schema` gives the JSON Schema of the input in a
    language (its descriptions carry the units), `example` is a valid input. `run` takes parsed JSON, numbers
    as Decimal, and returns plain JSON values (amounts as strings with two decimals, dates as ISO strings);
    it raises InputError and nothing else.
    """

    name: str
    summary: Mapping[str, str]
    schema: Callable[[str], Mapping[str, Any]]
    example: Mapping[str, Any]
    run: Callable[[Any], Mapping[str, Any]]
