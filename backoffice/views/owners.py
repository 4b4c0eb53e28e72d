"""A firm's size in words: the ties that its file declares, what each adds, and the category that results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.models import Application, OwnershipLink
from applications.rules.declared_ownership import FIGURES
from backoffice.views.public.wording import cited
from workflows import ownership

SIZES: dict[str, Any] = {
    "micro": gettext_lazy("Microentreprise"),
    "small": gettext_lazy("Petite entreprise"),
    "medium": gettext_lazy("Entreprise moyenne"),
    "large": gettext_lazy("Grande entreprise"),
}
RELATIONS: dict[str, Any] = {
    "self": gettext_lazy("L’entreprise elle-même"),
    "linked": gettext_lazy("Liée : comptée en entier"),
    "partner": gettext_lazy("Partenaire : comptée pour sa part"),
    "": gettext_lazy("Ne compte pas"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A tie as the page shows it: who, the tie in words, how it counts, and what it adds."""

    link: OwnershipLink
    tie: str
    relation: Any
    share: Any
    added: dict[str, Any]
    shared: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The firm with what counts: own figures, one row a tie, the sums, the category and what is to be seen."""

    own: dict[str, Any]
    rows: list[Row]
    whole: dict[str, Any]
    size: Any
    remarks: list[tuple[str, str]]
    two_years: bool
    corrections: list[OwnershipLink]


def group_of(file: Application) -> Group:
    """The ties of a file and the size that they make."""
    declared = ownership.declared(file)
    details = (verdict := ownership.size(file)).details
    parts = {part["id"]: part for part in details["parts"]}
    links = list(file.ownership_links.live()) if declared.ties else []
    names = {link.number: link.name for link in links}
    ids, tongue = {tie.number: tie.id for tie in declared.ties}, get_language() or "fr"
    return Group(
        own={name: getattr(file, name) for name in FIGURES},
        rows=_rows(file, links, names, ids, parts),
        whole={name: details.get(name) for name in FIGURES},
        size=SIZES.get(details["size"]),
        remarks=[(_with_names(r.sentence(tongue), ids, names), cited(r.article)) for r in verdict.reasons],
        two_years=declared.two_years,
        corrections=list(file.ownership_links.exclude(reason="").select_related("recorded_by").order_by("-pk")),
    )


def sizes(file: Application) -> dict[str, Any]:
    """The size in words, and the ties behind it when there are some."""
    if file.independent is not False:
        return {"size": SIZES.get(ownership.category(file)), "owners": None}
    owners = group_of(file)
    return {"size": owners.size, "owners": owners}


def _rows(
    file: Application, links: Any, names: dict[int, str], ids: dict[int, str], parts: dict[str, Any]
) -> list[Row]:
    """Several ties with one enterprise add its figures once: the first shows them."""
    seen: set[str] = set()
    rows = []
    for link in links:
        known = parts.get(ids[link.number], {})
        again = ids[link.number] in seen
        rows.append(_row(file, link, names, known, again))
        seen.add(ids[link.number])
    return rows


def _row(file: Application, link: OwnershipLink, names: dict[int, str], part: dict[str, Any], again: bool) -> Row:
    added = {name: part.get(name) for name in FIGURES} if part and not again else {}
    relation = RELATIONS[part.get("relation", "")]
    return Row(link, _tie(file, link, names), relation, part.get("share"), added, again and bool(part))


def _tie(file: Application, link: OwnershipLink, names: dict[int, str]) -> str:
    """« détient 40 % de Atelier Martin » : who holds whom, and how much."""
    other = names.get(link.around, file.company.name) if link.around else file.company.name
    words = {"share": _percent(link.capital), "other": other}
    held = (
        _("détient %(share)s %% de %(other)s")
        if link.direction == "owner"
        else _("est détenue à %(share)s %% par %(other)s")
    )
    more = [held % words]
    if link.votes is not None:
        more.append(_("%s %% des votes") % _percent(link.votes))
    if link.control:
        more.append(str(link.get_control_display()).lower())
    return ", ".join(more)


def _percent(value: Any) -> str:
    text = f"{value.normalize():f}"
    return text if (get_language() or "fr").startswith("en") else text.replace(".", ",")


def _with_names(sentence: str, ids: dict[int, str], names: dict[int, str]) -> str:
    """The rules know marks only; the reader sees names."""
    for number, mark in sorted(ids.items(), reverse=True):
        sentence = sentence.replace(mark, names[number])
    return sentence
