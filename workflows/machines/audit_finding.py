"""A finding of the audit: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import AuditFindingState as S
from applications.models import AuditFinding
from workflows import findings
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines.base import Machine, move

ASKED = ("finding.open", "finding.revise", "finding.send", "finding.ask_again")


class AuditFindingMachine(Machine, AuditFinding):
    machine = "finding"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self

    @move(_("Rédiger un constat"), [S.NEW], S.DRAFT, may.auditor, conditions=(findings.is_filed,), reason=True)
    def open(self, *, act: Act) -> Effects:
        """Write a finding down: nobody but its author knows of it."""
        return findings.write(self, act)

    @move(_("Modifier le constat"), [S.DRAFT], S.DRAFT, may.auditor, conditions=(findings.is_author,), reason=True)
    def revise(self, *, act: Act) -> Effects:
        """Write the draft anew."""
        return findings.write(self, act)

    @move(_("Abandonner le brouillon"), [S.DRAFT], S.DISCARDED, may.auditor, conditions=(findings.is_author,))
    def discard(self, *, act: Act) -> Effects:
        """The draft goes no further; it stays its author's alone."""
        return findings.end(self, act)

    @move(_("Envoyer à la région"), [S.DRAFT], S.SENT, may.auditor, conditions=(findings.is_author,))
    def send(self, *, act: Act) -> Effects:
        """The region reads the finding and has until a day to answer."""
        return findings.send(self, act)

    @move(_("Répondre au constat"), [S.SENT], S.ANSWERED, may.answers_the_audit, four_eyes=ASKED, reason=True)
    def answer(self, *, act: Act) -> Effects:
        """The region says whether it agrees, and what it does. Not by who found."""
        return findings.answer(self, act)

    @move(_("Demander une suite"), [S.ANSWERED], S.SENT, may.auditor, four_eyes=("finding.answer",), reason=True)
    def ask_again(self, *, act: Act) -> Effects:
        """The answer does not settle the finding: another one is asked, by a day."""
        return findings.ask_again(self, act)

    @move(_("Clore le constat"), [S.ANSWERED], S.CLOSED, may.auditor, four_eyes=("finding.answer",), reason=True)
    def close(self, *, act: Act) -> Effects:
        """What stands of the finding, and why nothing more is awaited. Not by who answered."""
        return findings.close(self, act)

    @move(
        _("Retirer le constat"), [S.SENT, S.ANSWERED], S.WITHDRAWN, may.auditor, four_eyes=("finding.answer",),
        reason=True,
    )  # fmt: skip
    def withdraw(self, *, act: Act) -> Effects:
        """The finding does not stand."""
        return findings.end(self, act)
