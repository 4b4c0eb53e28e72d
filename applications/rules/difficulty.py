"""An undertaking in difficulty, left out of exempted aid: Regulation (EU) 651/2014, art. 1(4)(c) and 2(18).

One of the criteria is enough. The last one, (e), on debt and interest cover, is for those that are no SME, whom
articles 17 to 19 and 28 leave out anyway: it is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from applications.rules.base import Reason
from regions.calendars import months_between
from regions.schemes.words import EXEMPTION, EXEMPTION_WORDS

YOUNG_MONTHS = 36
SMES = ("micro", "small", "medium")
UNTOLD = "difficulty_untold"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: the answer that it reads, and whether a young SME escapes it."""

    name: str
    young_exempt: bool = False

    @property
    def code(self) -> str:
        return f"difficulty_{self.name}"

    @property
    def article(self) -> str:
        return EXEMPTION[self.code]


CRITERIA = (Criterion("capital_lost", young_exempt=True), Criterion("insolvent"), Criterion("rescue_aid"))
QUESTIONS = tuple(criterion.name for criterion in CRITERIA)


@dataclass(frozen=True, slots=True)
class Situation:
    """What an undertaking answers to each question (None: not told), its size, its creation and the day of the aid."""

    answers: Mapping[str, bool | None]
    size: str
    created_on: date | None
    day: date

    @property
    def young(self) -> bool:
        """An SME in existence for less than three years; a day of creation that is not known exempts nobody."""
        return self.size in SMES and is_young(self.created_on, self.day)

    def meets(self, criterion: Criterion) -> bool | None:
        """Whether the criterion makes it one in difficulty; None while the answer that would tell is missing."""
        if criterion.young_exempt and self.young:
            return False
        return self.answers.get(criterion.name)


def is_young(created_on: date | None, day: date) -> bool:
    """Whether less than three years have passed since the creation."""
    return created_on is not None and months_between(created_on, day) < YOUNG_MONTHS


def reasons(situation: Situation) -> list[Reason]:
    """Each criterion that is met refuses; those not told are left for a person to see, and refuse nothing."""
    met = [_met(criterion) for criterion in CRITERIA if situation.meets(criterion)]
    return met if met else _untold(situation)


def _met(criterion: Criterion) -> Reason:
    words = EXEMPTION_WORDS[criterion.code]
    return Reason(criterion.code, words["fr"], words["en"], criterion.article)


def _untold(situation: Situation) -> list[Reason]:
    names = [criterion.name for criterion in CRITERIA if situation.meets(criterion) is None]
    if not names:
        return []
    text = (
        "L’entreprise n’a pas dit si elle est en difficulté : le lui demander avant d’accorder.",
        "The undertaking has not said whether it is in difficulty: ask it before granting.",
    )
    return [Reason(UNTOLD, *text, "Règl. (UE) 651/2014, art. 1(4)(c)", False, {"criteria": names})]
