"""How complete the data of annex XVII are for a file, months before an audit: what is known, missing, or still to come.

In grouped mode the operation's own fields are the region's; field 25 is the firm. A field that is not
due yet (a payment before it is made) is no gap: it counts neither as filled nor as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, ClaimState, OrderState, PaymentApplicationState
from applications.models import Application, Operation
from applications.rules.annex_17 import ALWAYS, CASE, FIELDS, Field
from applications.rules.indicators import FOLLOWED
from reporting import follow_up
from workflows.follow_up import standing

LATER, NO_CASE = object(), object()
"""Not due yet; and a case that does not arise."""
CODES = (
    "intervention_field", "form_of_support", "territorial_delivery", "economic_activity", "location", "gender",
)  # fmt: skip
OPERATION, FILE, FIRM, CLAIM, DECLARATION = "operation", "file", "firm", "claim", "declaration"
PLACES = {
    OPERATION: _("fiche de l’opération"),
    FILE: _("résultats du projet, donnés par l’entreprise"),
    FIRM: _("l’entreprise et sa décision"),
    CLAIM: _("demande de paiement"),
    DECLARATION: _("déclarations FEDER"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that should be filled and is not: where it is filled, in words and by the name of an address."""

    field: Field
    place: str

    @property
    def where(self) -> Any:
        return PLACES[self.place]


@dataclass(frozen=True, slots=True)
class Meter:
    """Of the fields that apply today: how many are known, which are missing; how many come later."""

    known: int
    missing: tuple[Gap, ...]
    later: int

    @property
    def due(self) -> int:
        return self.known + len(self.missing)

    @property
    def complete(self) -> bool:
        return not self.missing


@dataclass
class Case:
    """A file with what its fields are read from; each relation is asked once."""

    file: Application
    today: Any

    @cached_property
    def operation(self) -> Operation:
        found: Any = self.file.operation
        return found

    @cached_property
    def programme(self) -> Any:
        return self.operation.specific_objective.priority.programme

    @cached_property
    def targets(self) -> list[Any]:
        return list(self.operation.targets.all())

    @cached_property
    def claims(self) -> list[Any]:
        return list(self.file.claims.exclude(state=ClaimState.DRAFT))

    @cached_property
    def paid_on(self) -> Any:
        return self.file.orders.filter(state=OrderState.PAID).aggregate(last=Max("paid_on"))["last"]

    @cached_property
    def applications(self) -> list[Any]:
        """The payment applications sent that hold a line of the file."""
        lines = self.file.declared_lines.filter(
            live=True, claim__payment_application__state=PaymentApplicationState.SENT
        )
        return list(lines.values_list("claim__payment_application__sent_at", flat=True).distinct())

    @cached_property
    def corrected(self) -> bool:
        return self.file.corrections.exists()

    @property
    def grouped(self) -> bool:
        return self.operation.is_grouped

    @property
    def regime(self) -> str:
        return str(self.file.scheme_version.rule("legal_basis", default="de_minimis"))

    @property
    def granted(self) -> bool:
        return self.file.decided_on is not None and self.file.state in (
            ApplicationState.GRANTED, ApplicationState.RUNNING, ApplicationState.COMPLETED,
        )  # fmt: skip

    def since(self, happened: Any, value: Any) -> Any:
        """A value once something has happened; before, the field is not due."""
        return value if happened else LATER


def _firm(case: Case) -> Any:
    """Field 25: each part of it, once the grant is decided."""
    if not case.grouped:
        return NO_CASE
    grant = getattr(case.file, "agreement", None) if case.granted else None
    parts = (case.file.company.name, case.file.company.siren, case.file.decided_on, grant)
    return case.since(case.granted, all(parts) or None)


def _verified(case: Case, value: Any = True) -> Any:
    done = any(claim.state in (ClaimState.VERIFIED, ClaimState.SETTLED) for claim in case.claims)
    return case.since(done, value)


def _results(case: Case) -> Any:
    """The baseline once the grant is decided, the results about a year after the end of the project."""
    if not case.granted:
        return LATER
    if case.file.digital_intensity_before is None:
        return None
    asked = follow_up.asked_on(case.file)
    if asked is None or case.today < asked:
        return True
    promised = any(target.code in FOLLOWED for target in case.targets)
    told = not promised or standing(case.file) is not None
    return case.file.digital_intensity_after if told else None


def _indicators(case: Case, letter: str) -> Any:
    return [target for target in case.targets if target.code.startswith(letter)] or None


