"""The parts that flows are made from: each call makes new nodes, since two flows may not share one.

A kind of aid has its own checks and its own words; from the notification on, what a file waits for is
said by its scheme's payment model, so the payment part is the same for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation

from workflows.flows import base
from workflows.flows.base import FLOW_LOCK, at, of_firm, of_provider, of_region, task
from workflows.models import CaseProcess

Nodes = dict[str, Any]
# After the notification: each node with the scope of those whose task it is.
PAYMENT: Mapping[str, tuple[str | Promise, Any]] = {
    "share": (_("Verser sa part"), of_firm),
    "report": (_("Rendre compte de la mission"), of_provider),
    "validate": (_("Valider le rapport"), of_firm),
    "claim": (_("Demander le paiement"), of_firm),
    "control": (_("Contrôler la demande"), of_region("officer")),
    "answer_claim": (_("Compléter la demande"), of_firm),
    "certify": (_("Certifier le service fait"), of_region("certifier")),
    "order": (_("Préparer le mandat"), of_region("liquidator")),
    "sign": (_("Signer le mandat"), of_region("authorising")),
    "send": (_("Transmettre au comptable"), of_region("authorising")),
    "accountant": (_("Payer"), of_region("accountant")),
    "lapse": (_("Constater la caducité"), of_region("decider")),
    "close": (_("Solder le dossier"), of_region("officer")),
}


def completeness(label: str | Promise) -> Nodes:
    """From filing to a complete file."""
    return {
        "start": flow.StartHandle(this.begin).Next(this.examine),
        "examine": task(label, of_region("officer")).Next(this.is_complete),
        "is_complete": flow.Switch().Case(this.answer, base.asks_items).Default(this.to_check),
        "answer": task(_("Fournir les pièces demandées"), of_firm).Next(this.examine),
        "to_check": flow.Switch().Case(this.split, base.asks_checks).Default(this.propose),
    }


def checks(asked: Mapping[str, tuple[str | Promise, Any]]) -> Nodes:
    """Checks that persons make side by side, and the join; a check's node bears its kind's name."""
    split = flow.Split()
    for kind in asked:
        split = split.Next(getattr(this, kind), case=base.asks(kind))
    tasks = {kind: task(label, scope).Next(this.join) for kind, (label, scope) in asked.items()}
    return {"split": split, **tasks, "join": flow.Join().Next(this.propose)}


def decision() -> Nodes:
    """From the proposal to the notification."""
    return {
        "propose": task(_("Proposer"), of_region("officer")).Next(this.decide),
        "decide": task(_("Décider"), of_region("decider")).Next(this.decided),
        "decided": flow.Switch()
        .Case(this.to_check, base.is_examined_again)
        .Case(this.notify, base.is_granted)
        .Default(this.ended),
        "notify": task(_("Notifier"), of_region("notifier")).Next(this.follow_up),
    }


def payment() -> Nodes:
    """From the notification to the end: every step returns to one branch that reads where the file stands."""
    branch = flow.Switch()
    for name in PAYMENT:
        branch = branch.Case(getattr(this, name), at(name))
    tasks = {name: task(label, scope).Next(this.follow_up) for name, (label, scope) in PAYMENT.items()}
    return {"follow_up": branch.Default(this.ended), **tasks, "ended": flow.End()}


def begin(self: Any, activation: Activation, case: Any) -> CaseProcess:
    """The process of a file begins when it is filed."""
    activation.process.case = case
    process: CaseProcess = activation.process
    return process


def make(name: str, module: str, title: str | Promise, doc: str, *parts: Nodes) -> Any:
    """A flow class made of these parts; `module` is where it is found again by name."""
    nodes: Nodes = {key: node for part in parts for key, node in part.items()}
    head = {
        "__module__": module, "__doc__": doc, "process_class": CaseProcess, "process_title": title,
        "lock_impl": FLOW_LOCK, "begin": begin,
    }  # fmt: skip
    return type(flow.Flow)(name, (flow.Flow,), head | nodes)


__all__ = ["checks", "completeness", "decision", "make", "of_firm", "of_provider", "of_region", "payment"]
