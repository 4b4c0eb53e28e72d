"""From nothing to a filed application, one screen after the other, as a manager does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application, Document
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions import clock
from regions.models import Accreditation, Provider, User
from tests.backoffice.applicant_filing.conftest import pdf
from workflows import delivery, gate

pytestmark = pytest.mark.django_db

FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
FOLDED = re.compile(r'<details class="helper"(?![^>]* open).*?</details>', re.DOTALL)
QUOTE = {"category": "showcase_site", "label": "Site vitrine", "amount": "1 500,00"}


def text(response: Any) -> str:
    """The page, with the narrow spaces of French amounts made plain."""
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ").replace("&nbsp;", " ")


def fill(manager: Client, file: Application, world: World) -> None:
    """Every step by its page, with the fewest words."""
    base = f"/demandes/{file.reference}"
    firm = {"headcount": "4", "turnover": "310000", "naf_code": "90.01Z", "legal_category": "company",
            "independent": "yes"}  # fmt: skip
    manager.post(f"{base}/etape/entreprise/", firm)
    manager.post(f"{base}/etape/projet/", {"title": "Un site pour le théâtre"})
    manager.post(f"{base}/devis/", QUOTE | {"action": "continue"})
    manager.post(f"{base}/prestataire/", {"provider": world.providers["P01"].pk})
    manager.post(f"{base}/etape/aides/", {"declared_de_minimis": "0"})
    kinds = file.scheme_version.rule("evidence", "application")
    manager.post(f"{base}/pieces/", {kind: pdf(f"{kind}.pdf") for kind in kinds})


def test_a_draft_opens_for_her_own_firm_and_starts_at_the_first_step(world: World, manager: Client) -> None:
    page = manager.get("/demandes/nouvelle/kap-numerik/")
    assert "Exemple Théâtre" in text(page)
    answer = manager.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F01"].pk})
    file = Application.objects.get()
    assert answer.url == f"/demandes/{file.reference}/etape/entreprise/"
    assert (file.company, file.representative) == (world.companies["F01"], world.managers["F01"])


def test_nobody_opens_a_draft_for_another_firm(world: World, manager: Client) -> None:
    answer = manager.post("/demandes/nouvelle/kap-numerik/", {"company": world.companies["F02"].pk})
    assert answer.status_code == 200
    assert not Application.objects.exists()


def test_a_scheme_that_is_not_there_is_not_found(manager: Client) -> None:
    assert manager.get("/demandes/nouvelle/autre/").status_code == 404


def test_without_a_firm_she_inscribes_one_first(world: World, sign_in: Callable[[User], Client]) -> None:
    newcomer = sign_in(User.objects.create_user("nouvelle@example.org", "Nouvelle"))
    answer = newcomer.get("/demandes/nouvelle/kap-numerik/")
    assert answer.url == "/mon-entreprise/?next=%2Fdemandes%2Fnouvelle%2Fkap-numerik%2F"


def test_a_visitor_signs_in_first(client: Client, world: World) -> None:
    answer = client.get("/demandes/nouvelle/kap-numerik/")
    assert answer.url == "/connexion/?next=/demandes/nouvelle/kap-numerik/"


def test_the_whole_way_from_draft_to_acknowledgement(world: World, manager: Client, draft: Application) -> None:
    fill(manager, draft, world)
    review = text(manager.get(f"/demandes/{draft.reference}/relecture/"))
    assert "Il manque encore" not in review
    assert "1 200,00" in review
    assert "plafonnée" not in review
    filed = manager.post(f"/demandes/{draft.reference}/relecture/", {"declared_accurate": "on"}, follow=True)
    draft.refresh_from_db()
    assert draft.state == ApplicationState.SUBMITTED
    for words in (draft.reference, "L’instructeur", "3 mai 2025", "Ne signez pas avant notre courrier"):
        assert words in text(filed)


def test_the_acknowledgement_downloads_once_it_is_delivered(world: World, manager: Client, draft: Application) -> None:
    fill(manager, draft, world)
    manager.post(f"/demandes/{draft.reference}/relecture/", {"declared_accurate": "on"})
    assert "dans quelques minutes" in text(manager.get(f"/demandes/{draft.reference}/accuse/"))
    delivery.deliver()
    letter = Document.objects.get(kind="letter")
    address = reverse("document", args=[letter.pk])
    assert address in text(manager.get(f"/demandes/{draft.reference}/accuse/"))
    response = manager.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response.content.startswith(b"%PDF-")


def test_the_shortest_application_counts_its_screens_and_fields(
    world: World, manager: Client, draft: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the choice of the scheme to the filing: at most ten screens, twenty-five fields and one on independence.

    What a folded panel holds (a calculator, the year before) is not asked: nobody has to open it.
    """
    base = f"/demandes/{draft.reference}"
    screens = [f"/demandes/nouvelle/{world.scheme.code}/", f"{base}/etape/entreprise/", f"{base}/etape/projet/",
               f"{base}/devis/", f"{base}/prestataire/", f"{base}/etape/aides/", f"{base}/pieces/",
               f"{base}/relecture/", f"{base}/accuse/"]  # fmt: skip
    fields = sum(_fields(text(manager.get(screen))) for screen in screens[:-1])
    fields -= Document.objects.count() + 1  # of two providers to choose from, one field is one choice
    with capsys.disabled():
        print(f"\nshortest application: {fields} fields on {len(screens)} screens")  # noqa: T201
    assert fields <= 26
    assert len(screens) <= 10


