"""How many persons sign by amount: the bands that a region sets, and what they ask of each batch."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from applications.models import PaymentOrder, PaymentRun
from applications.services import store
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import PayingTerms, Role, SignatureBand, User
from tests.applications.documents.samples import pages
from tests.backoffice.payments.people import fresh, give, prepared, send, signatory, signed, signed_in, terms, text
from workflows import administration, gate, signatures
from workflows.acts import Denied, Forbidden
from workflows.chain import facts_of, key
from workflows.models import Event

pytestmark = pytest.mark.django_db
DEBTOR = "FR1420041010050500013M02606"
TWO, THREE = (Decimal("500.00"), 2), (Decimal("1000.00"), 3)


def countersign(user: User, order: PaymentOrder) -> Event:
    return gate.move(user, "order", order.pk, "countersign")


# --- what a batch asks for


@pytest.mark.parametrize(
    ("total", "persons"),
    [("500.00", 1), ("500.01", 2), ("1000.00", 2), ("1000.01", 3), ("999999.00", 3)],
)
def test_the_highest_band_passed_says_how_many_sign(world: World, total: str, persons: int) -> None:
    terms(world, bands=[THREE, TWO])
    order = PaymentOrder(amount=Decimal(total))
    assert signatures.needed(world.region, "accountant", [order]) == persons


def test_without_bands_one_person_signs(world: World) -> None:
    order = PaymentOrder(amount=Decimal("999999.00"))
    assert signatures.needed(world.region, "accountant", [order]) == 1
    terms(world)
    assert signatures.needed(world.region, "accountant", [order]) == 1


def test_what_left_before_counts_until_midnight_in_its_own_kind_of_file(world: World) -> None:
    terms(world, bands=[TWO, THREE])
    order = PaymentOrder(amount=Decimal("300.00"))
    PaymentRun.objects.create(
        region=world.region, number="B-1", created_at=clock.now(), count=1, total=Decimal("800.00"), sha256=""
    )
    assert signatures.needed(world.region, "accountant", [order]) == 3
    assert signatures.needed(world.region, "pain.001.001.09", [order]) == 1
    clock.advance(days=1)
    assert signatures.needed(world.region, "accountant", [order]) == 1


def test_batches_cut_in_pieces_on_one_day_count_together(world: World) -> None:
    terms(world, bands=[(Decimal("1500.00"), 2)])
    small = signed(world, "F01")
    assert send(world).run is not None
    assert fresh(small).state == "sent"
    other = PaymentOrder.objects.get(pk=prepared(world, "F15").pk)
    gate.move(world.staff["authorising"], "order", other.pk, "sign")
    sent_before = PaymentRun.objects.get()
    PaymentRun.objects.filter(pk=sent_before.pk).update(created_at=clock.now())
    assert "il en manque une" in send(world).apart[0][1]
    clock.advance(days=1)
    assert send(world).run is not None


# --- each signature is of another person


def test_above_the_second_band_three_persons_sign(world: World) -> None:
    terms(world, bands=[TWO, THREE])
    order, second, third = signed(world), signatory(world), signatory(world, "Sacha Ordonne")
    waiting = reverse("payment-orders", args=["a-transmettre"])
    page = text(signed_in(second).get(waiting))
    assert "3 personnes signent chaque mandat" in page
    assert "Il manque 2 signatures" in page
    [(number, why)] = send(world).apart
    assert (number, "3 signatures de personnes différentes : il en manque 2" in why) == (order.number, True)
    ticked = {"order": [order.pk]}
    assert "1 mandat" in text(signed_in(second).post(reverse("payment-countersign"), ticked, follow=True))
    page = text(signed_in(third).get(waiting))
    assert "Il manque une signature" in page
    assert all(name in page for name in ("Maxime Ordonne", "Dominique Ordonne"))
    assert "il en manque une." in send(world).apart[0][1]
    act = reverse("payment-act", args=[order.number, "countersign"])
    assert "Mandat contresigné" in text(signed_in(third).post(act, follow=True))
    run = send(world).run
    assert run is not None
    assert (run.signatures, fresh(order).state) == (3, "sent")
    _says_who_signed(world, run)


def _says_who_signed(world: World, run: PaymentRun) -> None:
    names = "Maxime Ordonne, Dominique Ordonne, Sacha Ordonne"
    page = text(signed_in(world.staff["accountant"]).get(reverse("payment-batch", args=[run.number])))
    assert all(name in page for name in names.split(", "))
    assert run.bordereau is not None
    [paper] = pages(store.get(run.bordereau.sha256))
    assert f"Ordres signés par {names}" in paper
    assert "Signatures demandées par ordre 3" in paper


def test_the_same_person_never_signs_twice_even_from_another_account(world: World) -> None:
    order, first, second = signed(world), world.staff["authorising"], signatory(world)
    countersign(second, order)
    twin = User.objects.create_user("ordonne.bis@demo.example", "Maxime Ordonne", person=first.person)
    other = User.objects.create_user("dominique.bis@demo.example", "Dominique Ordonne", person=second.person)
    for user in (twin, other):
        give(user, RoleKind.AUTHORISING, world.region)
    for user in (first, twin, second, other):
        with pytest.raises(Forbidden, match="Une autre personne"):
            countersign(user, order)
        batch = gate.move_many(user, "order", [order.pk], "countersign")
        assert [pk for pk, _why in batch.refused] == [order.pk]
        result = signed_in(user).post(reverse("payment-countersign"), {"order": [order.pk]}, follow=True)
        assert "Une autre personne doit faire cet acte" in text(result)
    assert signatures.made(order) == 2


@pytest.mark.parametrize("who", ["liquidator", "certifier", "officer", "decider"])
def test_no_signature_is_of_who_prepared_certified_or_decided(world: World, who: str) -> None:
    order = signed(world)
    countersign(signatory(world), order)
    give(world.staff[who], RoleKind.AUTHORISING, world.region)
    with pytest.raises(Forbidden, match="Une autre personne"):
        countersign(world.staff[who], order)


# --- the bands of the terms


def posted(world: World, **amounts: str) -> dict[str, Any]:
    day = clock.today() + timedelta(days=2)
    return {"region": world.region.pk, "valid_from": f"{day:%Y-%m-%d}", "debtor_iban": DEBTOR} | amounts


def test_terms_are_made_by_two_persons_and_begin_on_their_day(world: World) -> None:
    admin, admin2 = world.staff["admin"], world.staff["admin2"]
    propose, listed = reverse("manage-paying-propose"), reverse("manage-paying")
    given = posted(world, above_2="50000,00", above_4="250 000")
    refused = signed_in(admin).post(propose, given | {"debtor_iban": "FR00"})
    assert "Cet IBAN n’est pas valable" in text(refused)
    assert "50000,00" in text(refused)
    assert "doit les confirmer" in text(signed_in(admin).post(propose, given, follow=True))
    found = PayingTerms.objects.get()
    assert list(found.bands.values_list("above", "signatures")) == [(Decimal(50000), 2), (Decimal(250000), 4)]
    address = reverse("manage-paying-confirm", args=[found.pk])
    assert "une autre personne que celle qui les propose" in text(signed_in(admin).post(address, follow=True))
    assert "Les conditions sont confirmées" in text(signed_in(admin2).post(address, follow=True))
    assert PayingTerms.objects.in_force(world.region, clock.today()) is None
    assert PayingTerms.objects.in_force(world.region, clock.today() + timedelta(days=2)) == found
    assert "déjà reçu sa réponse" in text(
        signed_in(admin2).post(reverse("manage-paying-decline", args=[found.pk]), follow=True)
    )
    assert "M02606" not in text(signed_in(admin).get(listed))
    assert signed_in(world.staff["officer"]).get(listed).status_code == 404
    with pytest.raises(Denied, match="au plus tôt aujourd’hui"):
        administration.propose_terms(admin, world.region, clock.today() - timedelta(days=1))


def test_both_events_of_the_terms_list_their_bands(world: World) -> None:
    made = terms(world, bands=[THREE, TWO])
    told = [facts_of(event)["bands"] for event in Event.objects.filter(object=key(made)).order_by("number")]
    assert told == [[{"above": "500.00", "signatures": 2}, {"above": "1000.00", "signatures": 3}]] * 2


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({"above_2": "5000", "above_3": "1000"}, "2 personnes signent au-delà de 5\u202f000,00\u202f€"),
        ({"above_2": "5000", "above_3": "5000"}, "Les paliers ne croissent pas"),
        ({"above_3": "5000", "above_5": "80,50"}, "pas au-delà de 80,50\u202f€"),
        ({"above_2": "-1"}, "supérieure ou égale à 0"),
    ],
)
def test_bands_that_do_not_grow_are_refused_and_nothing_typed_is_lost(
    world: World, amounts: dict[str, str], said: str
) -> None:
    given = posted(world, debtor_name="Région Exemple", **amounts)
    page = signed_in(world.staff["admin"]).post(reverse("manage-paying-propose"), given).content.decode()
    assert said in page
    assert all(f'value="{typed}"' in page for typed in ("Région Exemple", *amounts.values()))
    assert not PayingTerms.objects.exists()


@pytest.mark.parametrize("bands", [[(Decimal(1), 1)], [(Decimal(1), 6)], [(Decimal(1), 2), (Decimal(2), 2)]])
def test_a_band_asks_for_two_to_five_persons_and_each_number_once(world: World, bands: Any) -> None:
    with pytest.raises(Denied, match="palier"):
        administration.propose_terms(world.staff["admin"], world.region, clock.today(), bands=bands)


def test_the_page_tells_when_too_few_persons_may_sign(world: World) -> None:
    listed = reverse("manage-paying")
    admin = signed_in(world.staff["admin"])
    terms(world, bands=[TWO, THREE])
    assert "1 personne peut signer aujourd’hui : un lot qui demande 3 signatures" in text(admin.get(listed))
    second = signatory(world)
    twin = User.objects.create_user("bis@demo.example", "Dominique Ordonne", person=second.person)
    give(twin, RoleKind.AUTHORISING, world.region)
    assert "2 personnes peuvent signer aujourd’hui" in text(admin.get(listed))
    third = signatory(world, "Sacha Ordonne")
    assert "ne pourrait pas partir" not in text(admin.get(listed))
    User.objects.filter(pk=third.pk).update(is_active=False)
    Role.objects.filter(user=world.staff["authorising"]).update(valid_to=clock.today() - timedelta(days=1))
    assert "1 personne peut signer aujourd’hui" in text(admin.get(listed))


@pytest.mark.both
def test_the_database_refuses_bands_that_do_not_grow_or_come_late(world: World) -> None:
    proposed = administration.propose_terms(world.staff["admin"], world.region, clock.today(), bands=[TWO, THREE])
    for above, persons in (("700", 3), ("600", 2), ("1200", 3), ("400", 4), ("500", 5), ("2000", 1), ("2000", 6)):
        with pytest.raises(DatabaseError), transaction.atomic():
            SignatureBand.objects.create(terms=proposed, above=Decimal(above), signatures=persons)
    SignatureBand.objects.create(terms=proposed, above=Decimal(2000), signatures=5)
    confirmed = administration.confirm_terms(world.staff["admin2"], proposed)
    with pytest.raises(DatabaseError, match="before their terms are answered"), transaction.atomic():
        SignatureBand.objects.create(terms=confirmed, above=Decimal(1500), signatures=4)
    for statement in ("UPDATE regions_signatureband SET signatures = 2", "DELETE FROM regions_signatureband"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
