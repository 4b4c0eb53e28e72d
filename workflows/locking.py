"""Fetch for the user and lock, in the house's order: file, process, then what hangs on the file.

A row that the person may not know of is not found: a stranger learns nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import (
    Application,
    AuditFinding,
    BankChange,
    Claim,
    Company,
    Irregularity,
    Operation,
    PaymentOrder,
    Recovery,
)
from applications.models.application import live
from regions.models import Programme, Provider, User
from workflows.acts import NotFound
from workflows.machines.application import ApplicationMachine
from workflows.models import CaseProcess

ON_A_FILE = (Claim, PaymentOrder, Recovery, Irregularity, AuditFinding)


def locked(user: User, machine: Any, pk: int) -> Any:
    """The row behind a machine, visible to the user and locked; raises NotFound."""
    visible = machine.objects.for_user(user).filter(pk=pk)
    if issubclass(machine, ON_A_FILE):
        return _on_its_file(machine, visible, pk)
    if not visible.exists():
        raise NotFound(_("Aucun dossier à cette adresse."))
    if issubclass(machine, BankChange):
        _lock_payee(visible.values_list("company_id", "provider_id")[0])
    return lock_file(pk) if issubclass(machine, Application) else _lock_row(machine, pk)


def _on_its_file(machine: Any, visible: Any, pk: int) -> Any:
    file_pk = visible.values_list("application_id", flat=True).first()
    if file_pk is None:
        raise NotFound(_("Aucun dossier à cette adresse."))
    file = lock_file(file_pk)
    target = _lock_row(machine, pk)
    target.application = file
    return target


def _lock_payee(keys: tuple[int | None, int | None]) -> None:
    company, provider = keys
    if company is not None:
        lock_company(company)
    if provider is not None:
        lock_provider(provider)


def lock_company(pk: int) -> Company:
    """Lock a firm: its bank details and the requests to change them take turns."""
    return Company.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)


def lock_provider(pk: int) -> Provider:
    """Lock a provider: its bank details and the requests to change them take turns."""
    return Provider.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_operation(user: User, pk: int) -> Operation:
    """Lock an operation of the person's regions: its claims are numbered one after the other."""
    rows = Operation.objects.select_for_update(of=("self",)).select_related(
        "region", "specific_objective__priority__programme"
    )
    return _of_a_region(rows, user, pk)


def lock_programme(user: User, pk: int) -> Programme:
    """Lock a programme of the person's regions: its payment applications are numbered one after the other."""
    return _of_a_region(Programme.objects.select_for_update(of=("self",)).select_related("region"), user, pk)


def _of_a_region(rows: Any, user: User, pk: int) -> Any:
    found = rows.filter(pk=pk, region__in=live(user.roles, None).values("region")).first()
    if found is None:
        raise NotFound(_("Aucun dossier à cette adresse."))
    return found


def _lock_row(model: Any, pk: int) -> Any:
    return model.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_file(pk: int) -> ApplicationMachine:
    """Lock a file and then its process, the first two of the house's lock order."""
    file: ApplicationMachine = (
        ApplicationMachine.objects.select_for_update(of=("self",))
        .select_related("region", "scheme_version__scheme", "company__region", "envelope", "manager", "provider")
        .get(pk=pk)
    )
    list(CaseProcess.objects.select_for_update(of=("self",)).filter(case_id=pk).values_list("pk"))
    return file
