"""The accreditation of a provider: states, moves and rights. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from regions.enums import AccreditationState as S
from regions.models import Accreditation
from workflows import conditions as only_if
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines import accreditation_effects as effects
from workflows.machines.base import Machine, move

EXAMINED = ("accreditation.request_items", "accreditation.submit")


class AccreditationMachine(Machine, Accreditation):
    machine = "accreditation"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(
        _("Demander l’habilitation"), [S.DRAFT], S.SUBMITTED, may.provider,
        conditions=(only_if.accreditation_complete,),
    )  # fmt: skip
    def submit(self, *, act: Act) -> Effects:
        """Apply for accreditation."""
        return effects.submit(self, act)

    @move(_("Demander des pièces"), [S.SUBMITTED], S.TO_COMPLETE, may.officer)
    def request_items(self, *, act: Act) -> Effects:
        """Ask the provider for missing items."""
        return effects.request_items(self, act)

    @move(_("Répondre"), [S.TO_COMPLETE], S.SUBMITTED, may.provider, conditions=(only_if.accreditation_complete,))
    def answer(self, *, act: Act) -> Effects:
        """The provider answered."""
        return Effects()

    @move(_("Habiliter"), [S.SUBMITTED], S.ACTIVE, may.decider, four_eyes=EXAMINED)
    def accept(self, *, act: Act) -> Effects:
        """Accredit for a time."""
        return effects.accept(self, act)

    @move(_("Refuser l’habilitation"), [S.SUBMITTED], S.REFUSED, may.decider, four_eyes=EXAMINED, reason=True)
    def refuse(self, *, act: Act) -> Effects:
        """Refuse with a reason."""
        return effects.told(self, act)

    @move(_("Suspendre"), [S.ACTIVE], S.SUSPENDED, may.decider, conditions=(only_if.heard,), reason=True)
    def suspend(self, *, act: Act) -> Effects:
        """Suspend after hearing the provider."""
        return effects.told(self, act)

    @move(_("Lever la suspension"), [S.SUSPENDED], S.ACTIVE, may.decider, reason=True)
    def lift(self, *, act: Act) -> Effects:
        """Lift the suspension."""
        return effects.told(self, act)

    @move(
        _("Retirer l’habilitation"), [S.ACTIVE, S.SUSPENDED], S.WITHDRAWN, may.decider,
        conditions=(only_if.heard,), reason=True,
    )  # fmt: skip
    def withdraw(self, *, act: Act) -> Effects:
        """Withdraw after hearing the provider."""
        return effects.told(self, act)

    @move(
        _("Constater l’expiration"),
        [S.ACTIVE, S.SUSPENDED],
        S.EXPIRED,
        may.system,
        conditions=(only_if.accreditation_over,),
    )
    def expire(self, *, act: Act) -> Effects:
        """The accreditation's time is over; renewal is a new application."""
        return Effects()
