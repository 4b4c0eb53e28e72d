"""What every flow is made of: a human task with a scoped right, the part every payment shares, and the questions.

Nodes have no effects and never call the gate: branches read the file that the gate has just written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from viewflow.workflow import flow, lock
from viewflow.workflow.activation import Activation

from applications.enums import ENDED, ApplicationState, CheckKind, ClaimState, OrderState
from workflows import payees, project
from workflows.conditions import LIVE_CLAIMS, pending_checks

FLOW_LOCK = lock.SelectForUpdateLock(nowait=False, attempts=1)
HUMAN_CHECKS = (CheckKind.DOCUMENTS, CheckKind.PROVIDER, CheckKind.MEMBERS, CheckKind.EXPORT)
ClaimNode = str

CLAIM_NODES = {
    ClaimState.SUBMITTED: "control",
    ClaimState.TO_COMPLETE: "answer_claim",
    ClaimState.CHECKED: "certify",
}
ORDER_NODES = {
    OrderState.PREPARED: "sign",
    OrderState.SIGNED: "send",
    OrderState.SENT: "accountant",
    OrderState.PAID: "accountant",
}


def file_of(activation: Activation) -> Any:
    """The file that a process follows."""
    return activation.process.case


def task(label: str | Promise, scope: Callable[[Any], str]) -> Any:
    """A human task: its words, and the scoped permission of those who may see it."""

    def permission(activation: Activation) -> str:
        return scope(file_of(activation))

    permission.scope = scope  # type: ignore[attr-defined]
    return flow.View(None).Annotation(title=label).Permission(permission)


def scope_of(node: Any, file: Any) -> str:
    """The scoped permission that a node's task has for a file now."""
    return str(node._owner_permission.scope(file))


def of_region(role: str) -> Callable[[Any], str]:
    """The scope of a role in the file's region: « officer:R-04 »."""

    def scope(file: Any) -> str:
        return f"{role}:R-{file.region.code}"

    return scope


def of_firm(file: Any) -> str:
    return f"firm:C-{file.company_id}"


def of_provider(file: Any) -> str:
    return f"provider:P-{file.provider_id}"


# --- questions of the branches


def asks_items(activation: Activation) -> bool:
    """The file waits for missing items."""
    return bool(file_of(activation).state == ApplicationState.TO_COMPLETE)


def asks(kind: str) -> Callable[[Activation], bool]:
    """Whether a check is asked for by the scheme and still missing."""

    def ask(activation: Activation) -> bool:
        return kind in pending_checks(file_of(activation))

    ask.__name__ = f"asks_{kind}"
    return ask


def asks_checks(activation: Activation) -> bool:
    """At least one check is made by a person and still missing."""
    return bool(human_checks(file_of(activation)))


def human_checks(file: Any) -> list[str]:
    """The checks that persons make, asked for by the scheme and still missing."""
    return [kind for kind in pending_checks(file) if kind in HUMAN_CHECKS]


def is_examined_again(activation: Activation) -> bool:
    """The decider returned the file."""
    return bool(file_of(activation).state == ApplicationState.EXAMINING)


def is_granted(activation: Activation) -> bool:
    return bool(file_of(activation).state == ApplicationState.GRANTED)


def at(node: str) -> Callable[[Activation], bool]:
    """Whether the payment part of the file now stands at this node."""

    def ask(activation: Activation) -> bool:
        return payment_node(file_of(activation)) == node

    ask.__name__ = f"stands_at_{node}"
    return ask


def payment_node(file: Any) -> str:
    """Where a notified file stands: at the task that its live claim or order asks for."""
    claim = file.claims.filter(state__in=LIVE_CLAIMS).first()
    if claim is not None:
        return _claim_node(claim)
    if file.state in ENDED:
        return "ended"
    if file.lapse_proposed_on:
        return "lapse"
    settled = file.claims.filter(state=ClaimState.SETTLED, is_final=True).exists()
    return "close" if settled else project.awaited(file)


def _claim_node(claim: Any) -> str:
    if claim.state != ClaimState.VERIFIED:
        return CLAIM_NODES[ClaimState(claim.state)]
    if payees.to_order(claim):
        return "order"
    states = set(claim.orders.filter(state__in=list(ORDER_NODES)).values_list("state", flat=True))
    return next(node for state, node in ORDER_NODES.items() if state in states)