def _state_aid(case: Case) -> Any:
    return case.since(case.paid_on, True) if case.regime != "de_minimis" else NO_CASE


def _of_operation(name: str) -> Callable[[Case], Any]:
    return lambda case: getattr(case.operation, name)


def _known(case: Case) -> Any:
    """What the system itself answers for every operation that it holds."""
    return True


# Number → how it is read, and where it is filled. A field that may arise and is not here does not arise.
READ: Mapping[int, tuple[Callable[[Case], Any], str]] = {
    1: (lambda case: case.operation.beneficiary_name and case.operation.beneficiary_id, OPERATION),
    2: (_of_operation("beneficiary_id"), OPERATION),
    # A public body has no beneficial owner; a firm's are read in the register by its number (art. 69, annex XVII).
    3: (lambda case: True if case.grouped else case.file.company.siren, FIRM),
    4: (_known, OPERATION),
    7: (_of_operation("contact"), OPERATION),
    9: (lambda case: case.operation.name and case.operation.code, OPERATION),
    10: (_of_operation("description"), OPERATION),
    11: (_known, OPERATION),
    12: (_known, OPERATION),
    14: (_of_operation("submitted_on"), OPERATION),
    15: (_of_operation("starts_on"), OPERATION),
    16: (_of_operation("ends_on"), OPERATION),
    17: (lambda case: case.since(case.file.state == ApplicationState.COMPLETED, case.file.completed_on), FILE),
    18: (_of_operation("decided_by"), OPERATION),
    19: (_of_operation("decided_on"), OPERATION),
    20: (_known, OPERATION),
    21: (_known, OPERATION),
    22: (_known, OPERATION),
    25: (_firm, FIRM),
    27: (_known, OPERATION),
    28: (lambda case: case.programme.cci, OPERATION),
    29: (lambda case: case.operation.specific_objective.priority.code, OPERATION),
    30: (_known, OPERATION),
    35: (lambda case: case.programme.category_of_region, OPERATION),
    46: (lambda case: all(getattr(case.operation, name) for name in CODES) or None, OPERATION),
    49: (lambda case: _indicators(case, "RCO"), OPERATION),
    50: (lambda case: _indicators(case, "RCO"), OPERATION),
    52: (lambda case: _indicators(case, "RCR"), OPERATION),
    55: (_results, FILE),
    56: (_of_operation("eligible_cost"), OPERATION),
    57: (_of_operation("eligible_cost"), OPERATION),
    58: (_of_operation("erdf_support"), OPERATION),
    70: (lambda case: case.since(case.claims, all(claim.received_at for claim in case.claims) or None), CLAIM),
    71: (lambda case: case.since(case.paid_on, case.paid_on), CLAIM),
    72: (lambda case: case.since(case.paid_on, case.paid_on), CLAIM),
    73: (lambda case: case.since(case.applications, True), DECLARATION),
    76: (_verified, CLAIM),
    77: (lambda case: LATER, CLAIM),
    78: (_verified, CLAIM),
    79: (_verified, CLAIM),
    80: (_verified, CLAIM),
    102: (lambda case: True if case.corrected else NO_CASE, DECLARATION),
    103: (lambda case: True if case.corrected else NO_CASE, DECLARATION),
    104: (lambda case: True if case.corrected else NO_CASE, DECLARATION),
    105: (lambda case: case.since(case.applications, True), DECLARATION),
    106: (lambda case: case.since(case.applications, True), DECLARATION),
    107: (lambda case: case.since(case.applications, True), DECLARATION),
    111: (_state_aid, CLAIM),
    **{number: (lambda case: LATER, DECLARATION) for number in range(124, 131)},
}


def meter(file: Application, today: Any) -> Meter | None:
    """The meter of a file that belongs to an operation; None for another. The fields of instruments do not count."""
    if file.operation is None:
        return None
    known, later, gaps = 0, 0, []
    for field, value, place in _read(Case(file, today)):
        if value is LATER:
            later += 1
        elif value in (None, "", []):
            gaps.append(Gap(field, place))
        else:
            known += 1
    return Meter(known, tuple(gaps), later)


def _read(case: Case) -> Iterator[tuple[Field, Any, str]]:
    """Each field that applies to the file, what it holds and where it is filled."""
    for field in FIELDS:
        ask, place = READ.get(field.number, (None, OPERATION))
        value = ask(case) if ask and field.when in (ALWAYS, CASE) else NO_CASE
        if value is not NO_CASE:
            yield field, value, place
