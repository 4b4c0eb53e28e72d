"""What beneficiaries claim, and the payment application: states, moves and rights. Only the gate loads this module.

Separated functions (CPR art. 74(3) and 76): the region's accounts prepare its claim and somebody who took no part
in its files verifies it; the expenditure of a firm, verified on its file, is declared by somebody who took no part
in that file. What goes to the Commission is sent by another person again.
"""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import OperationClaimState as C
from applications.enums import PaymentApplicationState as P
from applications.models import OperationClaim, PaymentApplication
from workflows import conditions_declaration as only_if
from workflows import declaring, declaring_firms
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines.base import Machine, move


class OperationClaimMachine(Machine, OperationClaim):
    machine = "operation_claim"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(
        _("Remettre la demande de la région"), [C.NEW], C.SUBMITTED, may.liquidator,
        conditions=(only_if.region_is_beneficiary,),
    )  # fmt: skip
    def prepare(self, *, act: Act) -> Effects:
        """The region asks for what it paid up to a day."""
        return declaring.prepare_claim(self, act)

    @move(
        _("Déclarer la dépense de l’entreprise"), [C.NEW], C.VERIFIED, may.certifier,
        conditions=(only_if.firm_is_beneficiary, only_if.took_no_part_in_file),
    )  # fmt: skip
    def include(self, *, act: Act) -> Effects:
        """What the firm, beneficiary, spent: its own claims were verified, and its aid is paid."""
        return declaring_firms.include(self, act)

    @move(
        _("Conclure la vérification de gestion"), [C.SUBMITTED], C.VERIFIED, may.certifier,
        four_eyes=("operation_claim.prepare",), conditions=(only_if.took_no_part,), reason=True,
    )  # fmt: skip
    def verify(self, *, act: Act) -> Effects:
        """The managing authority accepts the claim, less what it set aside."""
        return declaring.verify_claim(self, act)

    @move(
        _("Retourner la demande"), [C.SUBMITTED], C.RETURNED, may.certifier,
        four_eyes=("operation_claim.prepare",), reason=True,
    )  # fmt: skip
    def give_back(self, *, act: Act) -> Effects:
        """The managing authority does not accept the claim: the region makes another."""
        return declaring.return_claim(self, act)


class PaymentApplicationMachine(Machine, PaymentApplication):
    machine = "payment_application"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(_("Préparer la demande de paiement"), [P.NEW], P.PREPARED, may.certifier)
    def prepare(self, *, act: Act) -> Effects:
        """The verified claims enter the application of the period."""
        return declaring.prepare_application(self, act)

    @move(
        _("Transmettre la demande de paiement"), [P.PREPARED], P.SENT, may.authorising,
        four_eyes=("payment_application.prepare",),
    )  # fmt: skip
    def send(self, *, act: Act) -> Effects:
        """Sent to the Commission by SFC2021."""
        return declaring.send_application(self, act)

    @move(_("Annuler la demande de paiement"), [P.PREPARED], P.CANCELLED, may.authorising, reason=True)
    def cancel(self, *, act: Act) -> Effects:
        """Not sent: its claims wait for the next period."""
        return declaring.cancel_application(self, act)
