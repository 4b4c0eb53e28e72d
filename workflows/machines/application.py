"""The application: its states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState as S
from applications.models import Application
from workflows import conditions as only_if
from workflows import conditions_declaration as declared
from workflows import conditions_project as project
from workflows import permissions as may
from workflows import revocations
from workflows.acts import Act, Effects
from workflows.machines import application_effects as effects
from workflows.machines import grant_effects
from workflows.machines.base import Machine, move

EXAMINED = ("application.accept_complete", "application.propose", "record.documents", "record.eligibility")
DECIDED_BY_ANOTHER = (*EXAMINED, "record.de_minimis", "record.provider", "application.submit")
BEFORE_DECISION = (S.SUBMITTED, S.TO_COMPLETE, S.EXAMINING)


class ApplicationMachine(Machine, Application):
    machine = "application"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(
        _("Déposer la demande"),
        [S.DRAFT],
        S.SUBMITTED,
        may.representative,
        conditions=(only_if.under_the_rules_in_force, only_if.form_complete),
    )
    def submit(self, *, act: Act) -> Effects:
        """Freeze the facts filed, open the clock, acknowledge receipt."""
        return effects.submit(self, act)

    @move(_("Demander des pièces"), [S.SUBMITTED, S.EXAMINING], S.TO_COMPLETE, may.officer)
    def request_items(self, *, act: Act) -> Effects:
        """Ask for required missing items: the only act that stops the clock."""
        return effects.request_items(self, act)

    @move(_("Répondre à la demande de pièces"), [S.TO_COMPLETE], S.SUBMITTED, may.representative)
    def answer(self, *, act: Act) -> Effects:
        """The firm answered: the clock runs again and the new date is notified."""
        return effects.answer(self, act)

    @move(
        _("Constater l’absence de réponse"),
        [S.TO_COMPLETE],
        S.SUBMITTED,
        may.system,
        conditions=(only_if.answer_overdue,),
    )
    def expire(self, *, act: Act) -> Effects:
        """The deadline passed without an answer: the clock runs again."""
        return effects.expire(self, act)

    @move(_("Constater la complétude"), [S.SUBMITTED], S.EXAMINING, may.officer)
    def accept_complete(self, *, act: Act) -> Effects:
        """The file is complete: examination begins."""
        return effects.accept_complete(self, act)

    @move(
        _("Proposer"), [S.EXAMINING], S.PROPOSED, may.officer,
        conditions=(only_if.all_checks_recorded, only_if.no_red_check_when_granting),
    )  # fmt: skip
    def propose(self, *, act: Act) -> Effects:
        """Propose an amount or a refusal; a grant proposed makes a soft reservation."""
        return effects.propose(self, act)

    @move(_("Retourner à l’instructeur"), [S.PROPOSED], S.EXAMINING, may.decider, reason=True)
    def send_back(self, *, act: Act) -> Effects:
        """Return with comments; the earlier proposal is kept, its reservation freed."""
        return effects.send_back(self, act)

    @move(
        _("Accorder"), [S.PROPOSED], S.GRANTED, may.decider, four_eyes=DECIDED_BY_ANOTHER,
        conditions=(
            only_if.proposed_to_grant, only_if.provider_accredited, project.group_large_enough,
            declared.objective_known,
        ),
    )  # fmt: skip
    def grant(self, *, act: Act) -> Effects:
        """Grant: rules run again, de minimis and envelope booked in one transaction."""
        return grant_effects.grant(self, act)

    @move(
        _("Refuser"), [S.PROPOSED], S.REFUSED, may.decider, four_eyes=DECIDED_BY_ANOTHER,
        conditions=(only_if.refusal_has_reasons,),
    )  # fmt: skip
    def refuse(self, *, act: Act) -> Effects:
        """Refuse with reasons; the reservation is freed."""
        return effects.refuse(self, act)

    @move(_("Notifier"), [S.GRANTED], S.RUNNING, may.notifier, conditions=(declared.objective_known,))
    def notify(self, *, act: Act) -> Effects:
        """Notify the grant: the firm may start, and its time to complete begins."""
        return effects.notify(self, act)

    @move(_("Modifier par avenant"), [S.RUNNING], S.RUNNING, may.decider, four_eyes=EXAMINED, reason=True)
    def amend(self, *, act: Act) -> Effects:
        """Amend: a later end, or a smaller amount whose difference is released."""
        return effects.amend(self, act)

    @move(_("Solder"), [S.RUNNING], S.COMPLETED, may.officer, conditions=(only_if.no_live_claim, project.escrow_empty))
    def complete(self, *, act: Act) -> Effects:
        """Close the account: what was not verified is released."""
        return effects.complete(self, act)

    @move(
        _("Retirer la demande"), [*BEFORE_DECISION, S.PROPOSED, S.GRANTED, S.RUNNING], S.WITHDRAWN,
        may.representative, conditions=(only_if.nothing_ordered, only_if.no_live_claim),
    )  # fmt: skip
    def withdraw(self, *, act: Act) -> Effects:
        """The firm withdraws before any payment: everything booked is released."""
        return effects.end(self, act)

    @move(
        _("Classer sans suite"),
        BEFORE_DECISION,
        S.CLOSED,
        may.decider,
        conditions=(only_if.warned,),
        reason=True,
    )
    def close(self, *, act: Act) -> Effects:
        """Close without action, after a warning."""
        return effects.end(self, act)

    @move(
        _("Constater la caducité"), [S.GRANTED, S.RUNNING], S.LAPSED, may.decider,
        conditions=(only_if.no_live_claim,),
    )  # fmt: skip
    def lapse(self, *, act: Act) -> Effects:
        """The time to complete passed: the grant lapses, the remainder is released."""
        return effects.lapse(self, act)

    @move(
        _("Retirer la décision"), revocations.STATES, S.REVOKED, may.decider,
        four_eyes=("record.revocation_proposed",),
        conditions=(revocations.proposed, revocations.heard, only_if.no_live_claim), reason=True,
    )  # fmt: skip
    def revoke(self, *, act: Act) -> Effects:
        """Take back the grant after hearing the firm: what is unused is released, what was paid has to come back."""
        return effects.revoke(self, act)

    @move(_("Rouvrir après recours"), [S.REFUSED, S.CLOSED], S.EXAMINING, may.decider, reason=True)
    def reopen(self, *, act: Act) -> Effects:
        """Reopen after an appeal: the file is examined again."""
        return effects.reopen(self, act)
