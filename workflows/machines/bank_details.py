"""The change of a payee's bank details: states, moves and rights. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import BankChangeState as S
from applications.models import BankChange, BankDetails
from workflows import conditions as only_if
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines.base import Machine, move


class BankChangeMachine(Machine, BankChange):
    machine = "bank"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    def _owner(self) -> dict[str, int | None]:
        return {"company": self.company_id} if self.company_id else {"provider": self.provider_id}

    @move(
        _("Demander le changement de coordonnées bancaires"), [S.NEW], S.ASKED, may.payee,
        conditions=(only_if.another_account, only_if.no_other_bank_change),
    )  # fmt: skip
    def ask(self, *, act: Act) -> Effects:
        """Ask for other bank details: payments are held until the region has answered."""
        self.asked_at, self.asked_by = act.at, act.actor
        return Effects(facts=self._owner() | {"document": self.document.sha256})

    @move(_("Confirmer les nouvelles coordonnées"), [S.ASKED], S.CONFIRMED, may.officer, four_eyes=("bank.ask",))
    def confirm(self, *, act: Act) -> Effects:
        """The region checked with the firm: the old details end, the new ones begin."""
        self.answered_at = act.at
        self.payee.bank_details.filter(valid_to__isnull=True).update(valid_to=act.day)
        details = BankDetails.objects.create(
            company=self.company, provider=self.provider, holder=self.holder, iban=self.iban, valid_from=act.day
        )
        return Effects(facts=self._owner() | {"details": details.pk})

    @move(_("Refuser les nouvelles coordonnées"), [S.ASKED], S.REFUSED, may.officer, reason=True)
    def refuse(self, *, act: Act) -> Effects:
        """The region could not confirm: the old details stay."""
        self.answered_at = act.at
        return Effects(facts=self._owner())

    @move(_("Retirer la demande de changement"), [S.ASKED], S.WITHDRAWN, may.payee)
    def withdraw(self, *, act: Act) -> Effects:
        """The firm keeps its old details: payments go on."""
        self.answered_at = act.at
        return Effects(facts=self._owner())
