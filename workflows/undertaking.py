"""The single undertaking of a firm: its SIRENs, their earlier awards, and the lock on all of them.

Two firms of one group granted at the same instant take turns: each locks every SIREN of the group,
in sorted order, and the second sees what the first was given.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from applications.models import Application, CompanyLink, DeMinimisAward, SirenLock
from applications.rules import de_minimis
from workflows.group import Party


def sirens_of(siren: str) -> frozenset[str]:
    """Every SIREN of the single undertaking (Reg. (EU) 2023/2831, art. 2(2)), the firm's included."""
    known, frontier = {siren}, {siren}
    links: set[tuple[str, str]] = set()
    while frontier:
        rows = CompanyLink.objects.filter(
            Q(parent_siren__in=frontier) | Q(child_siren__in=frontier), valid_to__isnull=True
        ).values_list("parent_siren", "child_siren")
        links.update(rows)
        frontier = {end for link in rows for end in link} - known
        known |= frontier
    return de_minimis.single_undertaking(siren, sorted(links))


def lock(sirens: frozenset[str]) -> None:
    """Lock the undertaking until the transaction ends; sorted, so that two locks never cross."""
    SirenLock.objects.bulk_create([SirenLock(siren=s) for s in sorted(sirens)], ignore_conflicts=True)
    list(SirenLock.objects.select_for_update().filter(siren__in=sirens).order_by("siren"))


def awards(sirens: frozenset[str], application: Application, day: date, party: Party) -> list[dict[str, Any]]:
    """Earlier awards as the rule reads them: the register's, and what the firm declared."""
    rows: Any = (
        DeMinimisAward.objects.filter(siren__in=sirens)
        .exclude(application=application)
        .order_by("granted_on", "id")
        .values("siren", "granted_on", "amount", "regulation")
    )
    siren, declared = party.company.siren, party.declared
    stated = [{"siren": siren, "granted_on": day, "amount": declared, "regulation": "2023/2831"}]
    return [*rows, *(stated if declared else [])]
