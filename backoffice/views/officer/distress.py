"""Whether a firm is in difficulty, criterion by criterion: what it answered and what the law makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.rules import difficulty
from backoffice.views.public.wording import cited
from workflows import exemption
from workflows.assessment import Assessment

ANSWERS: dict[bool | None, Any] = {True: _("Oui"), False: _("Non"), None: _("Pas de réponse")}
RESULTS: dict[bool | None, Any] = {
    True: _("en difficulté : l’aide ne peut pas être accordée"), False: _("pas en difficulté"),
    None: _("à demander à l’entreprise"),
}  # fmt: skip
YOUNG = _("PME de moins de trois ans : ce critère ne compte pas")


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion: its question, the answer, whether it is met (None: not told), what follows, the article."""

    question: Any
    answer: Any
    met: bool | None
    result: Any
    article: str


def rows(assessed: Assessment) -> list[Row]:
    """The criteria of the law, where it asks for them; none elsewhere."""
    found = exemption.situation(assessed.inputs, assessed.facts)
    return [_row(criterion, found) for criterion in difficulty.CRITERIA] if found else []


def _row(criterion: difficulty.Criterion, found: difficulty.Situation) -> Row:
    met, answer = found.meets(criterion), found.answers.get(criterion.name)
    spared = met is False and answer is not False
    question = Application._meta.get_field(criterion.name).verbose_name
    return Row(question, ANSWERS[answer], met, YOUNG if spared else RESULTS[met], cited(criterion.article))
