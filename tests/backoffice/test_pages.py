"""The pages as their readers get them: one structure, two languages, and words beside every colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import permission_denied, server_error

from applications.enums import ENDED, Actor, ApplicationState
from applications.models import Application, Company
from backoffice.context import Reader
from backoffice.demo.world import PASSWORD
from regions import clock
from regions.models import Region, Scheme, SchemeVersion
from workflows import queues

FIRM = Company(pk=1, name="Exemple Fromagerie", siren="000000018")
REGION = Region(pk=1, name="La Réunion", time_zone="Indian/Reunion")
VERSION = SchemeVersion(scheme=Scheme(name_fr="Kap Numérik", name_en="Kap Numérik voucher"))


class Outline(HTMLParser):
    """What a page is made of: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def sound(html: str) -> Outline:
    """The outline of a page, once it is found usable with a keyboard and a screen reader."""
    outline = Outline(html)
    assert [len(outline.all(tag)) for tag in ("html", "title", "main", "h1")] == [1, 1, 1, 1]
    assert outline.all("html")[0]["lang"] in ("fr", "en")
    ids = [attributes["id"] for _tag, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert _labelled(outline)
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all("scope" in head for head in outline.all("th"))
    assert all(script.get("src") for script in outline.all("script"))
    return outline


def _labelled(outline: Outline) -> bool:
    fields = [f for f in outline.all("input") if f.get("type") != "hidden"] + outline.all("select")
    return {field["id"] for field in fields} <= {label.get("for") for label in outline.all("label")}


def file(state: str = "submitted", **facts: Any) -> Application:
    """A file of La Réunion that no database knows."""
    known = {
        "pk": 7, "reference": "KAP-2026-00007", "title": "Site vitrine", "company": FIRM, "region": REGION,
        "scheme_version": VERSION, "next_actor": Actor.OFFICER, "amount_requested": Decimal("1200.50"),
        "decision_due_on": clock.today() + timedelta(days=60), "due_on": clock.today() + timedelta(days=45),
    }  # fmt: skip
    return Application(state=state, **known | facts)


def page(template: str, **context: Any) -> Outline:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return sound(render_to_string(template, context, request))


def staff(*files: Application, count: int = 3) -> Outline:
    tabs = [(queue.key, queue.label, count) for queue in queues.QUEUES.values()]
    return page("home/staff.html", queue=queues.QUEUES["late"], tabs=tabs, files=files)


def file_page(shown: Application, **reader: Any) -> Outline:
    history = [(datetime(2026, 3, 1, 21, 30, tzinfo=clock.now().tzinfo), "Déposer la demande")]
    stands = SimpleNamespace(**{"regions": set(), "companies": set()} | reader)
    return page("home/file.html", file=shown, history=history, reader=stands)


@pytest.fixture
def browser() -> Client:
    """A browser whose errors are the pages that people would see."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_staff_see_each_file_with_its_state_holder_date_and_amount() -> None:
    outline = staff(file())
    for words in ("KAP-2026-00007", "Exemple Fromagerie", "Kap Numérik", "Déposée", "L’instructeur", "demandé"):
        assert words in outline.text
    assert "16 avril 2026" in outline.text
    assert "1 200,50 €" in outline.text
    assert [cell["data-label"] for cell in outline.all("td")][-1] == "Montant"


def test_a_late_file_is_late_in_words() -> None:
    late = file(decision_due_on=clock.today() - timedelta(days=1))
    assert staff(late).text.count("En retard") == staff(file()).text.count("En retard") + 1


def test_a_file_that_ended_is_never_late() -> None:
    ended = file("refused", due_on=clock.today() - timedelta(days=1))
    assert staff(ended).text.count("En retard") == staff(file()).text.count("En retard")


def test_the_tab_that_is_open_says_so() -> None:
    current = [link for link in staff(file()).all("a") if "aria-current" in link]
    assert [link["href"] for link in current] == ["?queue=late"]


def test_a_counter_at_its_limit_says_or_more() -> None:
    assert "ou davantage" in staff(count=1000).text
    assert "ou davantage" not in staff(count=999).text


def test_an_empty_queue_says_so() -> None:
    assert "Aucun dossier ici" in staff().text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"state": "draft"}, "Ne pas signer le devis avant la réponse"),
        ({"state": "to_complete"}, "répondre avant le 16 avril 2026 inclus"),
        ({"state": "examining"}, "Décision attendue au plus tard le 1er mai 2026"),
        ({"state": "proposed", "implicit_rejection_on": date(2026, 3, 1)}, "Sans réponse au 1er mars 2026"),
        ({"state": "granted"}, "Attendre cette notification"),
        ({"state": "running", "next_actor": Actor.FIRM}, "au plus tard le 16 avril 2026 : réaliser"),
        ({"state": "running", "next_actor": Actor.FIRM, "due_on": None}, "d’agir : réaliser le projet"),
        ({"state": "running"}, "prochaine échéance le 16 avril 2026"),
        ({"state": "running", "due_on": None}, "est en traitement."),
    ],
)
def test_the_firm_reads_what_comes_next(facts: dict[str, Any], sentence: str) -> None:
    assert sentence in page("home/firm.html", files=[file(**facts)]).text


@pytest.mark.parametrize("state", ENDED)
def test_the_firm_reads_that_a_file_is_closed(state: str) -> None:
    outline = page("home/firm.html", files=[file(state, next_actor="")])
    assert "Ce dossier est clos." in outline.text
    assert str(ApplicationState(state).label) in outline.text


def test_the_provider_reads_that_it_is_his_turn() -> None:
    outline = page("provider/files.html", page={"rows": [file("examining", next_actor=Actor.PROVIDER)]})
    assert "À vous d’agir" in outline.text


def test_a_file_tells_its_history_in_the_hours_of_its_region() -> None:
    assert "2 mars 2026, 01:30 Déposer la demande" in file_page(file()).text


def test_amounts_are_for_the_firm_and_the_region_only() -> None:
    assert "1 200,50 €" not in file_page(file()).text


@pytest.mark.django_db
def test_the_amount_proposed_is_for_the_region_only() -> None:
    proposed = file("proposed", amount_proposed=Decimal("900.00"))
    assert "900,00 €" in file_page(proposed, regions={REGION.pk}).text
    firm = file_page(proposed, companies={FIRM.pk}).text
    assert "1 200,50 €" in firm
    assert "900,00 €" not in firm


@pytest.mark.usefixtures("english")
def test_the_same_page_in_english() -> None:
    outline = staff(file())
    assert outline.all("html")[0]["lang"] == "en"
    for words in ("Kap Numérik voucher", "Submitted", "The officer", "16 April 2026", "€1,200.50"):
        assert words in outline.text


def test_signing_in_shows_labels_and_the_demo_password(browser: Client) -> None:
    outline = sound(browser.get("/connexion/").content.decode())
    assert "Se connecter" in outline.text
    assert PASSWORD in outline.text


def test_the_demo_password_is_shown_in_the_demo_only(browser: Client, settings: Any) -> None:
    settings.GUICHET_SIMULATED_CLOCK = False
    assert PASSWORD not in browser.get("/connexion/").content.decode()


def test_an_error_is_tied_to_its_field() -> None:
    outline = sound(Client().post("/connexion/", {}).content.decode())
    field = next(f for f in outline.all("input") if f.get("name") == "login")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] in {e.get("id") for e in outline.all("ul")}


def test_an_unknown_address_is_told_plainly(browser: Client) -> None:
    response = browser.get("/nulle-part/")
    assert response.status_code == 404
    assert "Page introuvable" in sound(response.content.decode()).text


def test_a_stale_form_is_told_plainly(browser: Client) -> None:
    response = browser.post("/connexion/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "Formulaire périmé" in sound(response.content.decode()).text


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (server_error, 500, "Erreur du service"),
        (lambda request: permission_denied(request, Exception()), 403, "Accès réservé"),
    ],
)
def test_errors_have_pages(view: Callable[..., Any], status: int, words: str) -> None:
    response = view(RequestFactory().get("/"))
    assert response.status_code == status
    assert words in sound(response.content.decode()).text


def test_every_page_names_its_licence_and_links_to_its_source(settings: Any) -> None:
    outline = page("404.html")
    assert "AGPL-3.0" in outline.text
    assert settings.GUICHET_SOURCE_URL in {link["href"] for link in outline.all("a")}


def test_a_stranger_stands_nowhere() -> None:
    stranger = Reader(AnonymousUser())
    assert (stranger.capacities, stranger.regions, stranger.companies) == ([], set(), set())
