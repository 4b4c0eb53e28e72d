"""The recovery of an undue payment: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import RecoveryState as S
from applications.models import Recovery
from workflows import conditions_project as only_if
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines import recovery_effects as effects
from workflows.machines.base import Machine, move

FOUND = ("recovery.open", "recovery.hear", "application.revoke")
ORDERED = (*FOUND, "recovery.order")


class RecoveryMachine(Machine, Recovery):
    machine = "recovery"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self.application

    @move(
        _("Constater un indu"), [S.NEW], S.OPENED, may.officer_or_certifier, conditions=(only_if.recoverable,),
        reason=True,
    )  # fmt: skip
    def open(self, *, act: Act) -> Effects:
        """Note what was paid and has to come back, and why."""
        return effects.open_(self, act)

    @move(
        _("Recouvrer après le retrait de la décision"), [S.NEW], S.HEARING, may.system,
        conditions=(only_if.recoverable,),
    )  # fmt: skip
    def after_revocation(self, *, act: Act) -> Effects:
        """The firm was heard on the sum together with the withdrawal: the order may follow."""
        return effects.after_revocation(self, act)

    @move(_("Ouvrir la procédure contradictoire"), [S.OPENED], S.HEARING, may.officer_or_certifier)
    def hear(self, *, act: Act) -> Effects:
        """Tell the firm what is found and ask for its observations (CRPA, art. L. 121-1)."""
        return effects.hear(self, act)

    @move(_("Présenter des observations"), [S.HEARING], S.HEARING, may.representative, reason=True)
    def observe(self, *, act: Act) -> Effects:
        """The firm says what it has to say."""
        return effects.observe(self, act)

    @move(
        _("Émettre le titre de recettes"), [S.HEARING], S.ORDERED, may.authorising, four_eyes=FOUND,
        conditions=(only_if.heard_or_late,), reason=True,
    )  # fmt: skip
    def order(self, *, act: Act) -> Effects:
        """Issue the recovery order: not by who found the sum."""
        return effects.order(self, act)

    @move(_("Classer sans suite"), [S.OPENED, S.HEARING], S.DROPPED, may.authorising, four_eyes=FOUND, reason=True)
    def drop(self, *, act: Act) -> Effects:
        """Nothing has to come back after all."""
        return effects.end(self, act)

    @move(_("Contester le titre"), [S.ORDERED], S.SUSPENDED, may.representative, reason=True)
    def contest(self, *, act: Act) -> Effects:
        """The firm contests the order: its recovery is suspended."""
        return Effects()

    @move(_("Confirmer le titre"), [S.SUSPENDED], S.ORDERED, may.authorising, reason=True)
    def confirm(self, *, act: Act) -> Effects:
        """The contest is answered: the order stands."""
        return Effects()

    @move(
        _("Constater un encaissement partiel"), [S.ORDERED], S.ORDERED, may.system,
        conditions=(only_if.receipt_matches, only_if.receipt_is_part),
    )  # fmt: skip
    def collect_part(self, *, act: Act) -> Effects:
        """A part came in, from the accountant's return."""
        return effects.collect(self, act)

    @move(
        _("Constater le recouvrement"), [S.ORDERED], S.RECOVERED, may.system,
        conditions=(only_if.receipt_matches, only_if.receipt_is_whole),
    )  # fmt: skip
    def collect(self, *, act: Act) -> Effects:
        """All came in, from the accountant's return."""
        return effects.collect_all(self, act)

    @move(
        _("Admettre en non-valeur ou remettre"), [S.ORDERED, S.SUSPENDED], S.WRITTEN_OFF, may.authorising,
        four_eyes=ORDERED, conditions=(only_if.voted,), reason=True,
    )  # fmt: skip
    def write_off(self, *, act: Act) -> Effects:
        """What remains is given up by a recorded vote."""
        return effects.write_off(self, act)
