"""The administrator’s page « Programmes et opérations »: what is typed, told beside its field, and read by others."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Operation, ProgrammeProposal
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Priority, Programme, Region, User
from tests.backoffice.manage.conftest import signed_in
from tests.backoffice.test_pages import sound
from tests.roles import hold
from tests.workflows.test_programmes import AMENDMENT, PROGRAMME, by_two, operation_facts
from workflows.administration import propose_in_programme

pytestmark = pytest.mark.django_db
Kind = ProgrammeProposal.Kind
LISTS = ("manage-programmes", "manage-programme-answers", "manage-programme-propose", "manage-operation-propose")


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response
    return sound(response.content.decode()).text


def typed(facts: dict[str, Any]) -> dict[str, str]:
    """Facts as a person types them: rows by number, amounts with a comma, the first indicator filled."""
    found = {name: str(getattr(value, "pk", value)) for name, value in facts.items() if value is not False}
    for rank, target in enumerate(facts.get("targets", ()), start=1):
        found |= {f"indicator_{rank}": target["code"], f"baseline_{rank}": "0", f"target_{rank}": str(target["target"])}
    found.pop("targets", None)
    return found


def addresses(world: World, proposal: ProgrammeProposal) -> list[str]:
    programme, priority, operation = Programme.objects.get(), Priority.objects.get(), Operation.objects.get()
    return [
        reverse("manage-priority-propose", args=[programme.pk]),
        reverse("manage-objective-propose", args=[priority.pk]),
        reverse("manage-rate-propose", args=[priority.pk]),
        reverse("manage-amendment-propose", args=[operation.pk]),
        reverse("manage-proposal", args=[proposal.pk]),
    ]


def test_nobody_else_finds_them(world: World, admin: Client, elsewhere: Client) -> None:
    proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
    pages = addresses(world, proposal)
    answers = [reverse(f"manage-proposal-{word}", args=[proposal.pk]) for word in ("confirm", "decline")]
    for page in [reverse(name) for name in LISTS] + pages:
        text(admin.get(page))
        for user in ("officer", "auditor", "certifier", "liquidator"):
            assert signed_in(world.staff[user]).get(page).status_code == 404, (user, page)
    for page in pages:
        assert elsewhere.get(page).status_code == 404, page
    for page in answers:
        assert elsewhere.post(page).status_code == 404, page
        assert signed_in(world.staff["officer"]).post(page).status_code == 404, page
    assert "Programme FEDER d’essai" not in text(elsewhere.get(reverse("manage-programmes")))
    assert elsewhere.get(reverse("operation", args=[Operation.objects.get().pk])).status_code == 404


def test_a_region_begins_from_nothing_on_the_screens_alone(world: World) -> None:
    """Another region: programme, priority with its objective, and the page tells what comes next."""
    region = Region.objects.get(code="11")
    people = [User.objects.create_user(f"a{rank}@idf.example", f"Admin {rank}") for rank in range(2)]
    for user in people:
        hold(user, RoleKind.ADMINISTRATOR, region)
    first, second = (signed_in(user) for user in people)
    assert "Proposer le programme, avec le numéro CCI" in text(first.get(reverse("manage-programmes")))
    given = typed(PROGRAMME | {"category_of_region": "more"}) | {"cci": "2021 fr16rfpr 099"}
    assert "doit la confirmer" in text(first.post(reverse("manage-programme-propose"), given, follow=True))
    _confirm(first, "Une proposition est confirmée par une autre personne")
    _confirm(second, "C’est confirmé")
    programme = Programme.objects.get(region=region)
    assert programme.cci == "2021FR16RFPR099"
    assert programme.decision == "C(2022) 8064 du 9 novembre 2022"
    given = {"code": "1", "name": "Numérique", "cofinancing_percent": "40,5", "objective_code": "RSO1.2"}
    page = first.post(reverse("manage-priority-propose", args=[programme.pk]), given | {"objective_name": "PME"})
    assert "Ce taux dépasse 40 %, le maximum de cette catégorie de région" in text(page, 422)
    assert 'value="40,5"' in page.content.decode()
    given |= {"objective_name": "PME", "cofinancing_percent": "40"}
    first.post(reverse("manage-priority-propose", args=[programme.pk]), given)
    _confirm(second, "C’est confirmé")
    assert Priority.objects.get(programme=programme).objectives.get().code == "RSO1.2"


def _confirm(client: Client, said: str) -> None:
    proposal = ProgrammeProposal.objects.latest("pk")
    assert said in text(client.post(reverse("manage-proposal-confirm", args=[proposal.pk]), follow=True))


def test_an_operation_is_typed_read_by_another_and_confirmed(world: World, admin: Client, admin2: Client) -> None:
    given = typed(operation_facts(world))
    page = admin.post(reverse("manage-operation-propose"), given | {"erdf_support": "34 000,01", "gender": "9"})
    told = text(page, 422)
    assert "85 % du coût éligible" in told
    assert "Ce code n’a pas la forme de l’annexe I : par exemple 03" in told
    assert 'value="34 000,01"' in page.content.decode()
    lost = text(admin.post(reverse("manage-operation-propose"), given | {"target_2": "5"}), 422)
    assert "Choisir l’indicateur de cette cible" in lost
    assert "doit la confirmer" in text(admin.post(reverse("manage-operation-propose"), given, follow=True))
    proposal = ProgrammeProposal.objects.latest("pk")
    read = text(admin2.get(reverse("manage-proposal", args=[proposal.pk])))
    for words in ("RE-KAP-2027", "Comparer chaque ligne", "RCO01 Entreprises bénéficiant", "34 000,00", "FRY40"):
        assert words in read.replace("\u202f", " ").replace("\xa0", " "), words
    _confirm(admin2, "C’est confirmé")
    assert Operation.objects.get(code="RE-KAP-2027").targets.get().target == 20
    assert "Confirmé" in text(admin.get(reverse("manage-programme-answers")))


def test_a_scheme_without_operation_is_named_and_fills_the_form(world: World, admin: Client) -> None:
    clock.simulate(clock.now().replace(year=2027))
    listed = admin.get(reverse("manage-programmes")).content.decode()
    address = f"{reverse('manage-operation-propose')}?dispositif={world.scheme.pk}"
    assert f'href="{address}"' in listed
    page = admin.get(address).content.decode()
    assert all(f'value="{known}"' in page for known in ("013", "33", world.region.siret))
    assert '<option value="RCO01" selected>' in page
    for wrong in ("0", "x", "9" * 30, "²"):
        assert admin.get(reverse("manage-operation-propose"), {"dispositif": wrong}).status_code == 200


def test_a_rate_and_an_amendment_are_read_where_they_hold(world: World, admin: Client, admin2: Client) -> None:
    priority, operation = Priority.objects.get(), Operation.objects.get()
    given = {"percent": "80", "valid_from": f"{clock.today():%Y-%m-%d}"}
    admin.post(reverse("manage-rate-propose", args=[priority.pk]), given)
    _confirm(admin2, "C’est confirmé")
    listed = text(admin.get(reverse("manage-programmes")))
    assert "85 % au début" in listed
    assert "80 % à partir du" in listed
    amended = AMENDMENT | {"erdf_support": Decimal(32000)}
    admin.post(reverse("manage-amendment-propose", args=[operation.pk]), typed(amended))
    proposal = ProgrammeProposal.objects.latest("pk")
    assert "aujourd’hui :" in text(admin2.get(reverse("manage-proposal", args=[proposal.pk])))
    _confirm(admin2, "C’est confirmé")
    for who in ("liquidator", "certifier", "auditor", "authorising", "admin"):
        sheet = text(signed_in(world.staff[who]).get(reverse("operation", args=[operation.pk])))
        for words in ("Plus de demandes", "Alix Administre, Sacha Administre", "Décision d’origine", "RCO13"):
            assert words in sheet, words
        assert "Proposée par Alix Administre" in sheet
    assert signed_in(world.staff["officer"]).get(reverse("operation", args=[operation.pk])).status_code == 404


def test_the_list_of_declarations_leads_to_the_sheet(world: World) -> None:
    operation = Operation.objects.get()
    listed = signed_in(world.staff["certifier"]).get(reverse("declarations")).content.decode()
    assert f'href="{reverse("operation", args=[operation.pk])}"' in listed


def test_a_proposal_is_refused_on_its_page(world: World, admin: Client, admin2: Client) -> None:
    proposal = propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
    assert "Retirer" in text(admin.get(reverse("manage-proposal", args=[proposal.pk])))
    assert "Refuser" in text(admin2.get(reverse("manage-proposal", args=[proposal.pk])))
    said = text(admin2.post(reverse("manage-proposal-decline", args=[proposal.pk]), follow=True))
    assert "La proposition est refusée" in said
    assert "Refusé" in text(admin.get(reverse("manage-programme-answers")))


def test_the_pages_ask_the_same_number_of_queries_whatever_they_list(
    world: World, admin: Client, django_assert_max_num_queries: Any
) -> None:
    pages = [reverse(name) for name in ("manage-programmes", "manage-programme-answers")]
    pages.append(reverse("operation", args=[Operation.objects.get().pk]))
    by_two(world, Kind.AMENDMENT, Operation.objects.get(), **AMENDMENT | {"ends_on": date(2026, 11, 30)})
    propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
    asked = [_asked(admin, page, django_assert_max_num_queries) for page in pages]
    facts = operation_facts(world)
    by_two(world, Kind.OPERATION, world.region, **facts)
    for rank in range(1, 5):
        programme = by_two(
            world, Kind.PROGRAMME, world.region, **PROGRAMME | {"cci": f"2021FR16RFPR10{rank}"}
        ).programme
        Priority.objects.create(programme=programme, code="1", name="x", cofinancing_percent=Decimal(60))
        propose_in_programme(world.staff["admin"], Kind.PROGRAMME, world.region, **PROGRAMME)
        by_two(
            world, Kind.AMENDMENT, Operation.objects.earliest("pk"),
            **AMENDMENT | {"total_cost": Decimal(60000 + rank), "ends_on": facts["starts_on"] - timedelta(days=rank)},
        )  # fmt: skip
    assert [_asked(admin, page, django_assert_max_num_queries) for page in pages] == asked


def _asked(client: Client, page: str, counting: Any) -> int:
    client.get(page)
    with counting(40) as captured:
        text(client.get(page))
    return len(captured)


def test_operations_come_by_pages(world: World, admin: Client) -> None:
    own = Operation.objects.get()
    names = {field.attname for field in Operation._meta.concrete_fields} - {"id", "code"}
    facts = {name: getattr(own, name) for name in names}
    Operation.objects.bulk_create(Operation(code=f"OP-{rank:02}", **facts) for rank in range(60))
    first = admin.get(reverse("manage-programmes")).content.decode()
    assert first.count(">OP-") == 50
    after = first.split("before=")[1].split('"')[0]
    assert admin.get(reverse("manage-programmes"), {"before": after}).content.decode().count(">OP-") == 10
