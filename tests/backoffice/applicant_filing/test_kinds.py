"""The steps that only some schemes ask for: level, group, days, instruments, the directory, the plan of payment."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.models import Application, ApplicationMember, Company
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions.models import User
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import LEAD, MEMBERS, drafted, opened

pytestmark = pytest.mark.django_db


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200
    return sound(response.content.decode())


@pytest.fixture
def lead(world: World, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(world.managers[LEAD])


def base(case: Case) -> str:
    return f"/demandes/{case.file.reference}"


def test_the_start_page_tells_what_the_scheme_gives_and_counts_its_own_steps(world: World, lead: Client) -> None:
    opened(world, "impulsion-export")
    text = read(lead, "/demandes/nouvelle/impulsion-export/").text
    for words in ("7 étapes", "Subvention : 30 % de vos dépenses, jusqu’à 9 000 € d’aide.", "Garantie : 70 % du prêt."):
        assert words in text
    assert "d’avance" in text


def test_a_group_is_gathered_by_siren_and_its_minimum_is_told(world: World, lead: Client) -> None:
    case = drafted(opened(world, "groupement-export"))
    address = f"{base(case)}/groupement/"
    text = read(lead, address).text
    assert "Il faut 4 entreprises au moins" in text
    assert "Il manque 3 entreprises." in text
    assert "Les autres entreprises du groupement" in read(lead, f"{base(case)}/relecture/").text
    for siren, words in (
        ("12", "Ce SIREN n’est pas valable"),
        (world.companies[LEAD].siren, "déjà le chef de file"),
        ("732829320", "pas encore inscrite"),
    ):
        assert words in read(lead, address, {"siren": siren, "action": "add"}).text
    for key in MEMBERS:
        read(lead, address, {"siren": world.companies[key].siren, "action": "add"})
    again = read(lead, address, {"siren": world.companies["F02"].siren, "action": "add"}).text
    assert "déjà dans le groupement" in again
    assert "Il manque" not in again
    assert "4 entreprises pour le moment" in again
    assert "Les autres entreprises" not in read(lead, f"{base(case)}/relecture/").text
    member = case.file.members.get(company=world.companies["F05"])
    read(lead, f"{address}retirer/", {"member": member.pk})
    assert case.file.members.count() == 2


def test_export_expenses_say_at_once_what_is_left_out_and_why(world: World, lead: Client) -> None:
    case = drafted(opened(world, "impulsion-export"))
    address = f"{base(case)}/devis/"
    for category, label in (
        ("marketplace_commission", "Commission"), ("marketplace_listing", "Abonnement"), ("translation", "Site"),
    ):  # fmt: skip
        read(lead, address, {"category": category, "label": label, "amount": "1000", "action": "another"})
    text = read(lead, address).text
    assert "Écartée L’aide est liée aux quantités exportées. Règl. (UE) 2023/2831, art. 1(1)(e)" in text
    assert "À examiner" in text
    assert text.count("Écartée") == 1


def test_each_instrument_shows_its_terms_and_what_is_asked_is_kept_as_text(world: World, lead: Client) -> None:
    case = drafted(opened(world, "impulsion-export"), ("translation", "Traduction", "30000.00"))
    address = f"{base(case)}/etape/financement/"
    text = read(lead, address).text
    for words in (
        "Remboursement sur 60 mois, dont 12 sans rien rembourser, puis tous les 3 mois.", "Taux : 2 % par an.",
        "Sans intérêt.", "Entre 5 000 € et 30 000 €.", "Elle couvre 70 % du prêt", "Prime : 1 % par an.",
        "Le plus, sur ce devis : 9 000,00 €",
    ):  # fmt: skip
        assert words in text, words
    wrong = read(lead, address, {"loan": "4000", "advance": "20000"}).text
    assert "Le règlement donne au moins 5 000 €, ou rien" in wrong
    assert "Le règlement donne au plus 15 000 €." in wrong
    read(lead, address, {"loan": "6 000,00", "advance": "0", "guarantee": "", "grant": ""})
    assert case.file.asked_components == {"loan": "6000.00", "advance": "0.00"}
    review = read(lead, f"{base(case)}/relecture/").text
    for words in (
        "Une avance de 4 500 € peut être demandée", "Prêt 6 000,00 €", "Garantie 4 200,00 €", "Votre part, hors taxes",
        "Jamais versée", "que vous remboursez ensuite",
    ):  # fmt: skip
        assert words in review, words
    assert "Avance remboursable" not in review


def analysed(world: World) -> Case:
    """The firm’s analysis, settled: it recommends cybersecurity."""
    case = drafted(world, ("potential_analysis", "Analyse", "8000.00"))
    Application.objects.filter(pk=case.pk).update(
        state="completed", submitted_at="2025-01-02T00:00Z", recommended=["cybersecurity"], amount_granted=4000
    )
    return case


def test_the_second_level_follows_the_firms_own_settled_analysis(world: World, lead: Client) -> None:
    other = opened(world, "accompagnement-numerique")
    case = drafted(other)
    address = f"{base(case)}/etape/niveau/"
    assert "seul le premier niveau est ouvert" in read(lead, address).text
    assert "Choisir votre dossier soldé" in read(lead, address, {"level": "2"}).text
    earlier = analysed(other)
    text = read(lead, address).text
    assert f"{earlier.file.reference}, qui recommande : Mise en œuvre : cybersécurité" in text
    read(lead, address, {"level": "2", "follows": str(earlier.pk)})
    assert (case.file.level, case.file.follows_id) == (2, earlier.pk)
    quote = read(lead, f"{base(case)}/devis/").text
    assert "Chaque jour est aidé jusqu’à 1 100 €, 30 jours au plus." in quote
    assert "Mise en œuvre : marketing en ligne (l’analyse ne le recommande pas)" in quote
    assert "Analyse du potentiel" not in quote
    line = {"category": "cybersecurity", "label": "Audit", "amount": "9000", "action": "continue"}
    assert "Ce champ est obligatoire" in read(lead, f"{base(case)}/devis/", line).text
    read(lead, f"{base(case)}/devis/", line | {"quantity": "7,5"})
    assert case.file.lines.get().quantity == Decimal("7.5")
    review = read(lead, f"{base(case)}/relecture/").text
    assert "jours : 7,5" in review
    assert "Versée à votre prestataire, une fois son rapport remis et validé par vous." in review


def test_another_firms_analysis_opens_nothing(world: World, lead: Client) -> None:
    other = opened(world, "accompagnement-numerique")
    earlier = analysed(other)
    Application.objects.filter(pk=earlier.pk).update(company=world.companies["F02"])
    case = drafted(other)
    address = f"{base(case)}/etape/niveau/"
    assert earlier.file.reference not in read(lead, address).text
    read(lead, address, {"level": "2", "follows": str(earlier.pk)})
    assert case.file.follows_id is None


def test_the_directory_names_territory_and_experts_and_the_choice_is_free(world: World, lead: Client) -> None:
    other = opened(world, "conseil-digital")
    case = drafted(other)
    expert = other.providers["P02"].experts.first()
    address = f"{base(case)}/prestataire/"
    text = read(lead, address).text
    assert "habilité, La Réunion" in text
    assert f"{expert} (Conseil numérique)" in text
    chosen = other.providers["P02"].pk
    read(lead, address, {"provider": chosen, "expert": expert.pk if expert else ""})
    assert (case.file.provider_id, case.file.expert) == (chosen, expert)
    first = other.providers["P01"].pk
    wrong = read(lead, address, {"provider": first, "expert": expert.pk if expert else ""})
    assert "ne travaille pas chez ce prestataire" in wrong.text
    read(lead, address, {"provider": first})
    assert (case.file.provider_id, case.file.expert) == (first, None)


def test_a_step_that_the_rules_do_not_ask_for_does_not_exist(world: World, lead: Client) -> None:
    case = drafted(world)
    for slug in ("etape/niveau", "etape/financement", "groupement"):
        assert lead.get(f"{base(case)}/{slug}/").status_code == 404
    assert not ApplicationMember.objects.exists()


def test_an_escrow_tells_what_is_paid_in_advance(world: World, lead: Client) -> None:
    case = drafted(opened(world, "cheque-transformation"), ("action_plan", "Plan", "4000.00"))
    text = read(lead, f"{base(case)}/relecture/").text
    assert "Dont 1 000 € à verser d’avance" in text


def test_a_scheme_under_the_exemption_asks_whether_the_firm_is_in_difficulty(world: World, lead: Client) -> None:
    """Three questions on a step of their own, read again before filing; one yes and the aid is refused, with why."""
    case = drafted(opened(world, "conseil-digital"), ("digital_strategy", "Feuille de route", "8000.00"))
    address = f"{base(case)}/etape/situation/"
    page = read(lead, address)
    assert "Les pertes ont-elles fait disparaître plus de la moitié du capital ?" in page.text
    assert "art. 1(4)(c) et 2(18)" in page.text
    read(lead, address, {"capital_lost": "", "insolvent": "no", "rescue_aid": "no", "action": "continue"})
    missing = read(lead, f"{base(case)}/relecture/").text
    assert "Si les pertes ont fait disparaître la moitié du capital" in missing
    read(lead, address, {"capital_lost": "yes", "insolvent": "no", "rescue_aid": "no", "action": "continue"})
    assert (case.file.capital_lost, case.file.insolvent) == (True, False)
    text = read(lead, f"{base(case)}/relecture/").text
    assert "plus de la moitié de son capital a disparu" in text
    assert "2(18)(a)" in text


def test_a_young_firm_reads_that_its_capital_does_not_count(world: World, lead: Client) -> None:
    case = drafted(opened(world, "conseil-digital"))
    words = "Votre entreprise a moins de trois ans"
    assert words not in read(lead, f"{base(case)}/etape/situation/").text
    Company.objects.filter(pk=case.file.company_id).update(created_on="2024-06-01")
    assert words in read(lead, f"{base(case)}/etape/situation/").text


def test_a_scheme_of_de_minimis_aid_does_not_ask_about_difficulty(world: World, lead: Client) -> None:
    case = drafted(world)
    assert lead.get(f"{base(case)}/etape/situation/").status_code == 404
    assert "Santé financière" not in read(lead, f"{base(case)}/relecture/").text
