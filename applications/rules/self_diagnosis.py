"""The level of a firm in its use of digital tools, from its answers to a dated questionnaire. Pure.

The levels follow one another: awareness, orientation, skills, strategy. The firm stands at the first one of whose
points it has not reached the questionnaire's share; at the last when it has reached all. No law fixes the questions or
the share: they are the questionnaire's own, a parameter that the region may change by a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError, Reason, Verdict

Questionnaire = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """A level with the points reached, the most there are, and the questions below the full answer."""

    code: str
    points: int
    most: int
    short: tuple[str, ...]

    def acquired(self, threshold: Decimal) -> bool:
        return self.points >= threshold * self.most


def assess(questionnaire: Questionnaire, answers: Mapping[str, int]) -> Verdict:
    """The level (`details["level"]`), each stage's points, and the reasons; `answers` gives the rank of each answer."""
    stages = [_stage(questionnaire, level["code"], answers) for level in questionnaire["levels"]]
    threshold = Decimal(questionnaire["threshold"])
    found = next((stage for stage in stages if not stage.acquired(threshold)), stages[-1])
    details = {
        "level": found.code, "version": questionnaire["version"],
        "stages": [{"code": s.code, "points": s.points, "most": s.most} for s in stages],
    }  # fmt: skip
    return Verdict(True, tuple(_reasons(questionnaire, found)), details=details, inputs=dict(answers))


def _stage(questionnaire: Questionnaire, level: str, answers: Mapping[str, int]) -> Stage:
    asked = [question for question in questionnaire["questions"] if question["level"] == level]
    reached = {question["code"]: _points(questionnaire, question, answers) for question in asked}
    most = {question["code"]: max(one["points"] for one in scale(questionnaire, question)) for question in asked}
    short = tuple(code for code, points in reached.items() if points < most[code])
    return Stage(level, sum(reached.values()), sum(most.values()), short)


def _points(questionnaire: Questionnaire, question: Mapping[str, Any], answers: Mapping[str, int]) -> int:
    given, code = answers.get(question["code"]), question["code"]
    choices = scale(questionnaire, question)
    if given is None or not 0 <= given < len(choices):
        en, fr = f"give the rank of an answer, 0 to {len(choices) - 1}.", "donner le rang d’une réponse, à partir de 0."
        raise InputError(f"$.answers.{code}", en, fr)
    return int(choices[given]["points"])


def scale(questionnaire: Questionnaire, question: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The answers that a question offers, in order."""
    found: Sequence[Mapping[str, Any]] = questionnaire["scales"][question["scale"]]
    return found


def _reasons(questionnaire: Questionnaire, stage: Stage) -> list[Reason]:
    """The questions of the firm's level that are not yet fully answered « yes »."""
    texts = {question["code"]: question["text"] for question in questionnaire["questions"]}
    return [Reason(code, texts[code]["fr"], texts[code]["en"], blocking=False) for code in stage.short]
