"""An irregularity: states, moves and rights on one screen. Only the gate loads this module."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.enums import IrregularityState as S
from applications.models import Irregularity
from workflows import irregularities
from workflows import permissions as may
from workflows.acts import Act, Effects
from workflows.machines import irregularity_effects as effects
from workflows.machines.base import Machine, move

FOUND = ("irregularity.open",)
CLOSING = (*FOUND, irregularities.WAIVED)


class IrregularityMachine(Machine, Irregularity):
    machine = "irregularity"

    class Meta:
        proxy = True

    def subject(self) -> Model:
        return self.application

    @move(_("Constater une irrégularité"), [S.NEW], S.FOUND, may.officer_or_certifier, reason=True)
    def open(self, *, act: Act) -> Effects:
        """Note what was found, and what the Funds bear of it."""
        return effects.open_(self, act)

    @move(
        _("Retenir, à signaler"), [S.FOUND], S.CONFIRMED, may.decider, four_eyes=FOUND,
        conditions=(irregularities.must_be_reported,), reason=True,
    )  # fmt: skip
    def confirm(self, *, act: Act) -> Effects:
        """The first written assessment: an irregularity that is reported (annex XII). Not by who found it."""
        return effects.assess(self, act)

    @move(
        _("Retenir, exemptée de signalement"), [S.FOUND], S.EXEMPT, may.decider, four_eyes=FOUND,
        conditions=(irregularities.is_exempt,), reason=True,
    )  # fmt: skip
    def exempt(self, *, act: Act) -> Effects:
        """The first written assessment: an irregularity that need not be reported. Not by who found it."""
        return effects.settled(self, act, effects.assess(self, act))

    @move(_("Écarter, ce n’est pas une irrégularité"), [S.FOUND], S.DROPPED, may.decider, four_eyes=FOUND, reason=True)
    def drop(self, *, act: Act) -> Effects:
        """No irregularity after all."""
        return effects.settled(self, act, effects.end(self, act))

    @move(_("Noter le signalement"), [S.CONFIRMED], S.REPORTED, may.officer_or_certifier)
    def report(self, *, act: Act) -> Effects:
        """It was entered in the Union's system: when, under which reference."""
        return effects.settled(self, act, effects.report(self, act))

    @move(_("Noter une suite"), [S.REPORTED], S.REPORTED, may.officer_or_certifier, reason=True)
    def follow(self, *, act: Act) -> Effects:
        """A follow-up of the report: a penalty, a judgment, a sum that came back."""
        return Effects(facts={"reference": self.report_reference})

    @move(
        _("Corriger la dépense déclarée"), [S.CONFIRMED, S.EXEMPT, S.REPORTED], None, may.authorising,
        four_eyes=FOUND, conditions=(irregularities.left_to_correct, irregularities.declared), reason=True,
    )  # fmt: skip
    def correct(self, *, act: Act) -> Effects:
        """Take irregular expenditure back from the Union (art. 98(6), 103). Not by who found it."""
        return effects.correct(self, act)

    @move(
        _("Rattacher un recouvrement"), [S.FOUND, S.CONFIRMED, S.EXEMPT, S.REPORTED], None, may.officer_or_certifier,
        four_eyes=FOUND, conditions=(irregularities.unlinked, irregularities.recovery_to_link), reason=True,
    )  # fmt: skip
    def link(self, *, act: Act) -> Effects:
        """Tie to it a recovery of its file that was begun afterwards. Not by who found the irregularity."""
        return effects.link(self, act)

    @move(
        _("Renoncer à corriger le reste"), [S.CONFIRMED, S.EXEMPT, S.REPORTED], None, may.authorising,
        four_eyes=FOUND, conditions=(irregularities.left_to_correct, irregularities.not_waived), reason=True,
    )  # fmt: skip
    def waive(self, *, act: Act) -> Effects:
        """What no correction took back is not to be corrected, for the reason given. Not by who found it."""
        return Effects(facts={"left": irregularities.remaining(self)})

    @move(_("Clore"), [S.REPORTED, S.EXEMPT], S.CLOSED, may.decider, four_eyes=CLOSING, reason=True)
    def close(self, *, act: Act) -> Effects:
        """Corrected, or the rest given up by another, and nothing more is awaited."""
        return effects.close(self, act)
