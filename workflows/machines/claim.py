"""The payment claim: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import ClaimState as S
from applications.models import Claim
from workflows import conditions as only_if
from workflows import conditions_project as project
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines import claim_effects as effects
from workflows.machines.base import Machine, move

CONTROLLED = ("claim.control", "record.line_control", "record.on_the_spot", "claim.submit", "claim.answer")


class ClaimMachine(Machine, Claim):
    machine = "claim"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self.application

    @move(
        _("Déposer la demande de paiement"), [S.DRAFT], S.SUBMITTED, may.representative,
        conditions=(
            only_if.file_running, only_if.no_other_live_claim, only_if.claim_complete, project.claim_open,
            project.redeemable,
            project.provider_confirmed, project.report_validated, project.share_arrived,
        ),
    )  # fmt: skip
    def submit(self, *, act: Act) -> Effects:
        """File the claim: the promised payment date begins to run."""
        return effects.submit(self, act)

    @move(_("Demander des compléments"), [S.SUBMITTED], S.TO_COMPLETE, may.officer)
    def request_items(self, *, act: Act) -> Effects:
        """Interrupt the payment clock while the amount due cannot be established."""
        return effects.request_items(self, act)

    @move(_("Répondre à la demande de compléments"), [S.TO_COMPLETE], S.SUBMITTED, may.representative)
    def answer(self, *, act: Act) -> Effects:
        """The firm answered: the payment clock runs again."""
        return effects.answer(self, act)

    @move(
        _("Constater l’absence de réponse"),
        [S.TO_COMPLETE],
        S.SUBMITTED,
        may.system,
        conditions=(only_if.claim_answer_overdue,),
    )
    def expire(self, *, act: Act) -> Effects:
        """The deadline passed: the claim is controlled on what it holds."""
        return effects.expire(self, act)

    @move(
        _("Conclure le contrôle"), [S.SUBMITTED], S.CHECKED, may.officer,
        conditions=(only_if.every_line_controlled,),
    )  # fmt: skip
    def control(self, *, act: Act) -> Effects:
        """The officer controlled each line; another person certifies."""
        return effects.control(self, act)

    @move(_("Retourner au contrôle"), [S.CHECKED], S.SUBMITTED, may.certifier, reason=True)
    def send_back(self, *, act: Act) -> Effects:
        """Return the control with comments."""
        return Effects()

    @move(
        _("Certifier le service fait"), [S.CHECKED], S.VERIFIED, may.certifier, four_eyes=CONTROLLED,
        conditions=(
            only_if.file_running, only_if.something_due, only_if.visited, project.group_large_enough,
            project.group_settled, project.group_confirmed,
        ),
    )  # fmt: skip
    def verify(self, *, act: Act) -> Effects:
        """Certify the service rendered and the aid due; books the verification."""
        return effects.verify(self, act)

    @move(_("Rejeter la demande"), [S.CHECKED], S.REJECTED, may.certifier, four_eyes=CONTROLLED, reason=True)
    def reject(self, *, act: Act) -> Effects:
        """Reject the claim with a reason; a new one may follow in time."""
        return effects.reject(self, act)

    @move(
        _("Retirer la demande de paiement"), [S.SUBMITTED, S.TO_COMPLETE, S.CHECKED], S.WITHDRAWN,
        may.representative,
    )  # fmt: skip
    def withdraw(self, *, act: Act) -> Effects:
        """The firm withdraws its claim before certification."""
        return effects.withdraw(self, act)

    @move(_("Solder la demande"), [S.VERIFIED], S.SETTLED, may.system)
    def settle(self, *, act: Act) -> Effects:
        """The order is paid: the claim is settled."""
        return Effects()

    @move(_("Rouvrir après rejet bancaire"), [S.SETTLED], S.VERIFIED, may.system)
    def unsettle(self, *, act: Act) -> Effects:
        """The payment came back: the claim waits for a new order."""
        return Effects()
