"""The region's own words in its letters, and the letters that are sent again."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from applications.models import Company, Complaint, Mandate, PrivacyRequest
from regions import clock
from regions.models import Accreditation, ProviderMember, Region, Role, User
from workflows import jobs
from workflows.acts import Denied
from workflows.administration.common import administrator_only
from workflows.models import OutboxMessage

ALONE = {"role": Role, "accreditation": Accreditation, "complaint": Complaint}  # chains that mails of no file come from
CONTACT = ("siret", "service", "email", "phone", "address", "court_name", "court_address")


def set_contact(by: User, region: Region, **contact: str) -> None:
    """Say who answers for the region in its letters and registers: any of the facts of `CONTACT`."""
    administrator_only(by, region, _("Seul un administrateur de la région modifie ses coordonnées."))
    if set(contact) - set(CONTACT):
        raise ValueError(f"not a contact: {sorted(set(contact) - set(CONTACT))}")
    for name, value in contact.items():
        setattr(region, name, value)
    region.save(update_fields=list(contact))


def messages_of(regions: list[Region]) -> QuerySet[OutboxMessage]:
    """What left or should leave a region: the letters of its files, the messages of the other chains."""
    alone = Q()
    for name, model in ALONE.items():
        alone |= Q(application__isnull=True, event__subject__in=_subjects(name, model, regions))
    return OutboxMessage.objects.filter(Q(application__region__in=regions) | alone)


def region_of(message: OutboxMessage) -> Region:
    """The region that a message leaves from: its file's, else that of the row whose chain it comes from."""
    if message.application is not None:
        return message.application.region
    name, _colon, pk = message.event.subject.partition(":")
    rows: Any = ALONE[name].objects
    return Region.objects.get(pk=rows.values_list("region", flat=True).get(pk=pk))


def _subjects(name: str, model: Any, regions: list[Region]) -> Any:
    """The names that the rows of a region bear in events."""
    key = Concat(Value(f"{name}:"), Cast("pk", CharField()), output_field=CharField())
    return model.objects.filter(region__in=regions).annotate(subject=key).values("subject")


def send_again(by: User, message: OutboxMessage, region: Region) -> OutboxMessage:
    """Try a failed message again at once, or send a copy of one that left."""
    administrator_only(by, region, _("Seul un administrateur de la région renvoie un courrier."))
    if message.sent_at is None:
        OutboxMessage.objects.filter(pk=message.pk, sent_at__isnull=True).update(attempts=0, error="")
    else:
        message = _copy(message)
    jobs.wake_after_commit()
    return message


def _copy(message: OutboxMessage) -> OutboxMessage:
    waiting = OutboxMessage.objects.filter(event=message.event, template=message.template, sent_at__isnull=True)
    if waiting.exists():
        raise Denied(_("Ce courrier attend déjà son envoi."))
    return OutboxMessage.objects.create(
        kind=message.kind, template=message.template, application=message.application, event=message.event,
        recipient=message.recipient, language=message.language, created_at=clock.now(),
    )  # fmt: skip


def privacy_requests(regions: list[Region]) -> QuerySet[PrivacyRequest]:
    """The requests of those whom these regions know, and of those whom no region knows."""
    known = _known_to(Q(region__in=regions))
    anyone = _known_to(Q())
    return PrivacyRequest.objects.filter(Q(user__in=known) | ~Q(user__in=anyone))


def _known_to(where: Q) -> Any:
    """People tied to a region by a role, a firm, or a provider’s accreditation."""
    accredited = Accreditation.objects.filter(where).values("provider")
    tied = (
        Q(pk__in=Role.objects.filter(where).values("user"))
        | Q(pk__in=Mandate.objects.filter(company__in=Company.objects.filter(where)).values("user"))
        | Q(pk__in=ProviderMember.objects.filter(provider__in=accredited).values("user"))
    )
    return User.objects.filter(tied).values("pk")


def answer_privacy(by: User, regions: list[Region], request: PrivacyRequest, answer: str) -> None:
    """Answer a request about personal data, once."""
    for region in regions:
        administrator_only(by, region, _("Seul un administrateur de la région répond à cette demande."))
    waiting = PrivacyRequest.objects.filter(pk=request.pk, answered_at__isnull=True)
    if not waiting.update(answer=answer.strip(), answered_at=clock.now(), answered_by=by):
        raise Denied(_("Cette demande a déjà reçu sa réponse."))
