"""Schemes of the other kinds in a test’s world, and files carried to the stage that a screen shows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.enums import Bucket, CheckKind
from backoffice.demo.actors import Case, days
from backoffice.demo.world import OPENING, World, accredit
from regions.schemes.loader import parse, shipped
from tests.shelf import kept
from workflows import administration, gate

REGION = "04"
LEAD, MEMBERS = "F01", ("F02", "F05", "F15")


@kept
def opened(world: World, code: str, mode: str = "grouped") -> World:
    """The same world under another scheme of the catalogue, as if its region were the demonstration’s own."""
    definition = _moved(parse(shipped()[code].read_text(encoding="utf-8"), code)) | {"beneficiary": {"mode": mode}}
    version = administration.propose_version(world.staff["admin"], definition, OPENING)
    scheme = administration.publish_version(world.staff["admin2"], version).scheme
    for instrument in _instruments(definition):
        administration.open_envelope(
            world.staff["admin"], scheme, OPENING.year, Bucket.CEILING, Decimal("200000.00"), instrument=instrument
        )
    other = replace(world, scheme=scheme)
    if definition["provider"]["accreditation_required"]:
        for key in world.providers:
            accredit(other, key)
    return other


def _moved(definition: dict[str, Any]) -> dict[str, Any]:
    """The seat asked is the test region’s: its people then examine the files."""
    for condition in definition["who"]["conditions"]:
        if condition.get("fact") == "seat_region":
            condition["value"] = REGION
    return definition | {"region": REGION}


def _instruments(definition: dict[str, Any]) -> list[str]:
    return [part["instrument"] for part in definition["how"].get("components", [])] or ["grant"]


@kept
def drafted(world: World, *lines: tuple[str, ...], **facts: Any) -> Case:
    """A draft of the lead firm, filled: lines are (category, label, amount[, days])."""
    with_provider = CheckKind.PROVIDER in world.scheme.version_on(OPENING).rule("examination", "checks")
    return Case(world, LEAD, "P01" if with_provider else None).fill(*lines, **facts)


@kept
def examined(case: Case) -> Case:
    """Taken, complete, every check that the scheme asks recorded, the members’ and the provider’s included."""
    case.act("officer", "accept_complete")
    for kind in case.file.scheme_version.rule("examination", "checks"):
        if kind in (CheckKind.DOCUMENTS, CheckKind.EXPORT):
            gate.record(case.by("officer"), "application", case.pk, kind, finding="green", reason="Vu.")
    if case.file.provider_id:
        gate.record(case.provider, "application", case.pk, "provider", finding="green")
    for member in case.file.members.all():
        confirm(case, member)
    days(2)
    return case


def confirm(case: Case, member: Any) -> None:
    """The member’s own manager confirms."""
    user = member.company.mandates.get().user
    gate.record(user, "application", case.pk, "member_confirm", declared_de_minimis=Decimal("0.00"))


@kept
def notified(case: Case) -> Case:
    """Filed, examined, granted, notified."""
    examined(case.file_it()).act("officer", "propose")
    days(2)
    case.act("decider", "grant", delegation="Délégation du 2 janvier 2025")
    return case.notify()
