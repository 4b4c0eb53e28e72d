"""The payment order: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import OrderState as S
from applications.models import PaymentOrder
from workflows import conditions as only_if
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines import payment_effects as effects
from workflows.machines.base import Machine, move

CERTIFIED = ("claim.verify", "claim.control", "application.grant")
ORDERED = (*CERTIFIED, "order.prepare")
SIGNED = (*ORDERED, "order.sign", "order.countersign")
# In this order: a change confirmed between the two questions is seen by the second.
PAYEE_SURE = (only_if.no_bank_change_pending, only_if.snapshot_intact, only_if.account_unchanged)
TO_GO_ON = (only_if.not_held, *PAYEE_SURE)
TO_LEAVE = (*TO_GO_ON, only_if.nothing_differs, only_if.signed_enough)


class PaymentOrderMachine(Machine, PaymentOrder):
    machine = "order"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self.application

    def related(self) -> tuple[Model, ...]:
        return (self, self.claim)

    def snapshot(self) -> str:
        """SHA-256 of payee and amount, compared again at signing and sending."""
        return effects.snapshot(self)

    @move(
        _("Préparer le mandat"), [S.NEW], S.PREPARED, may.liquidator, four_eyes=CERTIFIED,
        conditions=(
            only_if.claim_verified, only_if.not_ordered, only_if.earlier_unpaid, only_if.no_bank_change_pending,
        ),
    )  # fmt: skip
    def prepare(self, *, act: Act) -> Effects:
        """Prepare the order of a verified claim: payee and amount are copied and hashed."""
        return effects.prepare(self, act)

    @move(
        _("Signer"), [S.PREPARED], S.SIGNED, may.authorising, four_eyes=ORDERED, conditions=TO_GO_ON,
    )  # fmt: skip
    def sign(self, *, act: Act) -> Effects:
        """Sign as delegate of the authorising officer (ordonnateur)."""
        return effects.sign(self, act)

    @move(
        _("Contresigner"), [S.SIGNED], S.SIGNED, may.authorising, four_eyes=SIGNED, conditions=TO_GO_ON,
    )  # fmt: skip
    def countersign(self, *, act: Act) -> Effects:
        """Sign as one more person, when the batch will pass an amount that asks for several."""
        return effects.countersign(self, act)

    @move(_("Transmettre au comptable"), [S.SIGNED], S.SENT, may.system, conditions=TO_LEAVE)
    def send(self, *, act: Act) -> Effects:
        """Send in a batch to the public accountant."""
        return effects.send(self, act)

    @move(_("Constater le paiement"), [S.SENT], S.PAID, may.system, conditions=(only_if.return_matches,))
    def pay(self, *, act: Act) -> Effects:
        """Paid, from the accountant's or the bank's return only."""
        return effects.pay(self, act)

    @move(_("Constater le rejet"), [S.SENT, S.PAID], S.REJECTED, may.system, conditions=(only_if.return_matches,))
    def reject(self, *, act: Act) -> Effects:
        """Rejected by the return, even after it was paid: the amounts come back."""
        return effects.reject(self, act)

    @move(_("Annuler"), [S.PREPARED, S.SIGNED], S.CANCELLED, may.authorising, reason=True)
    def cancel(self, *, act: Act) -> Effects:
        """Cancel before sending; a new order may follow."""
        return effects.cancel(self, act)
