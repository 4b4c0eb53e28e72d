"""The ownership that a file declares: read for the rules, put on the company records, corrected by an officer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from applications.forms.ownership import next_number
from applications.models import Application, CompanyLink, OwnershipLink
from applications.rules import declared_ownership as rules
from applications.rules.base import InputError, Verdict
from workflows.acts import Act, Denied, Effects

SIREN_DIGITS = 9
FACTS = tuple(name for name in rules.Tie.__slots__ if name != "number")
# A record has a kind of its own: that of the holder is given as « holder ».
GIVEN = {"holder" if name == "kind" else name: name for name in ("name", *FACTS)}


def declared(file: Application) -> rules.Declared:
    """The firm and its ties as they stand; an independent firm has none, whatever a draft still holds."""
    rows = list(file.ownership_links.live().values("number", *FACTS)) if file.independent is False else []
    return rules.Declared(file.company.siren, _years(file), rules.ties(rows), file.ownership_changed)


def _years(file: Application) -> tuple[Any, ...]:
    latest = {name: getattr(file, name) for name in rules.FIGURES}
    before = {name: getattr(file, f"previous_{name}") for name in rules.FIGURES}
    return rules.figures_of(latest), rules.figures_of(before)


def size(file: Application) -> Verdict:
    """The size of the firm with its partner and linked enterprises."""
    return rules.size(declared(file))


def category(file: Application) -> str:
    """The size category, empty while it cannot be told."""
    return str(size(file).details["size"])


# --- the company records


def put_on_record(file: Application, act: Act) -> None:
    """What the file declares goes on the company records: an end for what it no longer says, a row for what is new.

    Without it the other firm's file would not know of the group.
    """
    said = {pair for pair in rules.pairs(declared(file)) if len(pair[1]) == SIREN_DIGITS}
    live = {(row.parent_siren, row.child_siren): row for row in file.company_links.filter(valid_to__isnull=True)}
    gone = [row.pk for pair, row in live.items() if pair not in said]
    CompanyLink.objects.filter(pk__in=gone).update(valid_to=act.day)
    CompanyLink.objects.bulk_create(
        CompanyLink(parent_siren=one, child_siren=other, kind="declared", valid_from=act.day, source=file)
        for one, other in sorted(said - set(live))
    )


# --- a correction


def correct(file: Any, act: Act) -> Effects:
    """An officer corrects a tie, takes one away or adds one: always a new row, with its reason."""
    if not act.reason:
        raise Denied(_("Indiquer sur quelle pièce repose la correction."))
    before = file.ownership_links.live().filter(number=act.facts.get("link")).first()
    if before is None and "link" in act.facts:
        raise Denied(_("Ce lien n’existe pas, ou il a déjà été corrigé : relire la liste."))
    row = _row(file, act, before)
    row.save()
    file.independent = not file.ownership_links.live().exists()
    _possible(file)
    put_on_record(file, act)
    return Effects(facts=_told(row))


def _row(file: Any, act: Act, before: OwnershipLink | None) -> OwnershipLink:
    """The new row: what is not given stays as it was."""
    kept = {name: getattr(before, name) for name in ("name", *FACTS)} if before else {}
    given = {name: act.facts[key] for key, name in GIVEN.items() if key in act.facts}
    removed = bool(before and act.facts.get("removed"))
    return OwnershipLink(
        application=file, number=before.number if before else next_number(file), replaces=before, removed=removed,
        reason=act.reason, recorded_by=act.actor, recorded_at=act.at, **(kept if removed else kept | given),
    )  # fmt: skip


def _possible(file: Any) -> None:
    try:
        declared(file).graph()
    except InputError as error:
        raise Denied(_("Ces liens ne sont pas possibles ensemble : %s") % error.fr) from error


def _told(row: OwnershipLink) -> dict[str, Any]:
    """What the event keeps: figures and marks, no name."""
    return {"link": row.number, "removed": row.removed, **{name: getattr(row, name) for name in FACTS}}
