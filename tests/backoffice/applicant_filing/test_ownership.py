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
    answer(manager, draft, "no")
    year = {"previous_headcount": "3", "previous_turnover": "200000", "ownership_changed": "on"}
    assert "enregistré" in text(manager.post(links(draft) + "exercice-precedent/", year, follow=True))
    draft.refresh_from_db()
    assert (draft.previous_headcount, draft.ownership_changed) == (Decimal("3.00"), True)
    page = manager.post(links(draft) + "exercice-precedent/", {"previous_headcount": "peu"})
    assert 'value="peu"' in page.content.decode()


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
    for address in ("", "retirer/", "exercice-precedent/"):
        assert stranger.post(links(draft) + address, TIE).status_code == 404
    assert not OwnershipLink.objects.exists()


def test_the_step_speaks_english_too(manager: Client, draft: Application) -> None:
    answer(manager, draft, "no")
    manager.post(links(draft), TIE)
    manager.cookies["django_language"] = "en"
    page = text(manager.get(links(draft)))
    for words in ("holds 60% of", "Linked: counted whole", "Small", "Add a link"):
        assert words in page, words
