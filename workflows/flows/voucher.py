"""The flow of a voucher: the people's work from filing to payment, and its picture.

It follows the gate (`workflows.follow`): a finished task opens the next by the edges below; every
step of the payment part returns to one branch that reads where claim and order now stand.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation

from workflows.flows import base
from workflows.flows.base import FLOW_LOCK, at, of_firm, of_provider, of_region, task
from workflows.models import CaseProcess


class VoucherFlow(flow.Flow):
    """Filing, examination, decision, notification, claim, payment."""

    process_class = CaseProcess
    process_title = _("Chèque numérique")
    lock_impl = FLOW_LOCK

    start = flow.StartHandle(this.begin).Next(this.examine)

    examine = task(_("Vérifier la complétude"), of_region("officer")).Next(this.is_complete)
    is_complete = flow.Switch().Case(this.answer, base.asks_items).Default(this.to_check)
    answer = task(_("Fournir les pièces demandées"), of_firm).Next(this.examine)

    to_check = flow.Switch().Case(this.split, base.asks_checks).Default(this.propose)
    split = (
        flow.Split()
        .Next(this.documents, case=base.asks_documents)
        .Next(this.provider, case=base.asks_provider)
    )  # fmt: skip
    documents = task(_("Contrôler les pièces"), of_region("officer")).Next(this.join)
    provider = task(_("Confirmer l’engagement"), of_provider).Next(this.join)
    join = flow.Join().Next(this.propose)

    propose = task(_("Proposer"), of_region("officer")).Next(this.decide)
    decide = task(_("Décider"), of_region("decider")).Next(this.decided)
    decided = (
        flow.Switch()
        .Case(this.to_check, base.is_examined_again)
        .Case(this.notify, base.is_granted)
        .Default(this.ended)
    )  # fmt: skip
    notify = task(_("Notifier"), of_region("notifier")).Next(this.follow_up)

    follow_up = (
        flow.Switch()
        .Case(this.control, at("control"))
        .Case(this.answer_claim, at("answer_claim"))
        .Case(this.certify, at("certify"))
        .Case(this.order, at("order"))
        .Case(this.sign, at("sign"))
        .Case(this.send, at("send"))
        .Case(this.accountant, at("accountant"))
        .Case(this.lapse, at("lapse"))
        .Case(this.close, at("close"))
        .Case(this.claim, at("claim"))
        .Default(this.ended)
    )
    claim = task(_("Demander le paiement"), of_firm).Next(this.follow_up)
    control = task(_("Contrôler la demande"), of_region("officer")).Next(this.follow_up)
    answer_claim = task(_("Compléter la demande"), of_firm).Next(this.follow_up)
    certify = task(_("Certifier le service fait"), of_region("certifier")).Next(this.follow_up)
    order = task(_("Préparer le mandat"), of_region("liquidator")).Next(this.follow_up)
    sign = task(_("Signer le mandat"), of_region("authorising")).Next(this.follow_up)
    send = task(_("Transmettre au comptable"), of_region("authorising")).Next(this.follow_up)
    accountant = task(_("Payer"), of_region("accountant")).Next(this.follow_up)
    lapse = task(_("Constater la caducité"), of_region("decider")).Next(this.follow_up)
    close = task(_("Solder"), of_region("officer")).Next(this.follow_up)
    ended = flow.End()

    def begin(self, activation: Activation, case: Any) -> CaseProcess:
        """The process of a file begins when it is filed."""
        activation.process.case = case
        process: CaseProcess = activation.process
        return process
