"""The file on one screen, and the acts made from it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from applications.enums import Finding
from applications.models import ItemRequest
from backoffice.demo.actors import Case
from backoffice.demo.stories import LAPTOP, SHOP, SITE
from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Role
from tests.backoffice.officer.desk import act_of, at_desk, elsewhere, filed, page_of, record_of, text
from workflows import gate
from workflows.conditions import latest_checks
from workflows.letters import reasons_of
from workflows.models import OutboxMessage
from workflows.recompute import recompute

pytestmark = pytest.mark.django_db


def examining(world: World, firm: str = "F01", *lines: tuple[str, str, str], **facts: str) -> Case:
    case = Case(world, firm).fill(*(lines or (SITE,)), **facts).file_it()
    return case.act("officer", "accept_complete")


def proposed(world: World, firm: str = "F01") -> Case:
    return filed(world, firm).examine().act("officer", "propose", reason="Projet cohérent.")


# --- reading


def test_the_file_says_its_facts_with_their_source(world: World) -> None:
    page = text(at_desk(world.staff["officer"]).get(page_of(filed(world))))
    for words in (
        "SIREN 000 000 018 registre", "Effectif (ETP) 4 déclaré par l’entreprise", "Microentreprise calculé",
        "Création d’un site vitrine", "1 500,00 €", "1 200,00 €", "Devis détaillé non signé", "Demande déposée",
        "Décision au plus tard le 3 mai 2025", "Alerte avant silence 17 avril 2025",
        "Effectif en équivalents temps plein inférieur à 20", "Place restante avant cette aide 300 000,00 €",
        "Taux d’aide appliqué", "Reste dans l’enveloppe 100 000,00 €",
    ):  # fmt: skip
        assert words in page, words


def test_conditions_that_do_not_hold_come_first_with_their_reason(world: World) -> None:
    case = examining(world, "F01", SHOP, declared_de_minimis="299500.00", works_start_on="2025-03-01")
    page = text(at_desk(world.staff["officer"]).get(page_of(case)))
    assert page.index("non remplie") < page.index(" remplie")
    assert "Le devis a été signé le 1er mars 2025" in page
    assert "300 000,00 €" in page
    assert "500,00 €" in page


def test_each_reader_sees_his_acts_and_whose_the_others_are(world: World) -> None:
    case = proposed(world)
    officer, decider = (text(at_desk(world.staff[who]).get(page_of(case))) for who in ("officer", "decider"))
    assert "réservé à un autre rôle dans cette région : Décideur" in officer
    assert "Ce que l’instructeur propose" in decider
    assert "Projet cohérent." in decider
    assert 'value="Délégation du 2 janvier 2025"' in at_desk(world.staff["decider"]).get(page_of(case)).content.decode()


@pytest.mark.parametrize("who", ["auditor", "admin", "accountant"])
def test_who_only_reads_is_offered_nothing(world: World, who: str) -> None:
    page = text(at_desk(world.staff[who]).get(page_of(filed(world))))
    assert "Rien ne vous est demandé sur ce dossier" in page


@pytest.mark.parametrize("act", ["accept_complete", "propose", "grant", "refuse", "notify", "close"])
def test_another_region_and_the_firm_find_nothing_here(world: World, act: str) -> None:
    case = filed(world)
    strangers = (elsewhere(), world.managers["F05"], world.managers["F01"], world.provider_users["P01"])
    for stranger in strangers:
        assert at_desk(stranger).post(act_of(case, act), {"reason": "x"}).status_code == 404
    assert at_desk(elsewhere(RoleKind.DECIDER)).get(page_of(case)).status_code == 404
    assert case.file.state == "submitted"


def test_a_stranger_is_asked_to_sign_in(world: World, client: object) -> None:
    case = filed(world)
    for response in (client.get(page_of(case)), client.post(act_of(case, "grant"))):  # type: ignore[attr-defined]
        assert response.status_code == 302
        assert "/connexion/" in response.url


def test_an_unknown_act_does_not_exist(world: World) -> None:
    case, client = filed(world), at_desk(world.staff["officer"])
    assert client.post(act_of(case, "submit")).status_code == 404
    assert client.post(record_of(case, "no_room")).status_code == 404
    assert client.get(act_of(case, "propose")).status_code == 405


# --- the officer


def test_taking_and_finding_complete_keep_the_reader_in_his_queue(world: World) -> None:
    filed(world, "F05")
    case, client = filed(world), at_desk(world.staff["officer"])
    place = f"?queue=to-take&at=2025-04-17.{case.pk}"
    response = client.post(record_of(case, "take") + place, follow=True)
    assert response.redirect_chain[0][0].endswith(place)
    assert "C’est fait : Prendre en charge." in text(response)
    assert case.file.assigned_to == world.staff["officer"]
    response = client.post(act_of(case, "accept_complete") + place, follow=True)
    assert "Dossier suivant" in text(response) or "Dossier précédent" in text(response)
    assert case.file.state == "examining"


def test_one_confirmation_for_all_that_is_green(world: World) -> None:
    case, client = examining(world), at_desk(world.staff["officer"])
    assert "tout est conforme" in text(client.get(page_of(case)))
    response = client.post(f"/instruction/{case.file.reference}/confirmer/", follow=True)
    assert "3 contrôles confirmés" in text(response)
    latest = latest_checks(case.file)
    assert {kind: check.finding for kind, check in latest.items()} == dict.fromkeys(
        ("documents", "eligibility", "de_minimis"), Finding.GREEN
    )
    assert {check.made_by for check in latest.values()} == {world.staff["officer"]}
    assert "tout est conforme" not in text(response)


def test_what_is_red_is_never_confirmed_with_the_greens(world: World) -> None:
    case, client = examining(world, "F01", SHOP, declared_de_minimis="299500.00"), at_desk(world.staff["officer"])
    page = text(client.get(page_of(case)))
    assert "Le plafond de minimis" in page
    client.post(f"/instruction/{case.file.reference}/confirmer/")
    assert latest_checks(case.file)["de_minimis"].made_by.is_system
    assert latest_checks(case.file)["documents"].finding == Finding.GREEN


def test_confirming_too_early_is_told_in_words(world: World) -> None:
    case = filed(world)
    page = at_desk(world.staff["officer"]).post(f"/instruction/{case.file.reference}/confirmer/", follow=True)
    assert "Trop tard" in text(page)


def test_a_finding_needs_its_reason_and_keeps_what_was_typed(world: World) -> None:
    case, client = examining(world), at_desk(world.staff["officer"])
    back = client.post(record_of(case, "eligibility"), {"finding": "red"})
    assert back.status_code == 200
    assert "donne son motif" in text(back)
    done = client.post(
        record_of(case, "eligibility"),
        {"finding": "red", "codes": ["sector"], "reason": "Activité réelle : édition de logiciels."}, follow=True,
    )  # fmt: skip
    assert "Contrôle d’éligibilité" in text(done)
    assert latest_checks(case.file)["eligibility"].codes == ["sector"]
    assert "édition de logiciels" in text(done)


def test_a_note_a_warning_and_what_the_firm_said_enter_the_history(world: World) -> None:
    case, client = filed(world), at_desk(world.staff["officer"])
    for kind, words in (("note", "Appelée ce jour."), ("warning", "Sans devis, classement.")):
        page = client.post(record_of(case, kind), {"reason": words}, follow=True)
        assert words in text(page)
    assert "Ce champ est obligatoire" in text(client.post(record_of(case, "note"), {"reason": ""}))


def test_items_are_asked_after_reading_the_letter(world: World) -> None:
    case, client = filed(world), at_desk(world.staff["officer"])
    asked = {"kinds": ["quote", "identity"], "reason": "Le devis joint n’est pas détaillé."}
    preview = client.post(act_of(case, "request_items"), asked, follow=True)
    page = text(preview)
    assert "Réponse attendue au plus tard le 4 avril 2025" in page
    assert "le silence vaudra rejet le 2 juin 2025" in page
    assert case.file.state == "submitted"
    assert not ItemRequest.objects.exists()
    base = f"/instruction/{case.file.reference}/pieces/"
    shown = client.get(f"{base}courrier.pdf")
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    words = " ".join(PdfReader(BytesIO(shown.content)).pages[0].extract_text().split())
    assert "Devis détaillé non signé" in words
    assert "2 juin 2025" in words
    sent = client.post(f"{base}envoyer/", follow=True)
    assert "C’est fait : Demander des pièces." in text(sent)
    assert case.file.state == "to_complete"
    message = OutboxMessage.objects.get(template="request_for_items")
    assert message.event.note.text == asked["reason"]
    assert client.get(f"{base}courrier.pdf").status_code == 404


def test_a_request_read_again_may_be_changed(world: World) -> None:
    case, client = filed(world), at_desk(world.staff["officer"])
    assert "Cocher au moins une pièce" in text(client.post(act_of(case, "request_items"), {"reason": "Rien"}))
    client.post(act_of(case, "request_items"), {"kinds": ["quote"], "reason": "Détailler."})
    back = client.post(f"/instruction/{case.file.reference}/pieces/envoyer/", {"change": "1"})
    assert "Détailler." in back.content.decode()
    assert case.file.state == "submitted"


def test_a_request_kept_for_one_file_is_not_sent_on_another(world: World) -> None:
    one, two, client = filed(world), filed(world, "F05"), at_desk(world.staff["officer"])
    client.post(act_of(one, "request_items"), {"kinds": ["quote"]})
    response = client.post(f"/instruction/{two.file.reference}/pieces/envoyer/")
    assert "Cocher au moins une pièce" in text(response)
    assert two.file.state == "submitted"
    assert client.get(f"/instruction/{two.file.reference}/pieces/").status_code == 302


def test_proposing_shows_the_amount_of_the_rules_and_takes_less_never_more(world: World) -> None:
    case = filed(world).examine()
    client = at_desk(world.staff["officer"])
    assert 'value="1200,00"' in client.get(page_of(case)).content.decode()
    too_much = client.post(act_of(case, "propose"), {"opinion": "grant", "amount": "1 300,00"})
    assert "Le montant dépasse l’aide calculée" in text(too_much)
    assert 'value="1 300,00"' in too_much.content.decode()
    client.post(act_of(case, "propose"), {"opinion": "grant", "amount": "1 000,50", "reason": "Devis revu."})
    assert (case.file.state, case.file.amount_proposed) == ("proposed", Decimal("1000.50"))
    assert sum(line.aid for line in case.file.lines.all()) == Decimal("1000.50")


def test_a_smaller_amount_is_taken_from_the_last_lines(world: World) -> None:
    case = Case(world, "F01").fill(SITE, SHOP, LAPTOP).file_it().examine()
    at_desk(world.staff["officer"]).post(act_of(case, "propose"), {"opinion": "grant", "amount": "1500"})
    assert [line.aid for line in case.file.lines.all()] == [Decimal(1200), Decimal(300), Decimal(0)]
    page = text(at_desk(world.staff["decider"]).get(page_of(case)))
    assert "« Ordinateur portable » n’est pas aidé" in page


def test_proposing_a_refusal_asks_for_its_reasons(world: World) -> None:
    case = filed(world).examine()
    client = at_desk(world.staff["officer"])
    back = client.post(act_of(case, "propose"), {"opinion": "refuse", "reason": "Hors champ."})
    assert "Cocher au moins un motif de refus" in text(back)
    assert "Hors champ." in back.content.decode()
    client.post(act_of(case, "propose"), {"opinion": "refuse", "codes": ["sector"], "amount": "12"})
    assert (case.file.opinion, case.file.refusal_codes, case.file.amount_proposed) == ("refuse", ["sector"], None)
    assert "Le secteur d’activité" in text(at_desk(world.staff["decider"]).get(page_of(case)))


def test_proposing_before_the_checks_is_not_offered(world: World) -> None:
    case, client = examining(world), at_desk(world.staff["officer"])
    assert "Tous les contrôles demandés par le règlement ne sont pas enregistrés" in text(client.get(page_of(case)))
    refused = client.post(act_of(case, "propose"), {"opinion": "grant", "amount": "100"})
    assert "Tous les contrôles" in text(refused)


# --- the decider, the notifying agent


def test_the_decider_grants_and_reads_the_number(world: World) -> None:
    case = proposed(world)
    page = at_desk(world.staff["decider"]).post(
        act_of(case, "grant"), {"delegation": "Délégation du 2 janvier 2025"}, follow=True
    )
    assert f"Décision n° D-{case.file.reference}, signée par Claude Décide" in text(page)
    assert case.file.agreement.delegation == "Délégation du 2 janvier 2025"
    told = at_desk(world.staff["notifier"]).post(act_of(case, "notify"), follow=True)
    assert "Notifiée" in text(told)
    assert case.file.state == "running"


def test_the_person_who_examined_reads_why_another_must_decide(world: World) -> None:
    case, officer = proposed(world), world.staff["officer"]
    role = Role.objects.get(user=world.staff["decider"], kind=RoleKind.DECIDER)
    role.pk, role.user = None, officer
    role.save()
    page = at_desk(officer).get(page_of(case))
    assert "Une autre personne doit faire cet acte" in text(page)
    assert act_of(case, "grant") not in page.content.decode()
    assert "Une autre personne doit faire cet acte" in text(at_desk(officer).post(act_of(case, "grant"), {}))
    assert case.file.state == "proposed"


def test_the_decider_refuses_with_reasons_or_sends_back_with_words(world: World) -> None:
    case, client = proposed(world), at_desk(world.staff["decider"])
    assert "Cocher au moins un motif" in text(client.post(act_of(case, "refuse"), {}))
    assert "Ce champ est obligatoire" in text(client.post(act_of(case, "send_back"), {}))
    back = client.post(act_of(case, "send_back"), {"reason": "Vérifier le devis."}, follow=True)
    assert "Vérifier le devis." in text(back)
    case.act("officer", "propose")
    client.post(act_of(case, "refuse"), {"codes": ["sector"], "delegation": "Par délégation"})
    assert (case.file.state, case.file.refusal_codes) == ("refused", ["sector"])


def test_a_file_that_went_on_meanwhile_is_told_in_words(world: World) -> None:
    case = proposed(world)
    case.act("decider", "grant")
    page = at_desk(world.staff["decider"]).post(act_of(case, "grant"), {"delegation": "x"})
    assert page.status_code == 200
    assert "Trop tard : le dossier est maintenant « Accordée »" in text(page)


def test_the_rare_acts_amend_lapse_revoke_close_reopen(world: World) -> None:
    client = at_desk(world.staff["decider"])
    amended = filed(world, "F01").grant().notify()
    assert "Indiquer une nouvelle date" in text(client.post(act_of(amended, "amend"), {"reason": "Retard"}))
    client.post(act_of(amended, "amend"), {"reason": "Retard", "amount": "1000", "complete_by": "2026-01-31"})
    assert (amended.file.amount_granted, str(amended.file.complete_by)) == (Decimal("1000.00"), "2026-01-31")
    officer = at_desk(world.staff["officer"])
    assert "le propose d’abord" in text(client.post(act_of(amended, "revoke"), {"reason": "Fausse déclaration"}))
    meant = {"ground": "fraud", "effect": "withdrawal", "reason": "Le devis est un faux."}
    assert "Contradictoire en cours" in text(
        officer.post(record_of(amended, "revocation_proposed"), meant, follow=True)
    )
    assert "Attendre les observations" in text(client.post(act_of(amended, "revoke"), {"reason": "Fausse déclaration"}))
    officer.post(record_of(amended, "hearing"), {"reason": "Reçue ce jour : rien à dire."})
    client.post(act_of(amended, "revoke"), {"reason": "Fausse déclaration", "delegation": "Par délégation"})
    assert amended.file.state == "revoked"
    lapsed = filed(world, "F05").grant().notify()
    client.post(act_of(lapsed, "lapse"), {"delegation": "Par délégation"})
    assert lapsed.file.state == "lapsed"
    closed = filed(world, "F15")
    gate.record(closed.by("officer"), "application", closed.pk, "warning", reason="Sans suite bientôt.")
    client.post(act_of(closed, "close"), {"reason": "Sans réponse."})
    assert closed.file.state == "closed"
    client.post(act_of(closed, "reopen"), {"reason": "Recours admis."})
    assert closed.file.state == "examining"


def test_the_officer_settles_a_file_that_is_over(world: World) -> None:
    case = filed(world).grant().notify()
    at_desk(world.staff["officer"]).post(act_of(case, "complete"))
    assert case.file.state == "completed"
    assert "Soldée" in text(at_desk(world.staff["officer"]).get(page_of(case)))


def test_the_page_speaks_english_too(world: World) -> None:
    case, client = filed(world), at_desk(world.staff["officer"])
    assert "Règl. (UE) 2021/1060, art. 65" in text(client.get(page_of(case)))
    client.cookies["django_language"] = "en"
    page = text(client.get(page_of(case)))
    assert "Reg. (EU) 2021/1060, Art. 65" in page
    assert "(UE)" not in page


def test_a_reason_and_its_letter_cite_the_law_in_the_readers_language(world: World) -> None:
    """Above the de minimis ceiling: the page, and the reasons of the letter; what is frozen stays as it was."""
    case = Case(world, "F01").fill(SHOP, declared_de_minimis="299500.00").file_it()
    case.act("officer", "accept_complete")
    client = at_desk(world.staff["officer"])
    assert "(Règl. (UE) 2023/2831, art. 3(2))" in text(client.get(page_of(case)))
    client.cookies["django_language"] = "en"
    assert "(Reg. (EU) 2023/2831, Art. 3(2))" in text(client.get(page_of(case)))
    gate.record(case.by("officer"), "application", case.pk, "documents", finding="green")
    gate.record(case.provider, "application", case.pk, "provider", finding="green")
    case.act("officer", "propose", opinion="refuse").act("decider", "refuse", delegation="Délégation")
    french, english = (dict(reasons_of(case.file, case.file.refusal_codes, tongue)) for tongue in ("fr", "en"))
    assert "Règl. (UE) 2023/2831, art. 3(2)" in french.values()
    assert "Reg. (EU) 2023/2831, Art. 3(2)" in english.values()
    assert all(recompute(decision).same for decision in case.file.decisions.all())


def test_the_next_file_is_one_key_away_even_after_an_act_moved_this_one(world: World) -> None:
    for firm in ("F01", "F05", "F15"):
        filed(world, firm)
    client = at_desk(world.staff["officer"])
    cleared, address = [], client.get("/?queue=to-take").context["files"][0]
    page = client.get(f"/dossiers/{address.reference}/?queue=to-take&at={address.due_on}.{address.pk}")
    while True:
        file, trail = page.context["file"], page.context["trail"]
        cleared.append(file.reference)
        page = client.post(f"/instruction/{file.reference}/mention/take/{trail.suffix}", follow=True)
        following = page.context["trail"].next
        if not following:
            break
        page = client.get(following)
    assert len(cleared) == len(set(cleared)) == 3
    assert "Dernier dossier de la file" in text(page)
