"""What each move of a recovery writes and asks. Euro."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking
from applications.enums import Bucket, RecoveryReason
from workflows import interest
from workflows.acts import Act, Denied, Effects
from workflows.machines import awards

OBSERVATION_DAYS = 15
PAYMENT_DAYS = 30


def _days(recovery: Any, name: str, default: int) -> int:
    """A delay of the scheme's own rules; the defaults are the house's and have to be confirmed."""
    return int(recovery.application.scheme_version.rule("when", name, default=default))


def open_(recovery: Any, act: Act) -> Effects:
    if act.facts.get("reason_code") not in RecoveryReason.values:
        raise Denied(_("Indiquer le motif du recouvrement dans la liste."))
    recovery.claim = act.facts.get("claim")
    return _found(recovery, act, act.facts["reason_code"])


def after_revocation(recovery: Any, act: Act) -> Effects:
    recovery.answer_by, recovery.observed_on = act.facts["answer_by"], act.facts["observed_on"]
    return _found(recovery, act, RecoveryReason.REVOKED)


def _found(recovery: Any, act: Act, reason: str) -> Effects:
    recovery.reason, recovery.amount, recovery.found_on = reason, act.facts["amount"], act.day
    rank = recovery.application.recoveries.count() + 1
    recovery.number = f"R-{recovery.application.reference}-{rank}"
    return Effects(facts={"amount": recovery.amount, "reason": reason, "number": recovery.number})


def hear(recovery: Any, act: Act) -> Effects:
    recovery.answer_by = act.day + timedelta(days=_days(recovery, "observation_days", OBSERVATION_DAYS))
    return Effects(facts={"answer_by": recovery.answer_by, "amount": recovery.amount}, letters=["recovery_hearing"])


def observe(recovery: Any, act: Act) -> Effects:
    recovery.observed_on = act.day
    return Effects()


def order(recovery: Any, act: Act) -> Effects:
    number = str(act.facts.get("order_number", "")).strip()
    if not number:
        raise Denied(_("Indiquer le numéro du titre de recettes."))
    recovery.order_number, recovery.ordered_on = number, act.day
    recovery.due_on = act.day + timedelta(days=_days(recovery, "recovery_days", PAYMENT_DAYS))
    return Effects(
        facts={
            "order_number": number,
            "due_on": recovery.due_on,
            "amount": recovery.amount,
            "delegation": str(act.facts.get("delegation", "")),
        },
        letters=["recovery_order"],
    )


def end(recovery: Any, act: Act) -> Effects:
    recovery.ended_on = act.day
    return Effects(facts={"amount": recovery.amount})


def collect(recovery: Any, act: Act) -> Effects:
    """What came in is booked: it lessens the expenditure, and never what was paid."""
    amount = act.facts["amount"]
    recovery.collected += amount
    awards.give_back(recovery.application, act, amount)
    return Effects(
        facts={name: act.facts.get(name) for name in ("amount", "reference", "value_date", "read_by")},
        bookings=[Booking(Bucket.RECOVERED, amount)],
        effective_on=act.facts.get("value_date"),
    )


def collect_all(recovery: Any, act: Act) -> Effects:
    """The last receipt: the interest on the days past the due date is recorded apart, and told to the firm."""
    rows = interest.charge(recovery, act)
    recovery.ended_on = act.day
    effects = collect(recovery, act)
    if interest.total(rows):
        effects.facts["interest"], effects.letters = interest.total(rows), ["recovery_interest"]
    return effects


def write_off(recovery: Any, act: Act) -> Effects:
    recovery.vote, recovery.ended_on = str(act.facts["vote"]).strip(), act.day
    return Effects(facts={"vote": recovery.vote, "remaining": recovery.remaining})
