"""A sample in a browser: each button pressed by the auditor, on a telephone and on a desk, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from reporting.models import ReportRun, Sample, SampleConclusion, SampleResult
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive
from tests.reporting.test_samples import two_claims

BUTTONS = {
    "fr": ("Tirer l’échantillon", "Enregistrer les résultats", "Calculer", "Arrêter la conclusion"),
    "en": ("Draw the sample", "Save the results", "Calculate", "Settle the conclusion"),
}


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_from_the_question_to_the_conclusion(people: Any, visitor: Any, width: int, lang: str) -> None:
    words = BUTTONS[lang]
    two_claims(people("F01", "F15"))
    auditor = arrive(visitor("auditor", width=width, lang=lang))
    auditor.sign_in("auditor@demo.example")
    auditor.go(reverse("audit-samples"))
    kept(auditor, "samples-empty")
    auditor.go(reverse("audit-sample-new"))
    kept(auditor, "sample-ask")
    auditor.fill(size="2").press(words[0])
    sample = Sample.objects.get()
    page = reverse("audit-sample", args=[sample.pk])
    auditor.go(page)
    kept(auditor, "sample")
    auditor.act("/tirer-a-nouveau/")
    assert sample.drawn_sha256 in auditor.text()
    auditor.go(reverse("audit-sample-results", args=[sample.pk]))
    auditor.fill(**{"u0-random": "1..5", "u1-random": "0"}).press(words[1])
    kept(auditor, "sample-results-wrong")
    auditor.fill(**{"u0-random": "10,50", "u0-comment": "Heures non justifiées"}).press(words[1])
    assert SampleResult.objects.count() == 2
    auditor.go(reverse("audit-sample-conclusion", args=[sample.pk]))
    auditor.press(words[2])
    kept(auditor, "sample-computed")
    auditor.press(words[3])
    kept(auditor, "sample-conclusion")
    assert SampleConclusion.objects.get().outcome["projected"] == "10.50"
    auditor.go(reverse("audit-samples"))
    kept(auditor, "samples")
    assert auditor.download(reverse("audit-samples-export", args=["xlsx"])).startswith(b"PK")
    assert sample.drawn_sha256.encode() in auditor.download(reverse("audit-samples-export", args=["csv"]))
    auditor.go(page).act("/dossiers-d-audit/")
    assert len(ReportRun.objects.get().filters["references"]) == 2
