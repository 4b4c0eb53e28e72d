"""Who owns the firm, on the draft: one question for most, a line a tie for the others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.models import Application, OwnershipLink
from backoffice.demo.world import World
from tests.backoffice.applicant_filing.test_filing import fill, text

pytestmark = pytest.mark.django_db
PARENT = "732829320"
FIRM = {"headcount": "4", "turnover": "310000", "naf_code": "90.01Z", "legal_category": "company"}
TIE = {
    "name": "Exemple Mère", "kind": "enterprise", "siren": "732 829 320", "direction": "owner", "capital": "60",
    "headcount": "30", "turnover": "4 000 000", "action": "add",
}  # fmt: skip


def step(draft: Application) -> str:
    return f"/demandes/{draft.reference}/etape/entreprise/"


def answer(manager: Client, draft: Application, independent: str) -> Any:
    return manager.post(f"/demandes/{draft.reference}/etape/entreprise/", FIRM | {"independent": independent})


def links(draft: Application) -> str:
    return f"/demandes/{draft.reference}/liens/"


def test_an_independent_firm_is_asked_nothing_more(manager: Client, draft: Application) -> None:
    assert answer(manager, draft, "yes").url.endswith("/etape/projet/")
    sent_back = manager.get(links(draft), follow=True)
    assert "aucun lien n’est à déclarer" in text(sent_back)


def test_without_an_answer_the_review_says_where_to_give_it(manager: Client, draft: Application) -> None:
    answer(manager, draft, "")
    page = text(manager.get(f"/demandes/{draft.reference}/relecture/"))
    assert "L’entreprise est-elle indépendante ?" in page


def test_a_tie_is_declared_and_its_effect_is_told_at_once(manager: Client, draft: Application) -> None:
    assert answer(manager, draft, "no").url == links(draft)
    assert "Étape 2 sur 8" in text(manager.get(links(draft)))
    page = text(manager.post(links(draft), TIE, follow=True))
    for words in ("Le lien est enregistré", "Exemple Mère", "Liée : comptée en entier", "Petite entreprise", "34"):
        assert words in page, words
    row = OwnershipLink.objects.get()
    assert (row.siren, row.capital, row.turnover) == (PARENT, Decimal("60.00"), Decimal("4000000.00"))


def test_a_tie_is_changed_and_taken_out(manager: Client, draft: Application) -> None:
    answer(manager, draft, "no")
    manager.post(links(draft), TIE)
    page = text(manager.get(links(draft) + "?link=1"))
    assert "Changer le lien avec Exemple Mère" in page
    changed = text(manager.post(links(draft), TIE | {"link": "1", "capital": "40"}, follow=True))
    assert "Partenaire : comptée pour sa part" in changed
    assert "Microentreprise" not in changed
    row = OwnershipLink.objects.get()
    manager.post(links(draft) + "retirer/", {"link": row.pk})
    manager.post(links(draft) + "retirer/", {"link": row.pk})
    assert not OwnershipLink.objects.exists()


def test_a_tie_on_which_another_hangs_stays(manager: Client, draft: Application) -> None:
    answer(manager, draft, "no")
    manager.post(links(draft), TIE)
    sister = {"name": "Exemple Sœur", "siren": "552100554", "direction": "owned", "around": "1", "capital": "100"}
    manager.post(links(draft), TIE | sister)
    row = OwnershipLink.objects.get(number=1)
    page = text(manager.post(links(draft) + "retirer/", {"link": row.pk}, follow=True))
    assert "Un autre lien part de Exemple Mère : le retirer d’abord." in page
    assert OwnershipLink.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capital": "0"}, "Indiquer une part du capital ou des votes"),
        ({"capital": "160"}, "100"),
        ({"headcount": ""}, "Indiquer l’effectif, et le chiffre d’affaires"),
        ({"siren": "732829321"}, "Ce SIREN n’est pas valable"),
        ({"kind": "person"}, "Un SIREN est celui d’une entreprise"),
        ({"siren": "000000018"}, "C’est le SIREN de votre entreprise"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    manager: Client, draft: Application, wrong: dict[str, str], sentence: str
) -> None:
    answer(manager, draft, "no")
    page = manager.post(links(draft), TIE | wrong)
    assert sentence in text(page)
    assert "Exemple Mère" in page.content.decode()
    assert not OwnershipLink.objects.exists()


def test_a_person_and_what_she_holds_elsewhere(manager: Client, draft: Application) -> None:
    """No SIREN, no figures for a person; her other firm hangs on her."""
    answer(manager, draft, "no")
    person = {"name": "Exemple Associée", "kind": "person", "siren": "", "headcount": "", "turnover": ""}
    manager.post(links(draft), TIE | person)
    other = {"around": "1", "direction": "owned", "capital": "100", "same_market": "yes"}
    page = text(manager.post(links(draft), TIE | other, follow=True))
    assert "Liée : comptée en entier" in page
    assert list(OwnershipLink.objects.values_list("around", "same_market")) == [(None, None), (1, True)]


def test_stakes_above_the_whole_are_told(manager: Client, draft: Application) -> None:
    answer(manager, draft, "no")
    manager.post(links(draft), TIE)
    page = text(manager.post(links(draft), TIE | {"siren": "552100554", "capital": "50"}))
    assert "les parts d’une même entreprise dépassent 100 %" in page


def test_the_year_before_is_kept_beside(manager: Client, draft: Application) -> None:
    year = {"previous_headcount": "3", "previous_turnover": "200000", "ownership_changed": "on", "independent": "no"}
    assert "enregistré" in text(manager.post(step(draft), FIRM | year, follow=True))
    draft.refresh_from_db()
    assert (draft.previous_headcount, draft.ownership_changed) == (Decimal("3.00"), True)
    assert "le donner avec les chiffres de votre entreprise" in text(manager.get(links(draft)))
    page = manager.post(step(draft), FIRM | {"previous_headcount": "peu"})
    assert 'value="peu"' in page.content.decode()


@pytest.mark.parametrize(
    ("year", "size", "told"),
    [
        ({}, "Petite entreprise", False),
        ({"previous_headcount": "9,5", "previous_turnover": "900 000"}, "Microentreprise", True),
        ({"previous_headcount": "12", "previous_balance_sheet": "900 000"}, "Petite entreprise", True),
        (
            {"previous_headcount": "9", "previous_turnover": "900000", "ownership_changed": "on"},
            "Petite entreprise",
            True,
        ),
    ],
)
def test_an_independent_firm_changes_category_after_two_years_running(
    world: World, manager: Client, draft: Application, year: dict[str, str], size: str, told: bool
) -> None:
    """Eleven people this year: micro still when it was micro the year before, unless a merger came between."""
    fill(manager, draft, world)
    manager.post(step(draft), FIRM | {"headcount": "11", "independent": "yes"} | year)
    page = text(manager.get(f"/demandes/{draft.reference}/relecture/"))
    assert size in page
    assert ("Exercice précédent" in page) is told


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ({"previous_turnover": "900000"}, "Indiquer aussi l’effectif de cet exercice"),
        ({"previous_headcount": "9"}, "Indiquer aussi le chiffre d’affaires ou le total du bilan"),
        ({"previous_headcount": "-1", "previous_turnover": "1"}, "supérieure ou égale à 0"),
    ],
)
def test_half_a_year_before_is_asked_for_whole(
    manager: Client, draft: Application, year: dict[str, str], words: str
) -> None:
    page = manager.post(step(draft), FIRM | year)
    assert words in text(page)
    assert '<details class="helper" id="before" open>' in page.content.decode()
    draft.refresh_from_db()
    assert draft.previous_turnover is None


PEOPLE = {
    "awu-full_time": "9", "awu-part_time": "3", "awu-part_time_share": "50", "awu-seasonal": "1",
    "awu-seasonal_months": "3", "awu-owners": "1", "awu-leave_months": "6", "awu-apprentices": "2",
}  # fmt: skip


def test_the_headcount_is_counted_from_the_people(manager: Client, draft: Application) -> None:
    """SME-23: 8 + 1.5 + 0.25 + 0 + 1 + 0.5 units; the number is written in the box, and nothing is saved yet."""
    given = FIRM | {"headcount": "", "naf_code": "4711F"} | PEOPLE
    page = manager.post(step(draft), given | {"action": "work_units"}).content.decode()
    assert 'name="headcount" value="11.25"' in page
    assert 'name="naf_code" value="4711F"' in page
    assert "11,25 unités de travail annuel" in page
    assert "2003/361/CE, annexe, art. 5" in page
    draft.refresh_from_db()
    assert draft.headcount != Decimal("11.25")


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({"awu-part_time_share": ""}, "Indiquer leur temps de travail, en %."),
        ({"awu-seasonal_months": ""}, "Indiquer leur présence, en mois."),
        ({"awu-seasonal_months": "13"}, "inférieure ou égale à 12"),
        ({"awu-leave_months": "109"}, "C’est plus que les mois de tous les salariés"),
        ({"awu-full_time": "neuf"}, "Saisissez un nombre"),
    ],
)
def test_people_that_cannot_be_counted_keep_what_was_typed(
    manager: Client, draft: Application, people: dict[str, str], words: str
) -> None:
    page = manager.post(step(draft), FIRM | {"headcount": "7", "action": "work_units"} | PEOPLE | people)
    assert words in text(page)
    assert 'name="headcount" value="7"' in page.content.decode()
    assert 'name="awu-owners" value="1"' in page.content.decode()


def test_no_tie_at_all_is_missing_and_told(world: World, manager: Client, draft: Application) -> None:
    fill(manager, draft, world)
    answer(manager, draft, "no")
    review = f"/demandes/{draft.reference}/relecture/"
    assert "Qui détient l’entreprise, ou ce qu’elle détient" in text(manager.get(review))
    manager.post(links(draft), TIE | {"action": "continue"})
    page = text(manager.get(review))
    assert "Il manque encore" not in page
    assert "Petite entreprise" in page
    assert "Exemple Mère" in page


def test_another_firms_draft_is_not_found(draft: Application, world: World, sign_in: Any) -> None:
    stranger = sign_in(world.managers["F05"])
    for address in ("", "retirer/"):
        assert stranger.post(links(draft) + address, TIE).status_code == 404
    assert not OwnershipLink.objects.exists()


def test_the_step_speaks_english_too(manager: Client, draft: Application) -> None:
    answer(manager, draft, "no")
    manager.post(links(draft), TIE)
    manager.cookies["django_language"] = "en"
    page = text(manager.get(links(draft)))
    for words in ("holds 60% of", "Linked: counted whole", "Small", "Add a link"):
        assert words in page, words
