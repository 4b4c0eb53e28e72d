"""A manager in her browser, before any draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import Application
from backoffice.demo.world import World
from regions.models import User

PDF = b"%PDF-1.4\n% "


def pdf(name: str = "piece.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def manager(world: World, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(world.managers["F01"])


@pytest.fixture
def draft(world: World, manager: Client) -> Application:
    """A fresh draft of firm F01, opened by its manager."""
    manager.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F01"].pk})
    return Application.objects.get()
