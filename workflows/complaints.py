"""Complaints other than appeals (art. 69(7) of Regulation (EU) 2021/1060): who may move them, what each move writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import ComplaintState, MandateKind
from applications.models import Complaint
from applications.models.application import live
from regions import clock
from regions.calendars import add_months
from regions.enums import RoleKind
from regions.models import IntegrityTerms
from workflows.acts import Act, Denied, Effects, predicate

ANSWERING = (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER)
READERS = (RoleKind.AUDITOR, *ANSWERING)
MONTHS = 2  # usual, where a region set no terms: to be confirmed


@predicate(_("Seule l’entreprise peut faire une réclamation sur son dossier depuis cette page."))
def complainant(target: Any, act: Act) -> bool:
    """Represents the firm of the file complained about, on the day of the act."""
    file = target.about_file
    mandates = live(act.actor.mandates, act.day).filter(kind__in=MandateKind.values)
    return file is not None and mandates.filter(company=file.company_id).exists()


@predicate(_("Une autre personne doit répondre : cette réclamation vous met en cause."))
def not_concerned(target: Any, act: Act) -> bool:
    """Is not the natural person complained about."""
    about = target.about_person
    return about is None or about.person_id != act.actor.person_id


def receive(row: Any, act: Act, *, online: bool) -> Effects:
    """Register a complaint; the day by which it is answered follows from the region's terms of the day received.

    A firm reads on its page what it wrote there: what an officer registers never bears that channel.
    """
    given = act.facts
    if (row.channel == Complaint.Channel.ONLINE) != online:
        raise Denied(_("Indiquer par quelle voie la réclamation a été reçue."))
    title, received = str(given.get("title", "")).strip(), given.get("received_on", act.day)
    if not title:
        raise Denied(_("Indiquer l’objet de la réclamation."))
    if not isinstance(received, date) or received > act.day:
        raise Denied(_("Indiquer le jour de la réception, au plus tard aujourd’hui."))
    row.title, row.words, row.received_on = title, act.reason, received
    row.answer_by = add_months(received, months_of(row.region_id, received))
    rank = Complaint.objects.filter(region=row.region_id).count() + 1
    row.number = f"R-{row.region.code}-{received.year}-{rank}"
    return Effects(facts=_told(row))


def _told(row: Any) -> dict[str, Any]:
    return {
        "number": row.number, "source": row.source, "channel": row.channel, "received_on": row.received_on,
        "answer_by": row.answer_by, "file": row.about_file.reference if row.about_file else "",
        "provider": row.provider.siret if row.provider else "", "scheme": row.scheme.code if row.scheme else "",
    }  # fmt: skip


def months_of(region: int, day: date) -> int:
    """How many months a region gives itself to answer a complaint received on a day."""
    terms = IntegrityTerms.in_force(region, day)
    return terms.complaint_months if terms else MONTHS


def attribute(row: Any, act: Act) -> Effects:
    """Say whom the complaint is about: that person neither answers nor closes it."""
    about = act.facts.get("about_person")
    if about is None or not live(about.roles, act.day).filter(region=row.region_id).exists():
        raise Denied(_("Choisir une personne de la région."))
    row.about_person = about
    return Effects(facts={"about": about.pk})


def answer(row: Any, act: Act) -> Effects:
    """The answer given to the complainant; its words stand beside the event."""
    outcome = act.facts.get("outcome")
    if outcome not in Complaint.Outcome.values:
        raise Denied(_("Indiquer si la réclamation est fondée."))
    row.outcome, row.answered_on = outcome, act.day
    return Effects(facts={"outcome": outcome, "late": act.day > row.answer_by})


def close(row: Any, act: Act) -> Effects:
    """Nothing more is to be done."""
    row.closed_on = act.day
    return Effects(facts={"outcome": row.outcome})


def to_answer(regions: Iterable[Any]) -> QuerySet[Complaint]:
    """The complaints that wait for an answer of some regions, the nearest day first."""
    found = Complaint.objects.filter(region__in=regions, state=ComplaintState.RECEIVED)
    return found.order_by("answer_by", "pk")


def late(row: Complaint) -> bool:
    """Whether the answer is overdue today."""
    return row.state == ComplaintState.RECEIVED and row.answer_by < clock.today(row.region.time_zone)
