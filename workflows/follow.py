"""What the flow does when the gate has spoken: the human tasks are made true to the file.

An act that answers an open task finishes it, and the flow's own edges open the next. A move that
jumps (a withdrawal, a request for items in the middle of the checks) cancels what no longer holds
and enters the flow where the file now stands. The caller holds the locks of file and process.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viewflow.workflow.activation import Activation
from viewflow.workflow.status import PROCESS, STATUS

from applications.enums import ENDED, ApplicationState
from applications.models import Application
from regions.models import User
from workflows.conditions import LIVE_CLAIMS
from workflows.flows import FLOWS
from workflows.flows.base import human_checks, payment_node, scope_of
from workflows.models import CaseProcess, Event

CLOSED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
HUMAN = "HUMAN"

# The act that answers each task; an act named nowhere only makes the tasks follow the file.
ANSWERS: dict[str, str] = {
    "application.accept_complete": "examine",
    "application.answer": "answer",
    "application.expire": "answer",
    "record.documents": "documents",
    "record.provider": "provider",
    "record.export": "export",
    "record.member_confirm": "members",
    "record.share_received": "share",
    "record.report": "report",
    "record.conformity": "validate",
    "application.propose": "propose",
    "application.send_back": "decide",
    "application.grant": "decide",
    "application.refuse": "decide",
    "application.notify": "notify",
    "application.lapse": "lapse",
    "application.complete": "close",
    "claim.submit": "claim",
    "claim.control": "control",
    "claim.request_items": "control",
    "claim.answer": "answer_claim",
    "claim.expire": "answer_claim",
    "claim.send_back": "certify",
    "claim.verify": "certify",
    "claim.reject": "certify",
    "order.prepare": "order",
    "order.sign": "sign",
    "order.send": "send",
    "order.reject": "accountant",
    "claim.settle": "accountant",
}
BY_STATE: dict[str, str] = {
    ApplicationState.SUBMITTED: "examine",
    ApplicationState.TO_COMPLETE: "answer",
    ApplicationState.PROPOSED: "decide",
    ApplicationState.GRANTED: "notify",
}


def follow(file: Application, event: Event) -> None:
    """Bring the tasks of a file in line with the act just made."""
    process = _process(file)
    if process is None:
        _begin(file)
        return
    opened = _opened(process)
    answered = opened.get(ANSWERS.get(event.act, ""))
    expected = expected_tasks(file)
    if answered is not None and answered.flow_task.name not in expected:
        _finish(answered, event.actor)
        opened = _opened(process)
    _correct(file, process, opened, expected)
    if event.act == "record.take":
        take(file, event.actor)


def _process(file: Application) -> CaseProcess | None:
    process = CaseProcess.objects.filter(case_id=file.pk).first()
    if process is not None:
        process.case = file
    return process


def _begin(file: Application) -> None:
    """The process starts when the file is filed; a draft has none."""
    if file.state != ApplicationState.DRAFT:
        flow_of(file).start.run(case=file)


def flow_of(file: Application) -> Any:
    """The flow of the file's kind of aid."""
    return FLOWS[file.scheme_version.scheme.kind]


def _opened(process: CaseProcess) -> dict[str, Any]:
    """Name → open human task of a process."""
    tasks = process.task_set.filter(flow_task_type=HUMAN).exclude(status__in=CLOSED)
    return {task.flow_task.name: task for task in tasks}


def expected_tasks(file: Application) -> frozenset[str]:
    """The human tasks that a file's status and records ask for, whatever happened before."""
    if file.state == ApplicationState.DRAFT or is_over(file):
        return frozenset()
    if file.state == ApplicationState.EXAMINING:
        return _examining(file)
    return frozenset([BY_STATE.get(file.state) or payment_node(file)])


def _examining(file: Application) -> frozenset[str]:
    return frozenset(human_checks(file)) or frozenset(["propose"])


def is_over(file: Application) -> bool:
    """A file that ended, and whose last payment did not come back."""
    return file.state in ENDED and not file.claims.filter(state__in=LIVE_CLAIMS).exists()


def _entry(file: Application) -> str:
    """The node by which a file enters the flow where it now stands."""
    if is_over(file):
        return "ended"
    if file.state == ApplicationState.EXAMINING:
        return "to_check"
    return BY_STATE.get(file.state, "follow_up")


def _finish(task: Any, actor: User) -> None:
    """Finish a task in the name of who made the act; the flow opens the next."""
    activation = task.flow_task.activation_class(task)
    if task.status == STATUS.ASSIGNED:
        activation.reassign(actor)
    else:
        activation.assign(actor)
    activation.start(None)
    activation.execute()


def _correct(file: Application, process: CaseProcess, opened: dict[str, Any], expected: Iterable[str]) -> None:
    """Cancel what the file no longer asks for, and enter the flow when something is missing.

    A task keeps the right it was opened with: when the provider changed, his is opened anew.
    """
    same = set(opened) == set(expected) and (opened or process.status == PROCESS.DONE)
    if same and all(task.owner_permission == scope_of(task.flow_task, file) for task in opened.values()):
        return
    _cancel_all(process)
    _enter(file, process)


def _cancel_all(process: CaseProcess) -> None:
    for task in process.task_set.exclude(status__in=CLOSED):
        task.flow_task.activation_class(task).cancel()


def _enter(file: Application, process: CaseProcess) -> None:
    """Open the flow at the node where the file stands, as a successor of its start."""
    if process.status == PROCESS.DONE:
        process.status, process.finished = PROCESS.NEW, None
        process.save(update_fields=["status", "finished"])
    start = Activation(process.task_set.get(flow_task_type="START"))
    start.process = process
    node = flow_of(file).instance.node(_entry(file))
    start._activate_next({node._create(start, start.task.token)})


def rebuild(file: Application) -> None:
    """Make the open tasks of a file anew from its status and records."""
    process = _process(file)
    if process is None:
        _begin(file)
        process = _process(file)
    if process is not None:
        _cancel_all(process)
        _enter(file, process)


def live_tasks(file: Application) -> dict[str, str]:
    """Name → scoped permission of the open human tasks of a file."""
    process = _process(file)
    opened = _opened(process) if process else {}
    return {name: task.owner_permission for name, task in opened.items()}


def take(file: Application, user: User) -> None:
    """Assign the officer's open tasks to who took the file."""
    process = _process(file)
    for task in _opened(process).values() if process else ():
        if task.owner_permission.startswith("officer:") and task.status == STATUS.NEW:
            task.flow_task.activation_class(task).assign(user)
