"""The auditor's page of the seals in a browser: on a telephone and on a desk, and a token downloaded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from regions import clock
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive
from workflows.models import Seal, SealProof

TOKEN = {"fr": "Télécharger le jeton", "en": "Download the token"}


def sealed_days() -> None:
    """Three days sealed; the first two stamped, the first signed too."""
    for rank in range(3):
        day = clock.today() - timedelta(days=3 - rank)
        seal = Seal.objects.create(day=day, content=b"{}", subjects=46, root=f"{rank}" * 64, made_at=clock.now())
        for kind in SealProof.Kind.values[: 2 - rank]:
            SealProof.objects.create(
                seal=seal, kind=kind, content=b"0", at=clock.now(), made_at=clock.now(), certificate="-",
                signer="CN=Horodatage 2026,O=Autorité d’exemple,C=FR",
            )  # fmt: skip


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_the_seals_and_a_token(people: Any, visitor: Any, settings: Any, width: int, lang: str) -> None:
    people()
    sealed_days()
    settings.GUICHET_TIMESTAMP_URL = settings.GUICHET_SEAL_KEY = "https://horodatage.example"
    auditor = arrive(visitor("auditor", width=width, lang=lang))
    auditor.sign_in("auditor@demo.example")
    auditor.go(reverse("audit-seals"))
    kept(auditor, "seals")
    with auditor.page.expect_download() as download:
        auditor.page.get_by_role("link", name=TOKEN[lang]).first.click()
    assert download.value.suggested_filename.endswith(".tsr")