def _fields(html: str) -> int:
    main = FOLDED.sub("", html.partition("<main")[2].partition("</main>")[0])
    return sum('type="hidden"' not in tag and 'type="search"' not in tag for tag in FIELD.findall(main))


# --- each step


def test_a_step_says_where_she_is(manager: Client, draft: Application) -> None:
    page = text(manager.get(f"/demandes/{draft.reference}/etape/projet/"))
    assert "Étape 2 sur 7" in page
    assert 'aria-current="step"' in page


def test_a_step_that_does_not_exist_is_not_found(manager: Client, draft: Application) -> None:
    assert manager.get(f"/demandes/{draft.reference}/etape/ailleurs/").status_code == 404


def test_what_is_typed_is_saved_and_found_again(manager: Client, draft: Application) -> None:
    address = f"/demandes/{draft.reference}/etape/projet/"
    answer = manager.post(address, {"title": "Vendre en ligne", "action": "later"})
    assert answer.url == "/"
    assert "Vendre en ligne" in text(manager.get(address))
    assert draft.reference in text(manager.get("/"))


def test_an_error_is_beside_its_field_and_nothing_typed_is_lost(manager: Client, draft: Application) -> None:
    given = {"headcount": "beaucoup", "turnover": "310 000", "naf_code": "9001", "legal_category": "company"}
    page = text(manager.post(f"/demandes/{draft.reference}/etape/entreprise/", given))
    for words in ("beaucoup", "310 000", "Écrire quatre chiffres et une lettre"):
        assert words in page
    draft.refresh_from_db()
    assert draft.headcount == Decimal("4.00")


@pytest.mark.parametrize(("typed", "words"), [("-1", "supérieur"), ("13", "de 0 à 12")])
def test_the_digital_intensity_has_bounds(manager: Client, draft: Application, typed: str, words: str) -> None:
    given = {"title": "Site", "digital_intensity_before": typed}
    assert words in text(manager.post(f"/demandes/{draft.reference}/etape/projet/", given))


def test_a_missing_fact_may_wait(manager: Client, draft: Application) -> None:
    answer = manager.post(f"/demandes/{draft.reference}/etape/entreprise/", {"headcount": "", "legal_category": ""})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.headcount is None
    assert "L’effectif" in text(manager.get(f"/demandes/{draft.reference}/relecture/"))


# --- the quote


def test_lines_are_added_changed_and_taken_away(manager: Client, draft: Application) -> None:
    address = f"/demandes/{draft.reference}/devis/"
    manager.post(address, QUOTE | {"action": "another"})
    manager.post(address, {"category": "social_media", "label": "Réseaux", "amount": "400", "action": "another"})
    first, second = draft.lines.all()
    changed = QUOTE | {"line": first.pk, "amount": "1700", "action": "another"}
    assert "Site vitrine" in text(manager.get(f"{address}?line={first.pk}"))
    manager.post(address, changed)
    manager.post(f"{address}retirer/", {"line": first.pk})
    manager.post(address, QUOTE | {"action": "another"})
    assert [(line.number, line.amount) for line in draft.lines.all()] == [(2, 400), (3, 1500)]


def test_an_empty_line_goes_on_only_when_there_is_one_already(manager: Client, draft: Application) -> None:
    address = f"/demandes/{draft.reference}/devis/"
    assert manager.post(address, {"action": "continue"}).status_code == 200
    manager.post(address, QUOTE | {"action": "another"})
    assert manager.post(address, {"action": "continue"}).url == f"/demandes/{draft.reference}/prestataire/"


