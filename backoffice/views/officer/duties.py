"""What binds a file beyond its amount, in words and dates, each with the article that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Application
from workflows import duties


@dataclass(frozen=True, slots=True)
class Row:
    """A duty: its name, its date when it is known, the sentences that explain it, the article."""

    label: str
    day: date | None
    words: list[str]
    article: str
    until: date | None = None
    badge: str = ""


def duties_of(file: Application) -> list[Row]:
    """The duties of a file, those with a date first."""
    found = duties.of(file)
    return [
        *_register(found),
        *_publication(found),
        *_period(found),
        *_durability(found),
        *_costs(found),
        *_vat(found),
        _kept(found),
    ]


def _register(found: duties.Duties) -> list[Row]:
    """What waits comes before what is done: a correction of the award is entered too."""
    label, article = _("Inscrire l’aide au registre de minimis"), "Règl. (UE) 2023/2831, art. 6(2)"
    if found.register_by:
        words = [_("Au plus tard le vingtième jour ouvré après l’octroi.")]
        return [Row(label, found.register_by, words, article, badge="warn")]
    if found.registered_on:
        return [Row(label, found.registered_on, [_("Inscrite.")], article, badge="good")]
    return []


def _publication(found: duties.Duties) -> list[Row]:
    """A correction that waits comes first; then the publication, to do or done."""
    article = "Règl. (UE) 651/2014, art. 9"
    return [
        Row(label, day, [words], article, badge=badge)
        for label, day, words, badge in (*_correction(found), *_first_publication(found))
    ]


Told = tuple[str, date, str, str]


def _correction(found: duties.Duties) -> list[Told]:
    if found.correct_by is None:
        return []
    return [(_("Publier la correction de l’aide"), found.correct_by, _("Délai à confirmer."), "warn")]


def _first_publication(found: duties.Duties) -> list[Told]:
    label = _("Publier l’aide")
    if found.published_on:
        return [(label, found.published_on, _("Publiée."), "good")]
    if found.publish_by is None:
        return []
    words = _("Plus de 100 000 € d’aide exemptée : publier, et laisser dix ans.")
    return [(label, found.publish_by, words, "warn")]


def _period(found: duties.Duties) -> list[Row]:
    if found.period is None:
        return []
    words = [_("Dépenses engagées et payées dans la période du programme.")]
    first, last = found.period
    return [Row(_("Période d’éligibilité"), first, words, "Règl. (UE) 2021/1060, art. 63(2)", until=last)]


def _durability(found: duties.Duties) -> list[Row]:
    if not found.erdf:
        return []
    words = [
        _(
            "Investissement productif seulement : cinq ans après le dernier paiement "
            "(trois si l’État l’a choisi pour les PME ; à confirmer)."
        )
    ]
    return [Row(_("Pérennité"), found.durable_until, words, "Règl. (UE) 2021/1060, art. 65")]


def _costs(found: duties.Duties) -> list[Row]:
    """The form of the contribution for the operation: real costs are for more than EUR 200 000."""
    if found.costs is None:
        return []
    allowed = [_("La forme des coûts convient au coût total de l’opération.")]
    words = allowed if found.costs.ok else [_said(reason) for reason in found.costs.reasons]
    return [Row(_("Coûts simplifiés"), None, words, "Règl. (UE) 2021/1060, art. 53(2)")]


def _vat(found: duties.Duties) -> list[Row]:
    return [Row(_("TVA"), None, [_said(reason) for reason in found.vat], _articles(found.vat))]


def _kept(found: duties.Duties) -> Row:
    """The longest period wins; one that has not begun keeps the file without end."""
    reasons = found.kept.reasons
    return Row(_("Conserver le dossier jusqu’au"), found.kept.until, [_said(r) for r in reasons], _articles(reasons))


def _said(reason: Any) -> str:
    return str(reason.sentence(get_language() or "fr"))


def _articles(reasons: Any) -> str:
    return " ; ".join(dict.fromkeys(reason.article for reason in reasons if reason.article))
