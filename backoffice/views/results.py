"""What became of a project, as the firm’s page and the region’s show it: the answers that stand, and the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import self_diagnosis
from applications.forms.fields import tongue
from applications.forms.follow_up import answered, shown
from applications.models import Application, FollowUp
from regions import clock
from workflows import follow_up


@dataclass(frozen=True, slots=True)
class Told:
    """The days of the questionnaire, the answer that stands, the call that waits, and where the firm began."""

    asked_on: date
    answer_by: date
    late: bool
    row: FollowUp | None
    answers: list[tuple[Any, str]]
    call: FollowUp | None
    call_answers: list[tuple[Any, str]]
    baseline: list[tuple[Any, str]]
    opened: bool


def told_of(file: Application) -> Told | None:
    """Nothing while the project has not ended."""
    if file.results_on is None or file.results_by is None:
        return None
    today, row, call = clock.today(file.zone), follow_up.standing(file), follow_up.to_confirm(file)
    return Told(
        file.results_on, file.results_by, row is None and file.results_by < today, row, answered(row) if row else [],
        call, answered(call) if call else [], baseline(file), file.results_on <= today,
    )  # fmt: skip


def baseline(file: Application) -> list[tuple[Any, str]]:
    """What the firm declared when it applied, and the level of its self-diagnosis where it cites one."""
    cited = self_diagnosis.read(file.self_diagnosis) if file.self_diagnosis else None
    known = [
        (_("Effectif lors de la demande, en équivalents temps plein"), "headcount", file.headcount),
        (_("Chiffre d’affaires lors de la demande, hors taxes"), "turnover", file.turnover),
        (_("Pratiques numériques lors de la demande, sur douze"), "", file.digital_intensity_before),
    ]
    rows = [(label, shown(name, value)) for label, name, value in known if value is not None]
    return [*rows, (_("Niveau de l’auto-diagnostic"), cited.words[tongue()])] if cited else rows
