"""A complaint: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import ComplaintState as S
from applications.models import Complaint
from workflows import complaints
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines.base import Machine, move


class ComplaintMachine(Machine, Complaint):
    machine = "complaint"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(_("Enregistrer une réclamation"), [S.NEW], S.RECEIVED, may.officer, reason=True)
    def open(self, *, act: Act) -> Effects:
        """An officer registers a complaint that came by another way."""
        return complaints.receive(self, act)

    @move(_("Faire une réclamation"), [S.NEW], S.RECEIVED, complaints.complainant, reason=True)
    def complain(self, *, act: Act) -> Effects:
        """The firm complains from its page."""
        return complaints.receive(self, act, page=complaints.Channel.ONLINE)

    @move(
        _("Faire une réclamation pour son compte"), [S.NEW], S.RECEIVED, complaints.provider_complains,
        conditions=(complaints.known_provider,), reason=True,
    )  # fmt: skip
    def complain_provider(self, *, act: Act) -> Effects:
        """A provider complains on its own account, from its page."""
        return complaints.receive(self, act, page=complaints.Channel.PROVIDER)

    @move(
        _("Indiquer la personne mise en cause"), [S.RECEIVED], S.RECEIVED, may.answers_the_audit,
        conditions=(complaints.not_concerned,),
    )  # fmt: skip
    def attribute(self, *, act: Act) -> Effects:
        """Say whom the complaint is about. That person cannot take it back."""
        return complaints.attribute(self, act)

    @move(
        _("Répondre à la réclamation"), [S.RECEIVED], S.ANSWERED, may.answers_the_audit,
        conditions=(complaints.not_concerned,), reason=True,
    )  # fmt: skip
    def answer(self, *, act: Act) -> Effects:
        """Answer, by another than the person complained about."""
        return complaints.answer(self, act)

    @move(
        _("Clore la réclamation"), [S.ANSWERED], S.CLOSED, may.answers_the_audit,
        conditions=(complaints.not_concerned,),
    )  # fmt: skip
    def close(self, *, act: Act) -> Effects:
        """Nothing more is to be done."""
        return complaints.close(self, act)
