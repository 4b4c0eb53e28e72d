"""Samples on the auditor's screens: asked, drawn again, packed, results entered, concluded, hidden elsewhere."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from regions.enums import RoleKind
from reporting.audit import drawing, population
from reporting.models import ReportRun, Sample, SampleConclusion, SampleResult
from reporting.sampling import Population, Unit, freeze, from_csv_rows
from reporting.writers import ooxml_check
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.reporting.test_samples import guidance, two_claims
from tests.shelf import lay_out
from tests.workflows.test_declaring import sent, verified
from workflows import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(world: World) -> str:
    """The key of the accounting year in which two claims were declared."""
    found = lay_out("two declared claims", lambda: two_claims(world))
    return f"{found.programme_id}:{found.year_end.isoformat()}"


def words_of(response: Any) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", "", text(response)).split())


def asked(period: str, **more: Any) -> dict[str, Any]:
    return {
        "period": period, "unit": "file", "side": "positive", "method": "non_statistical", "strata": "",
        "confidence": "0.90", "size": "", "seed": "2026-03-02/00000042", "materiality": "2", "expected": "0",
        "deviations": "", "allocation": "proportional", "cutoff": "", "share": "10", "sub_size": "30",
    } | more  # fmt: skip


def drawn(client: Client, period: str, **more: Any) -> Sample:
    response = client.post(reverse("audit-sample-new"), asked(period, **more), follow=True)
    assert "L’échantillon est tiré" in text(response)
    return Sample.objects.latest("pk")


def test_from_the_question_to_the_pack(world: World, year: str) -> None:
    client = signed_in(world.staff["auditor"])
    page = text(client.get(reverse("audit-sample-new")))
    assert re.search(r'name="seed" value="\d{4}-\d\d-\d\d/\d{8}"', page)
    assert "3 250,00" in page
    sample = drawn(client, year, size="2")
    page = text(client.get(reverse("audit-sample", args=[sample.pk])))
    for reference in Application.objects.filter(declared_lines__isnull=False).values_list("reference", flat=True):
        assert reverse("audit-file", args=[reference]) in page
    assert sample.population_sha256 in page
    assert "déjà ouvert le" not in page
    client.get(re.findall(r'href="(/audit/dossiers/[^"]+)"', page)[-1])
    assert text(client.get(reverse("audit-sample", args=[sample.pk]))).count("déjà ouvert le") == 1
    again = client.post(reverse("audit-sample-again", args=[sample.pk]), follow=True)
    assert f"identique. Empreinte {sample.drawn_sha256}" in text(again)
    exported = client.get(reverse("audit-sample-population", args=[sample.pk])).content.decode()
    rows = (tuple(row) for row in csv.reader(io.StringIO(exported)))
    assert from_csv_rows(rows).sha256 == sample.population_sha256
    (given,) = re.findall(r'name="references" value="([^"]+)"', client.get(
        reverse("audit-sample", args=[sample.pk])).content.decode())  # fmt: skip
    client.post(reverse("audit-packs"), {"references": given, "language": "fr", "whole": ""})
    jobs.drain()
    assert len(ReportRun.objects.latest("id").filters["references"]) == 2


def test_the_samples_are_exported_with_their_figures(
    world: World, year: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.staff["auditor"])
    sample = drawn(client, year, size="2")
    drawn(client, year, size="2", seed="2026-03-02/00000043")
    assert reverse("audit-samples-export", args=["xlsx"]) in text(client.get(reverse("audit-samples")))
    with django_assert_max_num_queries(12):
        response = client.get(reverse("audit-samples-export", args=["csv"]))
        sheet = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    assert [row["Échantillon n°"] for row in rows] == [str(sample.pk + 1), str(sample.pk)]
    assert (rows[1]["Graine"], rows[1]["Leur valeur"]) == (sample.seed, f"{sample.book:.2f}".replace(".", ","))
    assert rows[1]["Méthode"] == "Non statistique, à probabilités égales"
    assert world.staff["auditor"].name not in sheet
    book = b"".join(client.get(reverse("audit-samples-export", args=["xlsx"])).streaming_content)
    assert ooxml_check.check(book) == []
    for user in (world.staff["officer"], world.staff["decider"], world.staff["admin"]):
        assert signed_in(user).get(reverse("audit-samples-export", args=["csv"])).status_code == 404
    other = signed_in(elsewhere(RoleKind.AUDITOR)).get(reverse("audit-samples-export", args=["csv"]))
    assert len(b"".join(other.streaming_content).splitlines()) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"method": "simple_random"}, "Donner un écart type"),
        ({"size": "0"}, "errorlist"),
        ({"method": "mus_standard", "size": "2", "cutoff": "100"}, "ne pas donner de seuil"),
        ({"share": "5"}, "de 10 % à 100 %"),
        ({"method": "mus_conservative", "expected": "1,9"}, "l’erreur tolérable"),
        ({"deviations": "douze"}, "« douze » ne se lit pas"),
        ({"seed": ""}, "obligatoire"),
        ({"period": "1:2020-06-30"}, "errorlist"),
        ({"sub_size": "3", "unit": "two_stage"}, "errorlist"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_what_was_typed_stays(
    world: World, year: str, wrong: dict[str, str], words: str
) -> None:
    client = signed_in(world.staff["auditor"])
    page = text(client.post(reverse("audit-sample-new"), asked(year, seed="ma-graine") | wrong))
    assert words in page
    assert not Sample.objects.exists()
    assert "seed" in wrong or 'value="ma-graine"' in page


def strata() -> Population:
    """320 units in two strata, from 100.00 to 419.00."""
    return freeze(Unit(f"F{rank:03}", D(100 + rank), f"S{rank % 2}", f"OP/{rank % 4}") for rank in range(320))


@pytest.mark.parametrize(
    ("method", "more", "size"),
    [
        ("simple_random", {"deviations": "10", "expected": "0,5"}, 18),
        ("stratified", {"deviations": "S0 = 10\nS1 = 10", "expected": "0,5", "strata": "operation"}, 18),
        ("difference", {"size": "30"}, 30),
        ("mus_standard", {"deviations": "0,05", "expected": "0"}, 17),
        ("mus_stratified", {"deviations": "S0 = 0,05\nS1 = 0,05", "strata": "operation"}, 17),
        ("mus_conservative", {"confidence": "0.60"}, 46),
        ("simple_random", {"proportionate": "on"}, 30),
    ],
)
def test_each_method_is_drawn_from_the_form(
    world: World, year: str, monkeypatch: pytest.MonkeyPatch, method: str, more: dict[str, str], size: int
) -> None:
    """n by hand: BV 83 040, TE 1 660.80, AE at 0.5 % 415.20, z 1.645.

    Simple and stratified (320 × 1.645 × 10/1 245.60)² = 17.86; MUS (1.645 × 83 040 × 0.05/1 660.80)² = 16.91;
    conservative 83 040 × 0.92/1 660.80 = 46.
    """
    monkeypatch.setattr(population, "declared", lambda *_given: strata())
    sample = drawn(signed_in(world.staff["auditor"]), year, method=method, **more)
    assert sample.drawn["units"] == size
    assert drawing.again(sample).identical


def test_results_are_kept_when_they_are_right_and_stay_typed_when_not(world: World, year: str) -> None:
    client = signed_in(world.staff["auditor"])
    sample = drawn(client, year, size="2")
    address = reverse("audit-sample-results", args=[sample.pk])
    wrong = {"u0-random": "1 200,01", "u0-comment": "Heures", "u1-random": "beaucoup", "u1-systemic": "5"}
    page = text(client.post(address, wrong))
    for words in ('value="1 200,01"', 'value="beaucoup"', 'value="Heures"', "ce que vous avez écrit est conservé"):
        assert words in page, words
    if "dépassent la valeur" not in page:  # the first unit may be the dearer one
        assert sample.population.splitlines()[1].split(",")[3] == "2200.00"
    assert not SampleResult.objects.exists()
    given = {"u0-random": "0", "u1-random": "12,50", "u1-anomalous": "3", "u1-corrected": "on"}
    assert "2 résultats enregistrés" in text(client.post(address, given, follow=True))
    assert SampleResult.objects.get(random=D("12.50")).corrected
    given["u1-random"] = "10"
    assert "1 résultat enregistré" in text(client.post(address, given, follow=True))
    assert SampleResult.objects.count() == 3


def test_the_example_of_the_guidance_through_the_screens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """6.4.7: EE 145 439, TE 440 625, not material; then enough errors to pass 2 %, and the extra correction."""
    paid(world)
    verified(world)
    application = sent(world)
    monkeypatch.setattr(population, "declared", lambda *_given: guidance())
    client = signed_in(world.staff["auditor"])
    sample = drawn(
        client, f"{application.programme_id}:{application.year_end.isoformat()}", method="non_statistical_pps", size="6"
    )
    conclusion = reverse("audit-sample-conclusion", args=[sample.pk])
    terms = {"expenditure": "22031228", "other_deductions": "0", "ongoing": "0", "corrections": "0", "delimited": ""}
    early = text(client.post(conclusion, terms | {"compute": "1"}))
    assert "Il manque le résultat de H1" in early
    assert "6 unités n’ont pas encore de résultat" in early
    # H1 and H2 come first, then the four others drawn: 80 028 on H1, 26 164.40 on one of the four.
    errors = {f"u{rank}-random": "0" for rank in range(6)} | {"u0-random": "80028", "u2-random": "26164,40"}
    client.post(reverse("audit-sample-results", args=[sample.pk]), errors)
    page = words_of(client.post(conclusion, terms | {"keep": "1"}, follow=True))
    for words in (
        "145 439,00 € (0,66 %)",
        "440 624,56 €",
        "rien n’indique que les dépenses soient significativement erronées",
        "0,66 % : il ne dépasse pas 2 %",
        "non mesurée",
    ):
        assert words in page, words
    # 500 000.00 more on H2: 645 439.00 of 22 031 228.00 is 2.93 %; (645 439.00 − 440 624.56)/0.98 = 208 994.33.
    client.post(reverse("audit-sample-results", args=[sample.pk]), errors | {"u1-random": "500000"})
    page = words_of(client.post(conclusion, terms | {"compute": "1"}))
    for words in ("645 439,00 € (2,93 %)", "significativement erronées", "208 994,33 €", "Résultat, non encore arrêté"):
        assert words in page, words
    kept = SampleConclusion.objects.get()
    assert kept.outcome["projected"] == "145439.00"
    assert drawing.again(sample).identical


def test_english_and_who_may_see(world: World, year: str) -> None:
    sample = drawn(signed_in(world.staff["auditor"]), year)
    for user in (world.staff["officer"], world.staff["admin"], elsewhere(RoleKind.AUDITOR)):
        client = signed_in(user)
        for name in ("audit-sample", "audit-sample-population", "audit-sample-results", "audit-sample-conclusion"):
            assert client.get(reverse(name, args=[sample.pk])).status_code == 404, (user, name)
        assert client.post(reverse("audit-sample-again", args=[sample.pk])).status_code == 404
    client = signed_in(world.staff["auditor"])
    client.cookies["django_language"] = "en"
    page = text(client.get(reverse("audit-sample", args=[sample.pk])))
    assert "The frozen population" in page


def test_the_list_costs_the_same_however_many_samples(world: World, year: str) -> None:
    client, costs = signed_in(world.staff["auditor"]), []
    for seed in ("un", "deux", "trois"):
        drawn(client, year, seed=seed)
        with CaptureQueriesContext(connection) as queries:
            page = text(client.get(reverse("audit-samples")))
        costs.append(len(queries))
    assert page.count("3 400,00") == 3
    assert len(set(costs)) == 1
