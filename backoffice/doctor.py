"""What is wrong with an installation, and what to do: each question has one answer in one sentence.

It reads everything and writes nothing, apart from a probe file in each folder that must be writable.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core import checks, mail
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from applications.models import Document
from applications.services import store
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, Role, SchemeVersion
from regions.models.people import in_force
from workflows import seal_proofs
from workflows.ledger_check import check_ledger
from workflows.models import Deadline, Job, OutboxMessage, Seal

PATIENCE = timedelta(hours=1)
MOST_NAMED = 5


class Health(StrEnum):
    """How a part is; only BAD fails the command."""

    GOOD = "ok"
    DOUBT = "look"
    BAD = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    part: str
    health: Health
    sentence: str


def good(part: str, sentence: str) -> Finding:
    return Finding(part, Health.GOOD, sentence)


def bad(part: str, sentence: str) -> Finding:
    return Finding(part, Health.BAD, sentence)


def doubt(part: str, sentence: str) -> Finding:
    return Finding(part, Health.DOUBT, sentence)


def examine() -> Iterator[Finding]:
    """Every question in turn; without a database that answers, those about its content are not asked."""
    yield python()
    base = database()
    yield base
    yield from (question() for question in HOUSE)
    if base.health == Health.GOOD:
        yield from (question() for question in CONTENT)


# --- the house


def python() -> Finding:
    said = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return good("python", said) if sys.version_info >= (3, 11) else bad("python", f"{said}: 3.11 or newer is needed.")


def database() -> Finding:
    """It answers, and its tables are those of this release."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return bad("database", f"It does not answer ({error}): check its address and its server.")
    if waiting:
        return bad("database", f"{len(waiting)} migrations are waiting: run manage.py migrate.")
    return good("database", f"{connection.vendor}, tables up to date")


def settings_checks() -> Finding:
    """The framework's own checks, those of the triggers that guard events and ledger included."""
    found = [one for one in checks.run_checks(databases=["default"]) if one.level >= checks.WARNING]
    if found:
        return bad("checks", "; ".join(str(one.msg) for one in found[:MOST_NAMED]))
    return good("checks", "settings and guards hold")


def folders() -> Finding:
    """Documents and seals can be written."""
    for name in ("GUICHET_DOCUMENTS_DIR", "GUICHET_SEALS_DIR"):
        folder = Path(getattr(settings, name))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-"):
                pass
        except OSError as error:
            return bad("folders", f"{name} cannot be written ({error.strerror}): {folder}.")
    return good("folders", "documents and seals can be written")


def mail_server() -> Finding:
    """The server takes a connection with the credentials given; nothing is sent."""
    sender = mail.get_connection()
    try:
        sender.open()
        sender.close()
    except OSError as error:
        return bad("mail", f"The mail server does not answer ({error}): check GUICHET_EMAIL_URL.")
    return good("mail", type(sender).__module__.rpartition(".")[2])


def broker() -> Finding:
    """The broker only wakes the worker: without it jobs wait for the next sweep."""
    try:
        with current_app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, timeout=3)
    except (OSError, OperationalError) as error:
        return bad("broker", f"It does not answer ({error}): check GUICHET_BROKER_URL.")
    return good("broker", "answers")


def catalogue() -> Finding:
    compiled = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    if compiled.is_file():
        return good("languages", "French and English")
    return bad("languages", "The English pages are not compiled: run tools/messages.py compile.")


def source() -> Finding:
    """Whoever uses the pages may have the source of this very installation (AGPL-3.0, section 13)."""
    if "example.org" in settings.GUICHET_SOURCE_URL and not settings.GUICHET_SIMULATED_CLOCK:
        return bad("source", "The pages link to no source: set GUICHET_SOURCE_URL.")
    return good("source", settings.GUICHET_SOURCE_URL)


# --- what it holds


def worker() -> Finding:
    """A deadline that passed an hour ago and is still open means that no scheduler, or no worker, runs."""
    late = Deadline.objects.filter(closed_at=None, due_at__lt=clock.now() - PATIENCE).count()
    if late:
        return bad("scheduler", f"{late} deadlines passed and were not swept: start worker and scheduler.")
    return good("scheduler", "no deadline is left behind")


