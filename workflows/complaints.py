"""Complaints other than appeals (art. 69(7) of Regulation (EU) 2021/1060): who may move them, what each move writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, ComplaintState, MandateKind
from applications.models import Application, Complaint
from applications.models.application import live
from regions import clock
from regions.calendars import add_months
from regions.enums import AccreditationState, RoleKind
from regions.models import IntegrityTerms, Region, User
from workflows import permissions as may
from workflows.acts import Act, Denied, Due, Effects, predicate
from workflows.conditions import passed
from workflows.models import Deadline
from workflows.record import Record

ANSWERING = (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER)
READERS = (RoleKind.AUDITOR, *ANSWERING)
MONTHS, NOTICE = 2, 10  # usual, where a region set no terms: to be confirmed; days before the last, the house's own
Channel = Complaint.Channel
PAGES = (Channel.ONLINE, Channel.PROVIDER)  # written by the complainant, who reads the answer there
TO_COMPLAINANT = ("complaint_received", "complaint_answered")
Kind = Deadline.Kind


@predicate(_("Seule l’entreprise peut faire une réclamation sur son dossier depuis cette page."))
def complainant(target: Any, act: Act) -> bool:
    """Represents the firm of the file complained about, on the day of the act."""
    file = target.about_file
    mandates = live(act.actor.mandates, act.day).filter(kind__in=MandateKind.values)
    return file is not None and mandates.filter(company=file.company_id).exists()


@predicate(_("Seul un prestataire peut faire une réclamation pour son compte depuis cette page."))
def provider_complains(target: Any, act: Act) -> bool:
    """Acts on the day for the provider that complains, which is the one that the file names, if there is one."""
    own, file = target.from_provider_id, target.about_file
    if own is None or not live(act.actor.provider_memberships, act.day).filter(provider=own).exists():
        return False
    return file is None or (file.provider_id == own and file.region_id == target.region_id)


@predicate(
    _("Cette région ne connaît pas votre entreprise : aucune habilitation n’y est demandée, aucun dossier déposé.")
)
def known_provider(target: Any, act: Act) -> bool:
    """The provider asked the region for an accreditation, or is named in a file of the region."""
    return regions_of(target.from_provider).filter(pk=target.region_id).exists()


def regions_of(provider: Any) -> QuerySet[Region]:
    """The regions that know a provider: they are the ones it may complain to."""
    asked = provider.accreditations.exclude(state=AccreditationState.DRAFT).values("region")
    named = Application.objects.filter(provider=provider).exclude(state=ApplicationState.DRAFT).values("region")
    return Region.objects.filter(Q(pk__in=asked) | Q(pk__in=named)).order_by("name")


@predicate(_("Une autre personne doit répondre : cette réclamation vous met en cause."))
def not_concerned(target: Any, act: Act) -> bool:
    """Is not the natural person complained about."""
    about = target.about_person
    return about is None or about.person_id != act.actor.person_id


def receive(row: Any, act: Act, *, page: str = "") -> Effects:
    """Register a complaint; the day by which it is answered follows from the region's terms of the day received.

    A firm and a provider read on their page what they wrote there: what an officer registers never bears its channel.
    """
    given = act.facts
    if (row.channel if row.channel in PAGES else "") != page or bool(row.from_provider) != (page == Channel.PROVIDER):
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
    return Effects(facts=_told(row), emails=_written(row, "complaint_received"), due=_dues(row, act.day))


def _written(row: Any, template: str) -> list[str]:
    """The mail to who complained, when an address is known."""
    return [template] if address_of(row) else []


def address_of(row: Complaint) -> str:
    """Where the complainant is written to: the account that complained on its page, else the address given, or ""."""
    return row.received_by.email if row.channel in PAGES else row.email


def reader_of(row: Complaint, template: str) -> User | None:
    """The account to which a mail of a complaint goes, in its language; None when there is none."""
    return row.received_by if template in TO_COMPLAINANT and row.channel in PAGES else None


def _dues(row: Any, day: date) -> list[Due]:
    """The last day to answer, and the day on which it is announced when that is still to come."""
    announced = row.answer_by - timedelta(days=_notice(row.region_id, row.received_on))
    soon = [Due(Kind.COMPLAINT_SOON, announced)] if announced >= day else []
    return [Due(Kind.COMPLAINT, row.answer_by), *soon]


def _notice(region: int, day: date) -> int:
    terms = IntegrityTerms.in_force(region, day)
    return terms.complaint_notice_days if terms else NOTICE


def _told(row: Any) -> dict[str, Any]:
    return {
        "number": row.number, "source": row.source, "channel": row.channel, "received_on": row.received_on,
        "answer_by": row.answer_by, "file": row.about_file.reference if row.about_file else "",
        "provider": row.provider.siret if row.provider else "",
        "from_provider": row.from_provider.siret if row.from_provider else "",
        "scheme": row.scheme.code if row.scheme else "",
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
    return Effects(
        facts={"outcome": outcome, "late": act.day > row.answer_by}, emails=_written(row, "complaint_answered"),
        closes=(Kind.COMPLAINT, Kind.COMPLAINT_SOON),
    )  # fmt: skip


def close(row: Any, act: Act) -> Effects:
    """Nothing more is to be done."""
    row.closed_on = act.day
    return Effects(facts={"outcome": row.outcome})


def _reminded(kind: str, template: str) -> Any:
    """Tell those who answer of the last day, near or passed, once."""

    def run(row: Any, act: Act) -> Effects:
        return Effects(facts={"answer_by": row.answer_by}, emails=[template], closes=(kind,))

    return run


def _timer(label: Any, kind: str, template: str) -> Record:
    waiting = (ComplaintState.RECEIVED,)
    return Record(label, "complaint", waiting, may.system, _reminded(kind, template), (passed(kind),))


@predicate(_("Cette réclamation a déjà son dernier jour au calendrier."))
def never_timed(target: Any, act: Act) -> bool:
    """Received before complaints had a timer: its last day never stood in the calendar."""
    return not Deadline.objects.filter(complaint=target.pk, kind=Kind.COMPLAINT).exists()


def _plan(row: Any, act: Act) -> Effects:
    """The last day to answer enters the calendar; one that has passed is told at the next waking."""
    return Effects(facts={"answer_by": row.answer_by}, due=_dues(row, act.day))


def untimed() -> QuerySet[Complaint]:
    """The complaints that wait for an answer, and of whose last day nobody would be reminded."""
    timed = Deadline.objects.filter(kind=Kind.COMPLAINT, complaint__isnull=False).values("complaint")
    return Complaint.objects.filter(state=ComplaintState.RECEIVED).exclude(pk__in=timed).order_by("pk")


RECORDS = {
    "complaint_planned": Record(
        _("Dernier jour de réponse inscrit au calendrier"), "complaint", (ComplaintState.RECEIVED,), may.system, _plan,
        (never_timed,),
    ),
    "complaint_soon": _timer(_("Dernier jour de réponse proche"), Kind.COMPLAINT_SOON, "complaint_soon"),
    "complaint_late": _timer(_("Dernier jour de réponse dépassé"), Kind.COMPLAINT, "complaint_late"),
}  # fmt: skip


def to_answer(regions: Iterable[Any]) -> QuerySet[Complaint]:
    """The complaints that wait for an answer of some regions, the nearest day first."""
    found = Complaint.objects.filter(region__in=regions, state=ComplaintState.RECEIVED)
    return found.order_by("answer_by", "pk")


def late(row: Complaint) -> bool:
    """Whether the answer is overdue today."""
    return row.state == ComplaintState.RECEIVED and row.answer_by < clock.today(row.region.time_zone)
