"""A browser for each person, and files at the stages that the firm’s pages show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import BankChange, Claim
from backoffice.demo.actors import SPECIMEN, Case
from backoffice.demo.stories import LAPTOP, SITE
from backoffice.demo.world import World
from regions.models import User
from workflows import gate

OTHER_IBAN = "FR7612345987650123456789014"
Browse = Callable[[User], Client]


@pytest.fixture
def browse() -> Browse:
    """Sign a person in and return his browser."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return signed_in


def paper(name: str = "piece.pdf", content: bytes = SPECIMEN + b"papier") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def asked(world: World) -> Case:
    """A file whose officer asks for two documents."""
    case = Case(world, "F01").fill(SITE).file_it()
    return case.act("officer", "request_items", kinds=["register_extract", "quote"], reason="Devis trop court.")


def running(world: World, *lines: tuple[str, str, str]) -> Case:
    """A file granted and notified."""
    return Case(world, "F01").fill(*(lines or (SITE, LAPTOP))).file_it().grant().notify()


def claimed(world: World) -> tuple[Case, Claim]:
    """A claim filed by the firm on its first line."""
    case = running(world)
    return case, case.claim(lines=(1,))


def refused(world: World) -> Case:
    case = Case(world, "F01").fill(SITE).file_it().examine()
    case.act("officer", "propose", opinion="refuse", codes=["sector"])
    return case.act("decider", "refuse")


def change(case: Case) -> BankChange:
    """A change of bank details that waits for the region."""
    document = case.file.documents.filter(kind="bank_details").latest("pk")
    given = {"holder": "Exemple", "iban": OTHER_IBAN, "document": document}
    event = gate.ask_bank_change(case.manager, case.file.company_id, **given)
    return BankChange.objects.get(pk=event.object.partition(":")[2])
