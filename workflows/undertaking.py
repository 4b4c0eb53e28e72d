"""The single undertaking of a firm: its SIRENs, their earlier awards, and the lock on all of them.

Two firms of one group granted at the same instant take turns: each locks every SIREN of the group,
in sorted order, and the second sees what the first was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from applications.models import Application, CompanyLink, DeMinimisAward, Restructuring, SirenLock
from applications.rules import de_minimis
from applications.rules.declared_ownership import Declared, pairs
from applications.rules.restructuring import Merger, Split
from workflows.group import Party

Pair = tuple[str, str]


def on_record(sirens: Iterable[str]) -> list[Pair]:
    """Every link of the company records that hangs on some SIRENs, directly or through others."""
    known, frontier = set(sirens), set(sirens)
    links: set[Pair] = set()
    while frontier:
        rows = CompanyLink.objects.filter(
            Q(parent_siren__in=frontier) | Q(child_siren__in=frontier), valid_to__isnull=True
        ).values_list("parent_siren", "child_siren")
        links.update(rows)
        frontier = {end for link in rows for end in link} - known
        known |= frontier
    return sorted(links)


def links(declared: Declared, siren: str) -> list[Pair]:
    """The links of a firm of a file: those that its file declares, and those on record around them."""
    said = pairs(declared)
    ends = {siren, *(end for pair in said for end in pair)}
    return sorted({*said, *on_record(ends)})


def sirens_of(siren: str, known: Iterable[Pair] | None = None) -> frozenset[str]:
    """Every SIREN of the single undertaking (Reg. (EU) 2023/2831, art. 2(2)), the firm's included."""
    return de_minimis.single_undertaking(siren, on_record({siren}) if known is None else known)


def lock(sirens: Iterable[str]) -> None:
    """Lock the undertaking until the transaction ends; sorted, so that two locks never cross."""
    whole = sorted(siren for siren in set(sirens) if siren.isdigit())
    SirenLock.objects.bulk_create([SirenLock(siren=s) for s in whole], ignore_conflicts=True)
    list(SirenLock.objects.select_for_update().filter(siren__in=whole).order_by("siren"))


def awards(sirens: Iterable[str], application: Application, day: date, party: Party) -> list[dict[str, Any]]:
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


# --- mergers and splits


def restructurings(sirens: Iterable[str]) -> list[dict[str, Any]]:
    """The mergers and splits that gave some firms what others had been, back to the first."""
    known, frontier = set(sirens), set(sirens)
    found: dict[int, Any] = {}
    while frontier:
        divided = Restructuring.objects.filter(after__in=frontier).values("before")
        rows = Restructuring.objects.filter(Q(after__in=frontier) | Q(kind="split", before__in=divided))
        fresh = rows.exclude(pk__in=found).order_by("effective_on", "pk")
        found |= {row["id"]: row for row in fresh.values("id", "kind", "effective_on", "before", "after", "equity")}
        frontier = {row["before"] for row in found.values()} - known
        known |= frontier
    ordered = sorted(found.values(), key=lambda row: (row["effective_on"], row["id"]))
    return [{name: value for name, value in row.items() if name != "id"} for row in ordered]


def predecessors(sirens: Iterable[str], events: Iterable[dict[str, Any]]) -> frozenset[str]:
    """The firms and all that they have been: whose awards may count."""
    return frozenset(sirens).union(event["before"] for event in events)


def restructuring_events(rows: Iterable[dict[str, Any]]) -> list[Merger | Split]:
    """The rows as the rule reads them: a split gathers its successors. Pure."""
    mergers = [
        Merger(row["effective_on"], frozenset({row["before"]}), row["after"]) for row in rows if row["kind"] == "merger"
    ]
    splits: dict[tuple[date, str], dict[str, Any]] = {}
    for row in rows:
        if row["kind"] == "split":
            splits.setdefault((row["effective_on"], row["before"]), {})[row["after"]] = row["equity"]
    return [*mergers, *(Split(on, divided, equity) for (on, divided), equity in splits.items())]