@pytest.mark.parametrize("amount", ["0", "-5", "abc", ""])
def test_a_line_without_an_amount_is_refused_and_kept_on_screen(
    manager: Client, draft: Application, amount: str
) -> None:
    answer = manager.post(f"/demandes/{draft.reference}/devis/", QUOTE | {"amount": amount, "action": "continue"})
    assert answer.status_code == 200
    assert "Site vitrine" in text(answer)
    assert not draft.lines.exists()


@pytest.mark.parametrize("asked", ["999999", "abc"])
def test_a_line_of_another_file_is_not_found(manager: Client, draft: Application, asked: str) -> None:
    assert manager.get(f"/demandes/{draft.reference}/devis/?line={asked}").status_code == 404


def test_taking_away_what_is_gone_is_no_error(manager: Client, draft: Application) -> None:
    answer = manager.post(f"/demandes/{draft.reference}/devis/retirer/", {"line": "999"})
    assert answer.url == f"/demandes/{draft.reference}/devis/"


# --- the provider


def test_only_accredited_providers_are_offered(world: World, manager: Client, draft: Application) -> None:
    accreditation = world.providers["P02"].accreditations.get()
    accreditation.valid_from = clock.today() - timedelta(days=9)
    accreditation.valid_to = clock.today() - timedelta(days=1)
    accreditation.save()
    address = f"/demandes/{draft.reference}/prestataire/"
    page = text(manager.get(address))
    assert "Exemple Numérique 1" in page
    assert "Exemple Numérique 2" not in page
    refused = manager.post(address, {"provider": world.providers["P02"].pk})
    assert "n’est pas habilité aujourd’hui" in text(refused)


def test_a_provider_is_found_by_name_or_siret(world: World, manager: Client, draft: Application) -> None:
    address = f"/demandes/{draft.reference}/prestataire/"
    siret = world.providers["P02"].siret
    for asked in ("numérique 2", siret, f"{siret[:3]} {siret[3:9]}"):
        assert "Exemple Numérique 2" in text(manager.get(address, {"q": asked}))
    assert "Aucun prestataire habilité ne porte ce nom" in text(manager.get(address, {"q": "zzz"}))


def test_going_on_without_a_provider_is_told(manager: Client, draft: Application) -> None:
    answer = manager.post(f"/demandes/{draft.reference}/prestataire/", {"action": "continue"}, follow=True)
    assert "Choisir un prestataire pour continuer" in text(answer)


# --- the documents


def test_documents_are_listed_replaced_and_taken_away(manager: Client, draft: Application) -> None:
    address = f"/demandes/{draft.reference}/pieces/"
    manager.post(address, {"quote": pdf("devis-1.pdf"), "action": "stay"})
    manager.post(address, {"quote": pdf("devis-2.pdf", b"%PDF-1.4\n2"), "action": "stay"})
    first, second = Document.objects.order_by("pk")
    assert (first.deleted_rule, second.deleted_at) == ("replaced_in_draft", None)
    page = text(manager.get(address))
    assert "devis-2.pdf" in page
    assert "devis-1.pdf" not in page
    manager.post(f"{address}retirer/", {"document": second.pk})
    second.refresh_from_db()
    assert (second.deleted_rule, second.deleted_by) == ("removed_in_draft", draft.representative)
    assert manager.get(reverse("document", args=[second.pk])).status_code == 404


