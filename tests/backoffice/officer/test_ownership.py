"""Who owns the firm, at the officer's desk: read, corrected with a reason; mergers, the register, what binds a file."""

from __future__ import annotations

import pytest

from applications.models import OwnershipLink, Restructuring
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from tests.backoffice.officer.desk import at_desk, elsewhere, filed, page_of, text
from tests.workflows.test_ownership import FORMER, parent, sister, tied
from workflows.models import Event

pytestmark = pytest.mark.django_db
CORRECTED = {
    "link": "1", "name": "Exemple 1", "kind": "enterprise", "siren": "732829320", "direction": "owner",
    "capital": "40", "headcount": "30", "turnover": "4000000", "reason": "Statuts du 2 janvier.",
}  # fmt: skip


def owners_of(case: Case) -> str:
    return f"/instruction/{case.file.reference}/entreprise/"


def test_the_page_says_what_each_adds_and_who_is_one_undertaking(world: World) -> None:
    case = tied(world, parent(), sister()).file_it()
    desk = at_desk(world.staff["officer"])
    assert "Qui détient l’entreprise" in text(desk.get(page_of(case)))
    page = text(desk.get(owners_of(case)))
    for words in ("Exemple 1", "détient 60 % de", "Liée : comptée en entier", "Entreprise moyenne", "732 829 320"):
        assert words in page, words


def test_a_tie_is_corrected_from_its_form(world: World) -> None:
    case = tied(world, parent(), sister()).file_it()
    desk = at_desk(world.staff["officer"])
    assert "Corriger le lien avec Exemple 1" in text(desk.get(owners_of(case) + "?lien=1"))
    page = text(desk.post(owners_of(case) + "lien/", CORRECTED, follow=True))
    for words in ("Le lien est corrigé", "Partenaire : comptée pour sa part", "Statuts du 2 janvier."):
        assert words in page, words
    assert OwnershipLink.objects.filter(number=1).count() == 2
    assert Event.objects.filter(act="record.ownership").count() == 1


def test_a_correction_without_its_reason_keeps_what_was_typed(world: World) -> None:
    case = tied(world, parent()).file_it()
    page = at_desk(world.staff["officer"]).post(owners_of(case) + "lien/", CORRECTED | {"reason": "", "capital": "41"})
    assert 'value="41"' in page.content.decode()
    assert OwnershipLink.objects.count() == 1


def test_a_tie_is_taken_away_or_added(world: World) -> None:
    case = tied(world, parent()).file_it()
    desk = at_desk(world.staff["officer"])
    desk.post(owners_of(case) + "lien/", CORRECTED | {"removed": "on"})
    assert case.file.independent is True
    added = {name: value for name, value in CORRECTED.items() if name != "link"} | {"name": "Exemple Découverte"}
    assert "Exemple Découverte" in text(desk.post(owners_of(case) + "lien/", added, follow=True))
    assert case.file.independent is False


def test_a_merger_is_noted_and_its_aid_follows(world: World) -> None:
    case = filed(world)
    given = {
        "kind": "merger", "effective_on": f"{clock.today():%d/%m/%Y}", "before": FORMER,
        "after_1": case.file.company.siren, "reason": "Traité de fusion.",
    }  # fmt: skip
    desk = at_desk(world.staff["officer"])
    page = text(desk.post(owners_of(case) + "operation/", given, follow=True))
    assert "les aides antérieures suivent l’entreprise d’après" in page
    assert "Fusion" in page
    assert Restructuring.objects.get().after == case.file.company.siren
    again = desk.post(owners_of(case) + "operation/", given)
    assert "Cette opération est déjà enregistrée." in text(again)
    assert "Traité de fusion." in again.content.decode()


def test_who_only_reads_is_offered_no_form_and_a_stranger_nothing(world: World) -> None:
    case = tied(world, parent()).file_it()
    page = text(at_desk(world.staff["auditor"]).get(owners_of(case)))
    assert "Enregistrer la correction" not in page
    refused = at_desk(world.staff["decider"]).post(owners_of(case) + "lien/", CORRECTED)
    assert "réservé à un autre rôle" in text(refused)
    assert OwnershipLink.objects.count() == 1
    assert at_desk(elsewhere()).get(owners_of(case)).status_code == 404


def test_a_tie_that_is_not_there_is_not_found(world: World) -> None:
    case = tied(world, parent()).file_it()
    for number in ("9", "un"):
        assert at_desk(world.staff["officer"]).get(owners_of(case) + f"?lien={number}").status_code == 404


def test_what_binds_the_file_has_its_dates_on_the_file(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant()
    desk = at_desk(world.staff["officer"])
    page = text(desk.get(page_of(case)))
    assert "Inscrire l’aide au registre de minimis" in page
    assert "Conserver le dossier jusqu’au" in page


def test_the_page_speaks_english_too(world: World) -> None:
    case = tied(world, parent()).file_it()
    desk = at_desk(world.staff["officer"])
    desk.cookies["django_language"] = "en"
    page = text(desk.get(owners_of(case)))
    for words in ("Who owns the firm", "holds 60% of", "Single undertaking", "Note a merger or a split"):
        assert words in page, words


def test_the_page_costs_as_many_queries_whatever_the_ties(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    more = [parent("5", siren="", direction="owned", name=f"Exemple {n}") for n in range(12)]
    case = tied(world, *more).file_it()
    desk = at_desk(world.staff["officer"])
    with django_assert_max_num_queries(40):
        assert "Exemple 11" in text(desk.get(owners_of(case)))
