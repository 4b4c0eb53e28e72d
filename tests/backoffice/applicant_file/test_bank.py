"""Bank details in a browser: entered by the firm, changed with the region’s confirmation."""

from __future__ import annotations

from typing import Any

import pytest

from applications.models import BankChange, Claim, Company
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, User
from tests.backoffice.applicant_file.conftest import OTHER_IBAN, Browse, change, paper
from tests.backoffice.test_pages import Outline, sound
from tests.roles import hold
from workflows import gate

pytestmark = pytest.mark.django_db
LIST = "/instruction/coordonnees/"


@pytest.fixture
def case(world: World) -> Case:
    return Case(world, "F01").fill(SITE).file_it()


def address(case: Case) -> str:
    return f"/demandes/coordonnees-bancaires/{case.file.company_id}/"


def new(**changes: Any) -> dict[str, Any]:
    return {"holder": "Exemple", "iban": "FR76 1234 5987 6501 2345 6789 014", "file": paper()} | changes


def test_the_first_details_are_entered_without_a_question(case: Case, browse: Browse) -> None:
    case.file.company.bank_details.all().delete()
    browser = browse(case.manager)
    assert "Où verser l’aide" in sound(browser.get(address(case)).content.decode()).text
    wrong = sound(browser.post(address(case), {"holder": "Exemple", "iban": "FR00"}).content.decode())
    assert "Cet IBAN n’est pas valable" in wrong.text
    assert "Exemple" in {field.get("value") for field in wrong.all("input")}
    browser.post(address(case), {"holder": "Exemple", "iban": OTHER_IBAN})
    assert case.file.company.bank_details.get().iban == OTHER_IBAN


def test_one_firm_is_shown_at_once_several_are_listed(case: Case, browse: Browse) -> None:
    browser = browse(case.manager)
    assert browser.get("/demandes/coordonnees-bancaires/").headers["Location"] == address(case)
    case.manager.mandates.create(company=case.world.companies["F05"], kind="representative", valid_from=clock.today())
    assert "Exemple" in sound(browser.get("/demandes/coordonnees-bancaires/").content.decode()).text
    assert browse(case.provider).get("/demandes/coordonnees-bancaires/").status_code == 404


def test_a_change_is_asked_held_and_confirmed_by_the_region(case: Case, browse: Browse) -> None:
    firm, officer = browse(case.manager), browse(case.by("officer"))
    asked = Outline(firm.post(address(case), new(), follow=True).content.decode()).text
    assert "Changement demandé" in asked
    assert "Ne plus changer" in asked
    assert OTHER_IBAN not in asked
    row = BankChange.objects.get()
    assert case.file.company.name in sound(officer.get(LIST).content.decode()).text
    page = sound(officer.get(f"{LIST}{row.pk}/").content.decode())
    assert OTHER_IBAN in page.text
    assert "L’appeler au numéro déjà connu" in page.text
    assert officer.get(f"/documents/{row.document_id}/").status_code == 200
    assert firm.get(f"/documents/{row.document_id}/").status_code == 200
    assert browse(case.world.managers["F05"]).get(f"/documents/{row.document_id}/").status_code == 404
    done = officer.post(f"{LIST}{row.pk}/repondre/", {"answer": "confirm"}, follow=True)
    assert "Coordonnées confirmées" in Outline(done.content.decode()).text
    assert case.file.company.bank_details.get(valid_to__isnull=True).iban == OTHER_IBAN
    assert "a reçu sa réponse" in sound(officer.get(f"{LIST}{row.pk}/").content.decode()).text


def test_a_change_is_refused_with_its_reason(case: Case, browse: Browse) -> None:
    row, officer = change(case), browse(case.by("officer"))
    mute = officer.post(f"{LIST}{row.pk}/repondre/", {"answer": "refuse", "reason": " "}, follow=True)
    assert "Indiquer le motif du refus." in Outline(mute.content.decode()).text
    officer.post(f"{LIST}{row.pk}/repondre/", {"answer": "refuse", "reason": "Titulaire inconnu."})
    assert BankChange.objects.get().state == "refused"
    assert "Refusé" in sound(browse(case.manager).get(address(case)).content.decode()).text


