"""« May I get an aid? »: every open scheme of the region answered before any account, and what decides."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from backoffice.demo.places import ELSEWHERE
from backoffice.demo.world import World, settle
from backoffice.views.public import nearby
from regions import clock
from regions.models import Accreditation, Provider, SchemeVersion
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import opened

pytestmark = pytest.mark.django_db

ADDRESS = "/ai-je-droit/"
FIRM = {
    "siret": "", "place": "97411", "headcount": "4", "turnover": "310 000 €", "naf": "4761Z",
    "legal_category": "company", "cost": "",
}  # fmt: skip
BOOKSHOP = "000 001 016 00013"


def ask(client: Client, **facts: str) -> Outline:
    response = client.post(ADDRESS, FIRM | facts)
    assert response.status_code == 200
    return sound(response.content.decode())


def again(client: Client, page: Outline, **facts: str) -> Outline:
    """Send the questions once more as the page holds them, with another figure."""
    held = {
        str(one["name"]): one.get("value") or "" for one in page.all("input") if str(one.get("name")).startswith("was-")
    }
    return ask(client, **(held | facts))


def test_the_first_page_asks_without_an_account(client: Client, world: World) -> None:
    page = sound(client.get(ADDRESS).content.decode())
    assert "Votre SIRET ou cinq réponses" in page.text
    assert "Date de création" not in page.text
    assert ADDRESS in client.get("/aides/").content.decode()


def test_a_question_is_asked_when_an_open_scheme_asks_it(client: Client, world: World) -> None:
    opened(world, "commerce-connecte")
    assert "Date de création" in sound(client.get(ADDRESS).content.decode()).text


def test_every_open_scheme_of_the_region_answers(client: Client, world: World) -> None:
    """Kap: 80 % of 5,000, capped at 2,000. Kit: all of it. The third region's scheme is not hers."""
    opened(world, "kit-numerique")
    settle(next(place for place in ELSEWHERE if place.scheme == "conseil-digital"), [])
    page = ask(client).text
    for words in (
        "2 aides sur 2 vous sont ouvertes", "Aide de la région 2 000,00 €", "À payer avant l’aide 5 000,00 €",
        "5 000,00 €", "Vous ne payez au prestataire que la TVA.", "Devis détaillé non signé",
        "80 jours après votre demande de paiement", "Exemple Numérique 1 (97411) – dans votre commune",
        "Exemple Numérique 2 (97410) – dans votre département", "À 20 équivalents temps plein et plus",
    ):  # fmt: skip
        assert words in page, words
    assert "Conseil en stratégie digitale" not in page


def test_a_refusal_gives_its_reason_and_what_would_lift_it(client: Client, world: World) -> None:
    page = ask(client, headcount="25").text
    for words in (
        "Aucune aide ne vous est ouverte", "elle en déclare 25", "Règlement Kap Numérik",
        "Sous 20 équivalents temps plein : éligible, aide de 2 000,00 €",
    ):  # fmt: skip
        assert words in page, words


def test_a_siret_and_nothing_else_is_enough(client: Client, world: World) -> None:
    page = ask(client, siret=BOOKSHOP, place="", headcount="", turnover="", naf="", legal_category="")
    assert "La réponse dépend de : Effectif, Chiffre d’affaires" in page.text
    assert {one.get("value") for one in page.all("input") if one.get("name") == "naf"} == {"47.61Z"}


def test_another_siret_replaces_what_the_first_had_filled(client: Client, world: World) -> None:
    empty = {"place": "", "naf": "", "legal_category": ""}
    first = ask(client, siret=BOOKSHOP, **empty)
    filled = {"place": "97411", "naf": "47.61Z", "legal_category": "company"}
    page = again(client, first, siret="00000107300014", **filled)
    assert "(NAF 62.01Z) est exclu" in page.text
    kept = again(client, first, siret="00000107300014", **(filled | {"naf": "10.71C"}))
    assert "est exclu : numérique" not in kept.text.split("Ce qui décide")[0]


def test_changing_one_figure_shows_which_condition_decides(client: Client, world: World) -> None:
    page = again(client, ask(client), headcount="25")
    for words in (
        "Ce que votre changement décide", "Effectif : 4, puis 25", "Kap Numérik : non éligible.",
        "L’entreprise doit compter moins de 20 équivalents temps plein ; elle en déclare 25.",
    ):  # fmt: skip
        assert words in page.text, words
    back = again(client, page, headcount="12")
    assert "Kap Numérik : éligible, aide de" in back.text
    assert "Kap Numérik : rien ne change." in again(client, back, headcount="13").text


