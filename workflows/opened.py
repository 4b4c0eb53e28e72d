"""An auditor's reading trail: which files he opened, so that he can go on where he stopped. His alone.

It is no act and leaves no event. Whoever reads it gives the reader: there is no way to ask who opened a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from applications.models import Application
from applications.models.application import live
from regions import clock
from regions.enums import RoleKind
from regions.models import Role, User
from workflows.models import FileOpened


def note(reader: User, file: Application) -> None:
    """The reader opens a file: its row is begun, or counts once more."""
    now = clock.now()
    if not of(reader).filter(application=file).update(last_at=now, times=F("times") + 1):
        FileOpened.objects.get_or_create(user=reader, application=file, defaults={"first_at": now, "last_at": now})


def of(reader: User) -> QuerySet[FileOpened]:
    """The reader's own rows."""
    return FileOpened.objects.filter(user=reader)


def last(reader: User, references: Iterable[str]) -> dict[str, datetime]:
    """When the reader last opened each of some files, by reference; one query."""
    rows = of(reader).filter(application__reference__in=list(references))
    return dict(rows.values_list("application__reference", "last_at"))


def forget() -> int:
    """Empty the trail of those who no longer audit the region of the file, or whose account is closed; how many."""
    kind = RoleKind.AUDITOR
    mine = Role.objects.filter(
        user=OuterRef("user"), region=OuterRef("application__region"), kind=kind, user__is_active=True
    )
    count, _tables = FileOpened.objects.exclude(Exists(live(mine, None))).delete()
    return count