def test_the_firm_gives_up_a_change(case: Case, browse: Browse) -> None:
    row = change(case)
    response = browse(case.manager).post(f"{address(case)}{row.pk}/retirer/", follow=True)
    assert "n’est plus demandé" in Outline(response.content.decode()).text
    assert BankChange.objects.get().state == "withdrawn"
    late = browse(case.manager).post(f"{address(case)}{row.pk}/retirer/", follow=True)
    assert "Trop tard" in Outline(late.content.decode()).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iban": "DE00"}, "Cet IBAN n’est pas valable"),
        ({"file": paper(content=b"MZ")}, "Joindre un fichier PDF"),
        ({"holder": ""}, "Ce champ est obligatoire"),
    ],
)
def test_a_wrong_change_is_told(case: Case, browse: Browse, changes: dict[str, Any], words: str) -> None:
    response = browse(case.manager).post(address(case), new(**changes))
    assert words in sound(response.content.decode()).text
    assert not BankChange.objects.exists()


def test_the_same_account_is_no_change(case: Case, browse: Browse) -> None:
    live = case.file.company.bank_details.get()
    response = browse(case.manager).post(address(case), new(holder=live.holder, iban=live.iban))
    assert "Ce sont déjà les coordonnées enregistrées." in sound(response.content.decode()).text


def test_a_second_change_waits_for_the_first(case: Case, browse: Browse) -> None:
    change(case)
    response = browse(case.manager).post(address(case), new(holder="Autre"), follow=True)
    assert "déjà demandé" in Outline(response.content.decode()).text
    assert BankChange.objects.count() == 1


def test_only_the_officers_of_the_region_see_changes(case: Case, browse: Browse) -> None:
    row = change(case)
    stranger = User.objects.create_user("ailleurs@demo.example", "Instructeur d’ailleurs")
    hold(stranger, RoleKind.OFFICER, Region.objects.get(code="11"))
    assert "Aucun changement n’attend." in sound(browse(stranger).get(LIST).content.decode()).text
    assert browse(stranger).get(f"{LIST}{row.pk}/").status_code == 404
    assert browse(stranger).post(f"{LIST}{row.pk}/repondre/", {"answer": "confirm"}).status_code == 404
    for user in (case.manager, case.by("decider"), case.by("accountant"), case.provider):
        assert browse(user).get(LIST).status_code == 404
        assert browse(user).post(f"{LIST}{row.pk}/repondre/", {"answer": "confirm"}).status_code == 404
    assert BankChange.objects.get().state == "asked"


def test_who_asked_reads_that_another_must_confirm(case: Case, browse: Browse) -> None:
    row = change(case)
    twin = User.objects.create_user("bis@demo.example", "Direction", person=case.manager.person)
    hold(twin, RoleKind.OFFICER, case.world.region)
    page = sound(browse(twin).get(f"{LIST}{row.pk}/").content.decode())
    assert "Une autre personne doit faire cet acte" in page.text
    assert "Confirmer : vérifié" not in page.text


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_costs_the_same_at_any_length(
    case: Case, browse: Browse, count: int, django_assert_max_num_queries: Any
) -> None:
    row = change(case)
    model = Company.objects.get(pk=case.file.company_id)
    names = ("siret", "legal_category", "naf_code", "region", "commune", "created_on")
    like = {name: getattr(model, name) for name in names}
    firms = Company.objects.bulk_create(
        Company(siren=f"9{rank:08d}", name=f"Firme {rank}", **like) for rank in range(count)
    )
    BankChange.objects.bulk_create(
        BankChange(
            company=firm, region=row.region, holder="X", iban=OTHER_IBAN, document=row.document,
            asked_by=case.manager, state="asked", asked_at=clock.now(),
        )
        for firm in firms
    )  # fmt: skip
    browser = browse(case.by("officer"))
    with django_assert_max_num_queries(15):
        outline = sound(browser.get(LIST).content.decode())
    following = [a["href"] for a in outline.all("a") if (a["href"] or "").startswith("?apres=")]
    assert bool(following) == (count > 50)
    if following:
        assert "Firme 60" in sound(browser.get(f"{LIST}{following[0]}").content.decode()).text


def test_an_order_waits_while_a_change_waits(case: Case, browse: Browse) -> None:
    case.grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    change(case)
    why = gate.available(case.by("liquidator"), gate.order_for(Claim.objects.get(pk=claim.pk)))
    assert "confirmer ou refuser" in why["prepare"]
