"""Records about the firm behind a file: its ties corrected, mergers and splits noted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState
from applications.models import Restructuring
from regions.money import ZERO
from workflows import ownership
from workflows import permissions as may
from workflows.acts import Act, Denied, Effects
from workflows.record import Record, on

S = ApplicationState
CORRECTED = (S.SUBMITTED, S.EXAMINING, S.PROPOSED)
Kind = Restructuring.Kind


def _restructuring(file: Any, act: Act) -> Effects:
    """A merger or a split: only what a new award is measured against changes hands (art. 3(8), (9))."""
    given: list[Any] = [act.facts.get(name) for name in ("operation", "effective_on", "before")]
    kind, day, before = given
    after = list(act.facts.get("after", []))
    _restructuring_is_whole(kind, day, before, after, act)
    rows = [
        Restructuring(
            kind=kind, effective_on=day, before=before, after=siren, equity=equity, application=file,
            recorded_by=act.actor, recorded_at=act.at,
        )
        for siren, equity in after
    ]  # fmt: skip
    if Restructuring.objects.filter(kind=kind, effective_on=day, before=before).exists():
        raise Denied(now_("Cette opération est déjà enregistrée."))
    for row in rows:
        row.save()
    return Effects(facts={"kind": kind, "effective_on": day, "before": before, "after": [list(one) for one in after]})


def _restructuring_is_whole(
    kind: Any, day: Any, before: Any, after: list[tuple[str, Decimal | None]], act: Act
) -> None:
    if kind not in Kind.values or not before or not after or not act.reason:
        raise Denied(now_("Indiquer l’opération, l’entreprise d’avant, celle d’après et la pièce qui le montre."))
    if not isinstance(day, date) or day > act.day:
        raise Denied(now_("Indiquer le jour où l’opération a pris effet, au plus tard aujourd’hui."))
    if before in [siren for siren, _equity in after]:
        raise Denied(now_("L’entreprise d’avant et celle d’après ne peuvent être la même."))
    if kind == Kind.MERGER and len(after) != 1:
        raise Denied(now_("Une fusion a une seule entreprise d’après."))
    if kind == Kind.SPLIT and not sum((equity or ZERO for _siren, equity in after), ZERO) > ZERO:
        raise Denied(now_("Indiquer les capitaux propres de chaque entreprise issue de la scission."))


RECORDS: dict[str, Record] = {
    "ownership": on(may.officer, ownership.correct, _("Lien de l’entreprise corrigé"), CORRECTED),
    "restructuring": on(may.officer, _restructuring, _("Fusion ou scission enregistrée"), CORRECTED),
}  # fmt: skip