HOSTILE = {
    "vide.pdf": (b"", "vide"),
    "programme.exe": (b"MZ\x90\x00", "PDF, PNG ou JPEG"),
    "page.html": (b"<html><script>alert(1)</script>", "PDF, PNG ou JPEG"),
    "dessin.svg": (b"<svg onload='alert(1)'/>", "PDF, PNG ou JPEG"),
    "archive.zip": (b"PK\x03\x04", "PDF, PNG ou JPEG"),
    "texte.docx": (b"PK\x03\x04word", "PDF, PNG ou JPEG"),
    "macro.xlsm": (b"PK\x03\x04xl", "PDF, PNG ou JPEG"),
    "script.sh": (b"#!/bin/sh\nrm -rf /", "PDF, PNG ou JPEG"),
    "script.php": (b"<?php system($_GET['c']); ?>", "PDF, PNG ou JPEG"),
    "image.gif": (b"GIF89a", "PDF, PNG ou JPEG"),
    "image.bmp": (b"BM....", "PDF, PNG ou JPEG"),
    "image.webp": (b"RIFF....WEBP", "PDF, PNG ou JPEG"),
    "faux.pdf": (b"not a pdf", "PDF, PNG ou JPEG"),
    "decale.pdf": (b"\n\n%PDF-1.4", "PDF, PNG ou JPEG"),
    "faux.png": (b"\x89PNH\r\n\x1a\n", "PDF, PNG ou JPEG"),
    "faux.jpg": (b"\xff\xd9\xff", "PDF, PNG ou JPEG"),
    "actif.pdf": (b"%PDF-1.7\n/OpenAction << /S /JavaScript >>", "contient un programme"),
    "lance.pdf": (b"%PDF-1.7\n<< /S /Launch /F (cmd.exe) >>", "contient un programme"),
    "verrou.pdf": (b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>", "protégé par un mot de passe"),
    "lourd.pdf": (b"%PDF-1.4" + b"0" * (10 * 1024 * 1024), "dépasse 10 Mo"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twenty_hostile_uploads_are_refused_with_a_sentence(manager: Client, draft: Application, name: str) -> None:
    content, words = HOSTILE[name]
    given = {"quote": pdf(name, content), "identity": pdf("piece.pdf")}
    page = text(manager.post(f"/demandes/{draft.reference}/pieces/", given))
    assert words in page
    assert "Les autres fichiers sont enregistrés" in page
    assert list(draft.documents.values_list("kind", flat=True)) == ["identity"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("devis.pdf.exe", "devis.pdf.exe.pdf"),
        ("devis\u202efdp.exe", "devisfdp.exe.pdf"),
        ("d" * 250 + ".pdf", "d" * 150 + ".pdf"),
        ("DEVIS.PDF", "DEVIS.PDF"),
    ],
)
def test_a_name_keeps_the_ending_of_the_true_type(manager: Client, draft: Application, given: str, kept: str) -> None:
    manager.post(f"/demandes/{draft.reference}/pieces/", {"quote": pdf(given)})
    assert draft.documents.get().name == kept


# --- review and filing


def test_the_review_links_to_each_missing_item(manager: Client, draft: Application) -> None:
    page = text(manager.get(f"/demandes/{draft.reference}/relecture/"))
    base = f"/demandes/{draft.reference}"
    for href in ("etape/projet/", "devis/", "prestataire/", "etape/aides/", "pieces/"):
        assert f'<a href="{base}/{href}">' in page
    assert "disabled" in page


def test_nothing_is_filed_while_something_is_missing(manager: Client, draft: Application) -> None:
    answer = manager.post(f"/demandes/{draft.reference}/relecture/", {"declared_accurate": "on"})
    assert "Il manque encore" in text(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.declared_accurate) == (ApplicationState.DRAFT, False)


def test_nothing_is_filed_without_the_declaration(world: World, manager: Client, draft: Application) -> None:
    fill(manager, draft, world)
    answer = manager.post(f"/demandes/{draft.reference}/relecture/", {})
    assert "Cocher cette case pour déposer la demande" in text(answer)
    draft.refresh_from_db()
    assert draft.state == ApplicationState.DRAFT


def test_a_project_that_the_rules_refuse_is_told_before_filing(
    world: World, manager: Client, draft: Application
) -> None:
    fill(manager, draft, world)
    manager.post(f"/demandes/{draft.reference}/etape/projet/", {"title": "Site", "works_start_on": "2025-03-01"})
    page = text(manager.get(f"/demandes/{draft.reference}/relecture/"))
    assert "le règlement ne permet pas d’aider ce projet" in page
    assert "1er mars 2025" in page


def test_a_filed_application_has_no_steps_any_more(world: World, manager: Client, draft: Application) -> None:
    fill(manager, draft, world)
    manager.post(f"/demandes/{draft.reference}/relecture/", {"declared_accurate": "on"})
    for address in ("etape/projet/", "devis/", "prestataire/", "pieces/", "relecture/"):
        answer = manager.get(f"/demandes/{draft.reference}/{address}")
        assert answer.url == f"/dossiers/{draft.reference}/"
    manager.post(f"/demandes/{draft.reference}/etape/projet/", {"title": "Autre"})
    draft.refresh_from_db()
    assert draft.title == "Un site pour le théâtre"


def test_the_acknowledgement_waits_for_the_filing(manager: Client, draft: Application) -> None:
    assert manager.get(f"/demandes/{draft.reference}/accuse/").url == f"/demandes/{draft.reference}/relecture/"


def test_a_draft_resumes_from_its_own_page(manager: Client, draft: Application) -> None:
    assert manager.get(f"/dossiers/{draft.reference}/").url == f"/demandes/{draft.reference}/relecture/"


PAGES = ("etape/entreprise/", "devis/", "prestataire/", "pieces/", "relecture/", "accuse/")


@pytest.mark.parametrize("who", ["F02", "officer", "admin", "P01"])
def test_a_draft_does_not_exist_for_anyone_else(
    world: World, draft: Application, sign_in: Callable[[User], Client], who: str
) -> None:
    people = world.managers | world.staff | world.provider_users
    stranger = sign_in(people[who])
    for page in PAGES:
        assert stranger.get(f"/demandes/{draft.reference}/{page}").status_code == 404
        if page != "accuse/":
            assert stranger.post(f"/demandes/{draft.reference}/{page}", {"title": "x"}).status_code == 404
    for page in ("devis/retirer/", "pieces/retirer/"):
        assert stranger.post(f"/demandes/{draft.reference}/{page}", {}).status_code == 404


def test_visitors_are_sent_to_sign_in(client: Client, draft: Application) -> None:
    for page in PAGES:
        assert client.get(f"/demandes/{draft.reference}/{page}").url.startswith("/connexion/?next=")


def test_removals_are_posts_only(manager: Client, draft: Application) -> None:
    for page in ("devis/retirer/", "pieces/retirer/"):
        assert manager.get(f"/demandes/{draft.reference}/{page}").status_code == 405


# --- documents


def test_a_document_is_for_the_firm_and_its_region_only(world: World, sign_in: Callable[[User], Client]) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1500"))
    identity = case.file.documents.get(kind="identity")
    quote = case.file.documents.get(kind="quote")
    address = reverse("document", args=[identity.pk])
    officer, provider = sign_in(world.staff["officer"]), sign_in(world.provider_users["P01"])
    assert officer.get(address).status_code == 404
    case.file_it()
    assert officer.get(address).status_code == 200
    assert sign_in(world.managers["F01"]).get(address).status_code == 200
    assert sign_in(world.managers["F02"]).get(address).status_code == 404
    assert provider.get(address).status_code == 404
    assert provider.get(reverse("document", args=[quote.pk])).status_code == 200
    assert sign_in(world.provider_users["P02"]).get(reverse("document", args=[quote.pk])).status_code == 404
    assert Client().get(address).url.startswith("/connexion/")


def test_a_document_opens_in_the_page_when_asked(world: World, sign_in: Callable[[User], Client]) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1500"))
    address = reverse("document", args=[case.file.documents.get(kind="quote").pk])
    response = sign_in(world.managers["F01"]).get(f"{address}?inline=1")
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]


def test_altered_bytes_are_not_handed_out(world: World, sign_in: Callable[[User], Client], settings: Any) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1500"))
    document = case.file.documents.get(kind="quote")
    Document.objects.filter(pk=document.pk).update(sha256="0" * 64)
    response = sign_in(world.managers["F01"]).get(reverse("document", args=[document.pk]))
    assert response.status_code == 500
    assert "ne peut pas être lu" in text(response)


def test_an_auditor_reads_and_another_region_does_not(world: World, sign_in: Callable[[User], Client]) -> None:
    case = Case(world, "F01").fill(("showcase_site", "Site", "1500")).file_it()
    address = reverse("document", args=[case.file.documents.get(kind="quote").pk])
    assert sign_in(world.staff["auditor"]).get(address).status_code == 200
    world.staff["auditor"].roles.update(valid_to=clock.today() - timedelta(days=1))
    assert sign_in(world.staff["auditor"]).get(address).status_code == 404


def test_reading_a_step_costs_few_queries(
    manager: Client, draft: Application, django_assert_max_num_queries: Any
) -> None:
    for page in PAGES[:-1]:
        with django_assert_max_num_queries(20):
            manager.get(f"/demandes/{draft.reference}/{page}")


def test_the_list_of_providers_costs_the_same_at_a_thousand(
    world: World, manager: Client, draft: Application, django_assert_max_num_queries: Any
) -> None:

    made = Provider.objects.bulk_create(
        [Provider(siret=f"{n:014d}", name=f"Prestataire {n}", email="p@example.org") for n in range(1000)]
    )
    Accreditation.objects.bulk_create(
        [
            Accreditation(provider=p, scheme=world.scheme, region=world.region, state="active",
                          valid_from=clock.today())
            for p in made
        ]
    )  # fmt: skip
    with django_assert_max_num_queries(15):
        page = text(manager.get(f"/demandes/{draft.reference}/prestataire/"))
    assert page.count('type="radio"') == 20
    assert "Suivants" in page


def test_the_gate_has_the_last_word(world: World, manager: Client, draft: Application) -> None:
    """Filed in another tab meanwhile: the second filing is told, not an error page."""
    fill(manager, draft, world)
    Application.objects.filter(pk=draft.pk).update(declared_accurate=True)
    gate.move(world.managers["F01"], "application", draft.pk, "submit")
    answer = manager.post(f"/demandes/{draft.reference}/relecture/", {"declared_accurate": "on"}, follow=True)
    assert "Cette demande est déposée" in text(answer)
