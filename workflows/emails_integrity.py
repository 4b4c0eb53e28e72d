"""E-mails of complaints, to who complained and to those who answer, and of declarations of interests that end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applications.models import Complaint
from regions.enums import RoleKind
from regions.models import Role
from workflows import complaints
from workflows.chain import facts_of
from workflows.mail import Mail, holders, link, subject_of
from workflows.models import OutboxMessage

Channel = Complaint.Channel


def _complaint(message: OutboxMessage) -> tuple[Complaint, dict[str, str]]:
    rows = Complaint.objects.select_related("region", "about_file", "about_person", "received_by")
    row = rows.get(pk=subject_of(message))
    return row, {
        "number": row.number, "received": f"{row.received_on:%d/%m/%Y}", "day": f"{row.answer_by:%d/%m/%Y}",
        "region": _("Région %(name)s") % {"name": row.region.name}, "where": _page(row),
        "link": link("complaint", row.pk),
    }  # fmt: skip


def _page(row: Complaint) -> str:
    """The page on which the complainant reads the answer, as a paragraph; "" for who has none."""
    if row.channel == Channel.PROVIDER:
        return f"{link('provider-complaints')}\n\n"
    firm = row.about_file if row.channel == Channel.ONLINE else None
    return f"{link('firm-complaint', firm.reference)}\n\n" if firm else ""


def _received(message: OutboxMessage) -> Mail:
    """To who complained: its number, and the last day of the answer."""
    row, words = _complaint(message)
    body = _(
        "Bonjour,\n\nLa région a reçu votre réclamation le %(received)s. Elle porte le numéro %(number)s. "
        "La réponse vous est donnée au plus tard le %(day)s.\n\n%(where)s%(region)s\n"
    )
    return Mail(_("%(number)s – votre réclamation est enregistrée") % words, body % words, [complaints.address_of(row)])


def _answered(message: OutboxMessage) -> Mail:
    """To who complained: the page that holds the answer, or its words where the complainant has no page."""
    row, words = _complaint(message)
    words["where"] = words["where"] or _answer(row, message)
    body = _("Bonjour,\n\nLa région a répondu à votre réclamation %(number)s.\n\n%(where)s%(region)s\n")
    return Mail(_("%(number)s – la région a répondu à votre réclamation") % words, body % words, [
        complaints.address_of(row)
    ])  # fmt: skip


def _answer(row: Complaint, message: OutboxMessage) -> str:
    note = getattr(message.event, "note", None)
    return f"{row.get_outcome_display()}\n\n{note.text if note else ''}\n\n"


def _desk(subject: Any, body: Any) -> Callable[[OutboxMessage], Mail]:
    """To those of the region who answer complaints, but the person complained about."""

    def compose(message: OutboxMessage) -> Mail:
        row, words = _complaint(message)
        about = row.about_person.person_id if row.about_person else None
        to = holders(row.region_id, RoleKind.OFFICER, RoleKind.DECIDER, but=about)
        return Mail(str(subject) % words, str(body) % words, to)

    return compose


def _interests_soon(message: OutboxMessage) -> Mail:
    """To whose declaration ends: until when it holds, and where to make the next."""
    role = Role.objects.select_related("region", "user").get(pk=subject_of(message))
    words = {
        "name": role.user.name, "day": f"{date.fromisoformat(facts_of(message.event)['until']):%d/%m/%Y}",
        "link": link("interests"), "region": _("Région %(name)s") % {"name": role.region.name},
    }  # fmt: skip
    body = _(
        "Bonjour %(name)s,\n\nVotre déclaration d’intérêts est valable jusqu’au %(day)s. La refaire avant ce jour : "
        "ensuite, proposer, décider, certifier et payer vous seront refusés.\n\n%(link)s\n\n%(region)s\n"
    )
    return Mail(_("Guichet – votre déclaration d’intérêts se termine bientôt"), body % words, [role.user.email])


BY_TEMPLATE: dict[str, Callable[[OutboxMessage], Mail]] = {
    "interests_soon": _interests_soon,
    "complaint_received": _received,
    "complaint_answered": _answered,
    "complaint_soon": _desk(
        _lazy("%(number)s – une réclamation attend une réponse"),
        _lazy(
            "Bonjour,\n\nLe dernier jour pour répondre à la réclamation %(number)s approche : le %(day)s.\n\n%(link)s\n"
        ),
    ),
    "complaint_late": _desk(
        _lazy("%(number)s – une réclamation n’a pas reçu de réponse à temps"),
        _lazy(
            "Bonjour,\n\nLe dernier jour pour répondre à la réclamation %(number)s est passé : c’était le %(day)s. "
            "Y répondre sans attendre :\n\n%(link)s\n"
        ),
    ),
}
TITLES = {
    "interests_soon": _lazy("Déclaration d’intérêts à refaire"),
    "complaint_received": _lazy("Réclamation enregistrée"),
    "complaint_answered": _lazy("Réclamation répondue"),
    "complaint_soon": _lazy("Réclamation bientôt à répondre, à la région"),
    "complaint_late": _lazy("Réclamation sans réponse à temps, à la région"),
}
