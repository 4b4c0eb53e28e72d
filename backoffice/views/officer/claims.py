"""The payment claims on the file’s page: each with its lines, its totals and the acts that its reader may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from applications.enums import ClaimKind, ClaimState
from applications.models import Application, Claim
from backoffice.views.officer import forms
from backoffice.views.officer.fields import ActForm
from backoffice.views.officer.lines import line_forms, totals
from backoffice.views.officer.visits import VisitForm
from regions import clock
from regions.models import User
from workflows import control, offers, requests
from workflows.aid_due import aid_due

FIXED = (ClaimState.VERIFIED, ClaimState.SETTLED)
OPEN = (ClaimState.SUBMITTED, ClaimState.TO_COMPLETE, ClaimState.CHECKED)


@dataclass(slots=True)
class ClaimAct:
    """An act on a claim: its form when it may be done, else the sentence that says why not."""

    offer: offers.Offer
    form: ActForm | None
    opened: bool = False


@dataclass(slots=True)
class ClaimPanel:
    """A claim as the page shows it."""

    claim: Claim
    lines: list[Any]
    control: list[Any]
    sums: Mapping[str, Any]
    aid: Any
    acts: list[ClaimAct]
    dates: Any
    risk: Any = None
    visits: Any = ()
    visit: VisitForm | None = None

    @property
    def live(self) -> bool:
        """Open before certification: shown unfolded."""
        return self.claim.state in OPEN

    @property
    def expenses(self) -> bool:
        """On invoices: an advance and a release have no lines to control."""
        return self.claim.kind == ClaimKind.EXPENSES

    @property
    def drawn(self) -> set[int]:
        """The lines that the method drew."""
        return set(self.risk.chosen) if self.risk else set()

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The criteria met, in the reader's language."""
        tongue = "en" if (get_language() or "fr").startswith("en") else "fr"
        return [{"words": met[tongue], "points": met["points"]} for met in (self.risk.met if self.risk else [])]

    @property
    def wrong(self) -> bool:
        """A line came back with an error."""
        return any(form.errors for form in self.control if form.is_bound)


def panel(user: User, file: Application, bound: Mapping[str, Any]) -> list[ClaimPanel]:
    """Every claim filed, the latest first."""
    claims = file.claims.exclude(state=ClaimState.DRAFT).order_by("-number").prefetch_related("orders")
    return [_panel(user, file, claim, bound) for claim in claims]


def _panel(user: User, file: Application, claim: Claim, bound: Mapping[str, Any]) -> ClaimPanel:
    claim.application = file
    back, records = bound.get(f"lines.{claim.pk}"), offers.records(user, claim)
    controls = bool(claim.kind == ClaimKind.EXPENSES) and any(o.name == "line_control" and not o.why for o in records)
    may_visit = any(o.name == "on_the_spot" and not o.why for o in records)
    return ClaimPanel(
        claim=claim, lines=list(claim.lines.select_related("line").order_by("line__number", "pk")),
        control=(back or line_forms(claim)) if controls else [], sums=totals(claim), aid=_aid(claim),
        acts=_acts(user, claim, bound), dates=requests.for_claim(claim, clock.today(file.zone)),
        risk=control.latest(claim), visits=claim.visits.select_related("made_by", "report"),
        visit=(bound.get(f"visit.{claim.pk}") or VisitForm(claim=claim)) if may_visit else None,
    )  # fmt: skip


def _aid(claim: Claim) -> Any:
    """The aid: as certified, else what the lines accepted so far would give. Euro."""
    if claim.state in FIXED:
        return claim.aid_due
    return aid_due(claim) if claim.state in OPEN and claim.application.amount_granted is not None else None


def _acts(user: User, claim: Claim, bound: Mapping[str, Any]) -> list[ClaimAct]:
    moves = [o for o in offers.moves(user, claim) if o.name in forms.CLAIM_ACTS and o.right]
    return [_act(offer, claim, bound) for offer in moves]


def _act(offer: offers.Offer, claim: Claim, bound: Mapping[str, Any]) -> ClaimAct:
    back = bound.get(f"claim.{claim.pk}.{offer.name}")
    form = back or claim_form(claim, offer.name)
    return ClaimAct(offer, None if offer.why else form, opened=back is not None)


def claim_form(claim: Claim, name: str, data: Any = None) -> ActForm:
    """The form of an act on a claim; its fields are named after the claim, so that several may share a page."""
    return forms.CLAIM_ACTS[name](data, name=f"claim-{claim.pk}-{name}", target=claim)