def background() -> Finding:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    slow = Job.objects.filter(state=Job.State.WAITING, created_at__lt=clock.now() - PATIENCE).count()
    if slow:
        return bad("jobs", f"{slow} jobs have waited more than an hour: start the worker.")
    if failed:
        return doubt("jobs", f"{failed} jobs failed; their pages say why, and they can be asked again.")
    return good("jobs", "none waits")


def letters() -> Finding:
    failing = OutboxMessage.objects.filter(sent_at=None, attempts__gt=0).order_by("pk")
    first = failing.first()
    if first is not None:
        return bad("letters", f"{failing.count()} were refused by the mail server, the first with: {first.error[:120]}")
    return good("letters", "every letter left")


def documents() -> Finding:
    """Each document's bytes are where they should be; that they are unaltered, `backup` and the auditor say."""
    kept = Document.objects.filter(deleted_at=None).order_by("pk").values_list("name", "sha256")
    lost = [name for name, digest in kept.iterator() if not store.path_of(digest).is_file()]
    if lost:
        return bad("documents", f"{len(lost)} are missing from the store, among them {', '.join(lost[:MOST_NAMED])}.")
    return good("documents", f"{len(kept)} in the store")


def ledger() -> Finding:
    wrong = [str(one) for one in check_ledger()]
    if wrong:
        return bad("ledger", "; ".join(wrong[:MOST_NAMED]))
    return good("ledger", "every position is the sum of its entries")


def seals() -> Finding:
    last = Seal.objects.order_by("-day").first()
    if last is None:
        return doubt("seals", "No day was sealed yet: the scheduler does it each night.")
    if last.day < clock.today() - timedelta(days=2):
        return bad("seals", f"The last one is of {last.day}: the nightly job does not run; run manage.py seal.")
    return good("seals", f"the last one is of {last.day}")


def proofs() -> Finding:
    """Time stamps and electronic seals, where they are set; a service that fails is asked again every hour."""
    late = [(seal, kind) for seal, kind in seal_proofs.lacking() if seal.made_at < clock.now() - PATIENCE]
    if late:
        seal, kind = late[0]
        said = seal_proofs.last_error(seal, kind)[:120] or "the worker has not asked for it"
        return bad("seal proofs", f"{len(late)} are lacking, the last the {kind} of {seal.day}: {said}.")
    if settings.GUICHET_TIMESTAMP_URL and not settings.GUICHET_TIMESTAMP_ROOTS:
        return doubt("seal proofs", "Nobody checks who signs the time stamps: set GUICHET_TIMESTAMP_ROOTS.")
    return good("seal proofs", " and ".join(seal_proofs.wanted()) or "none is asked for")


def people() -> Finding:
    """Each region where somebody works has two administrators, since what one proposes another confirms."""
    at_work = Region.objects.filter(roles__isnull=False).distinct()
    alone = [region.name for region in at_work if _administrators(region) < 2]
    if not Role.objects.exists():
        return bad("people", "Nobody has a role: run manage.py first_administrator.")
    if alone:
        return doubt("people", f"Fewer than two administrators in {', '.join(alone)}: nothing can be confirmed there.")
    return good("people", "two administrators in each region at work")


def _administrators(region: Region) -> int:
    kept = Role.objects.filter(region=region, kind=RoleKind.ADMINISTRATOR, confirmed_at__isnull=False)
    return kept.filter(in_force(clock.today())).count()


def schemes() -> Finding:
    published = SchemeVersion.objects.filter(published_on__isnull=False).count()
    if published:
        return good("schemes", f"{published} versions published")
    return doubt("schemes", "No scheme is published: nothing can be asked for yet.")


Question = Callable[[], Finding]
HOUSE: tuple[Question, ...] = (settings_checks, folders, mail_server, broker, catalogue, source)
CONTENT: tuple[Question, ...] = (worker, background, letters, documents, ledger, seals, proofs, people, schemes)