def test_the_answer_comes_before_the_questions(client: Client, world: World) -> None:
    html = client.post(ADDRESS, FIRM).content.decode()
    assert html.index('id="answer"') < html.index('id="orientation"')


def test_the_cost_may_be_hers(client: Client, world: World) -> None:
    assert "Aide de la région 800,00 €" in ask(client, cost="1 000").text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"place": ""}, "Indiquer un code postal"),
        ({"place": "99999"}, "cinq chiffres du code postal"),
        ({"siret": "123"}, "Ce SIRET n’est pas valable"),
        ({"headcount": "beaucoup"}, "rien de ce que vous avez saisi n’est perdu"),
        ({"place": "", "siret": "73282932000074"}, "Aucune entreprise n’est connue"),
    ],
)
def test_a_wrong_answer_has_its_sentence(client: Client, world: World, facts: dict[str, str], words: str) -> None:
    assert words in ask(client, **facts).text


def test_a_region_without_aid_says_so(client: Client, world: World) -> None:
    assert "Aucune aide n’est ouverte aujourd’hui : Bretagne." in ask(client, place="35000").text


def test_a_closed_scheme_answers_nothing(client: Client, world: World) -> None:
    SchemeVersion.objects.update(valid_to=clock.today().replace(day=1))
    assert "Aucune aide n’est ouverte" in ask(client).text


def test_in_english(client: Client, world: World) -> None:
    client.post("/langue/setlang/", {"language": "en"})
    page = again(client, ask(client), headcount="25").text
    for words in ("What your change decides", "Headcount: 4, then 25", "not eligible", "fewer than 20 work units"):
        assert words in page, words


def test_nothing_is_kept(client: Client, world: World) -> None:
    ask(client)
    assert not client.session.keys()
    assert not Application.objects.exists()


def test_the_answers_go_on_to_the_simulator(client: Client, world: World) -> None:
    held = FIRM | {
        "seat_region": "04", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-category": "merchant_site",
        "lines-0-amount": "5000.00", "action": "open",
    }  # fmt: skip
    page = sound(client.post("/simulateur/kap-numerik/", held).content.decode()).text
    for words in ("peut être aidée", "2 000,00 €", "À payer avant l’aide", "Pièces à préparer", "dans votre commune"):
        assert words in page, words
    less = client.post("/simulateur/kap-numerik/", held | {"headcount": ""}).content.decode()
    assert "Erreur" not in sound(less).text
    assert 'value="5000.00"' in less


def test_the_cost_in_queries_is_the_same_for_any_number(client: Client, world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(client)
        return len(captured)

    few = queries()
    for code in ("kit-numerique", "forfait-numerique", "conseil-digital"):
        opened(world, code)
    for rank in range(20):
        provider = Provider.objects.create(siret=f"{rank:014d}", name=f"P{rank:02d}", email="p@demo.example")
        Accreditation.objects.bulk_create(
            [Accreditation(provider=provider, scheme=world.scheme, region=world.region, state="active",
                           valid_from="2025-01-01")]
        )  # fmt: skip
    assert queries() == few
    assert few <= 4
    assert "Les 5 plus proches sur 22" in ask(client).text


@pytest.mark.parametrize(
    ("commune", "place", "rank"),
    [
        ("97411", "97411", nearby.COMMUNE), ("97410", "97411", nearby.DEPARTMENT), ("69123", "38000", nearby.REGION),
        ("75111", "97411", nearby.ELSEWHERE), ("", "97411", nearby.UNKNOWN), ("2A004", "20000", nearby.REGION),
    ],
)  # fmt: skip
def test_how_near(commune: str, place: str, rank: int) -> None:
    assert nearby.distance(commune, place) == rank


def test_a_provider_says_where_he_is(client: Client, world: World) -> None:
    offered = opened(world, "forfait-numerique").scheme
    row = Accreditation.objects.create(provider=world.providers["P01"], scheme=offered, region=world.region)
    client.force_login(world.provider_users["P01"])
    address = reverse("provider-present", args=[row.pk])
    client.post(address, {"presentation": "Dix ans.", "commune": "97419"})
    client.post(address, {"presentation": "Dix ans de plus.", "commune": ""})
    assert Provider.objects.get(pk=row.provider_id).commune == "97419"
    wrong = client.post(address, {"presentation": "Dix ans.", "commune": "ici"}).content.decode()
    assert "cinq chiffres du code postal" in wrong
