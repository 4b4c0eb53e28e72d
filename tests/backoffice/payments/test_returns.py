"""The accountant's returns on the screen: tried first, read once, every line told, every file kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import PaymentOrder, PaymentReturn
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from tests.backoffice.payments.people import certified, elsewhere, give, many, prepared, sent, signed_in, text
from workflows import chain, jobs, payments
from workflows.models import Event, Job
from workflows.returns import ALREADY, APART, ASIDE, PAID, PARTLY, REJECTED, UNKNOWN

pytestmark = pytest.mark.django_db
HEAD = ";".join(payments.COLUMNS)


def line(order: PaymentOrder, **more: Any) -> str:
    """A line of a return; what is not given says that the order is paid."""
    given = {
        "mandat": order.number, "resultat": "PAYE", "date": f"{clock.today():%d/%m/%Y}", "reference": "H-1",
        "montant": f"{order.amount:.2f}".replace(".", ","), "motif": "",
    } | more  # fmt: skip
    return ";".join(given[name] for name in payments.COLUMNS)


def content(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode("utf-8-sig")


def hand_in(client: Client, world: World, data: bytes, name: str = "retour.csv") -> Any:
    upload = SimpleUploadedFile(name, data, "text/csv")
    return client.post(reverse("payment-returns"), {"region": world.region.pk, "file": upload}, follow=True)


def accountant(world: World) -> Client:
    return signed_in(world.staff["accountant"])


def read(client: Client, trial: Any) -> Any:
    """Confirm a trial and let the worker read; the page of the reading."""
    address, _status = trial.redirect_chain[-1]
    response = client.post(f"{address}lire/", follow=True)
    jobs.drain()
    return client.get(response.redirect_chain[-1][0])


def test_a_return_is_tried_before_it_is_read(world: World) -> None:
    order, client = sent(world), accountant(world)
    trial = hand_in(client, world, content(line(order), line(order, mandat="M-INCONNU-1")))
    assert "Rien n’est encore enregistré" in text(trial)
    assert "Paiement constaté" in text(trial)
    assert "Mandat inconnu" in text(trial)
    assert not PaymentReturn.objects.exists()
    page = text(read(client, trial))
    assert "Terminée" in page
    assert "Mandat inconnu : M-INCONNU-1." in page
    order.refresh_from_db()
    assert (order.state, order.accountant_reference) == ("paid", "H-1")
    assert chain.facts_of(Event.objects.get(act="order.pay"))["read_by"] == world.staff["accountant"].pk


def test_the_page_of_a_reading_comes_back_by_itself_until_it_is_done(world: World) -> None:
    order, client = sent(world), accountant(world)
    trial = hand_in(client, world, content(line(order)))
    waiting = client.post(f"{trial.redirect_chain[-1][0]}lire/", follow=True)
    assert waiting["Refresh"]
    assert "se met à jour toute seule" in text(waiting)
    jobs.drain()
    assert "Refresh" not in client.get(waiting.redirect_chain[-1][0])


def test_a_file_is_kept_and_comes_back_byte_for_byte(world: World) -> None:
    order, client = sent(world), accountant(world)
    data = content(line(order), "illisible")
    read(client, hand_in(client, world, data))
    job = Job.objects.get(name="payment_return")
    response = signed_in(world.staff["liquidator"]).get(reverse("payment-return-file", args=[job.pk]))
    assert response.content == data
    listing = text(signed_in(world.staff["authorising"]).get(reverse("payment-returns")))
    assert "retour.csv" in listing
    assert "Ange Comptable" in listing
    assert "Mise à part : 1" in listing


def test_the_same_file_read_twice_changes_nothing(world: World) -> None:
    order, client = sent(world), accountant(world)
    data = content(line(order))
    read(client, hand_in(client, world, data))
    again = hand_in(client, world, data)
    assert "Déjà lue" in text(again)
    assert "Aucune ligne ne changerait" in text(again)
    assert "Déjà lue" in text(read(client, again))
    assert PaymentReturn.objects.count() == 1


def test_a_double_click_reads_once(world: World) -> None:
    order, client = sent(world), accountant(world)
    trial = hand_in(client, world, content(line(order)))
    for _click in range(2):
        client.post(f"{trial.redirect_chain[-1][0]}lire/")
    assert Job.objects.filter(name="payment_return").count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vide"),
        (b"  \r\n ", "est vide"),
        (b"\xff\xfe\x00", "UTF-8"),
        (HEAD.encode() + b"\r\na\0b", "lisible"),
        (b"mandat;date\r\n", "Colonnes absentes : resultat, reference, montant, motif."),
        (b"%PDF-1.4\n", "Colonnes absentes"),
    ],
)
def test_a_file_that_is_no_return_is_refused_with_a_sentence(world: World, data: bytes, sentence: str) -> None:
    response = hand_in(accountant(world), world, data)
    assert response.status_code == 200
    assert response.redirect_chain == []
    assert sentence in text(response)


def test_a_file_too_long_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.return_lines.MAX_LINES", 1)
    order = sent(world)
    assert "plus de 1 lignes" in text(hand_in(accountant(world), world, content(line(order), line(order))))
    monkeypatch.setattr("workflows.return_lines.MAX_BYTES", 10)
    assert "dépasse 5 Mo" in text(hand_in(accountant(world), world, content(line(order))))


def _cases(sent_order: PaymentOrder, waiting: PaymentOrder) -> list[tuple[str, str]]:
    """Lines in their order, and what each does."""
    late = f"{clock.today() + timedelta(days=1):%d/%m/%Y}"
    early = f"{clock.today() - timedelta(days=30):%d/%m/%Y}"
    return [
        (line(sent_order, resultat="PAYÉ"), APART),
        (line(sent_order, date="2025-01-01"), APART),
        (line(sent_order, date=late), APART),
        (line(sent_order, date=early), APART),
        (line(sent_order, montant="abc"), APART),
        (line(sent_order, montant="NaN"), APART),
        (line(sent_order, montant="1e999999"), APART),
        (line(sent_order, montant="0,001"), APART),
        (line(sent_order, montant="1,00"), PARTLY),
        (line(sent_order, reference=""), APART),
        (line(sent_order, reference="x" * 41), APART),
        (line(waiting), APART),
        (line(sent_order, mandat="M-INCONNU"), UNKNOWN),
        ("trop;court", APART),
        (line(sent_order), PAID),
        (line(sent_order), ALREADY),
        (line(sent_order, reference="H-2"), APART),
        (line(sent_order, resultat="REJETE", motif="COMPTE_CLOS", montant="1,00"), PARTLY),
        (line(sent_order, resultat="REJETE", motif="COMPTE_CLOS"), REJECTED),
        (line(sent_order, resultat="REJETE", reference="H-3"), APART),
    ]


def test_a_trial_says_exactly_what_the_reading_does(world: World) -> None:
    order, waiting = sent(world, "F01"), prepared(world, "F15")
    cases = _cases(order, waiting)
    data, by = content(*(text for text, _effect in cases)), world.staff["accountant"]
    trials = payments.preview(data, by=by)
    assert [tried.effect for tried in trials] == [effect for _text, effect in cases]
    reading = payments.read_return(data, by=by)
    assert [rank for rank, _why in reading.apart] == [tried.rank for tried in trials if tried.effect in ASIDE]
    assert (len(reading.paid), len(reading.rejected), len(reading.already)) == (1, 1, 1)
    assert all(why and not why.startswith("'") for _rank, why in reading.apart)


def test_who_signed_does_not_read_the_return_of_his_order(world: World) -> None:
    order = sent(world)
    give(world.staff["authorising"], RoleKind.ACCOUNTANT, world.region)
    client = signed_in(world.staff["authorising"])
    trial = hand_in(client, world, content(line(order)))
    assert "Une autre personne doit faire cet acte" in text(trial)
    assert "Une autre personne doit faire cet acte" in text(read(client, trial))
    order.refresh_from_db()
    assert order.state == "sent"


def test_the_accountant_of_another_region_pays_nothing_here(world: World) -> None:
    order, stranger = sent(world), elsewhere(RoleKind.ACCOUNTANT)
    assert [tried.effect for tried in payments.preview(content(line(order)), by=stranger)] == [UNKNOWN]
    assert payments.read_return(content(line(order)), by=stranger).apart
    client = signed_in(stranger)
    upload = SimpleUploadedFile("retour.csv", content(line(order)), "text/csv")
    refused = client.post(reverse("payment-returns"), {"region": world.region.pk, "file": upload})
    assert refused.status_code == 200
    assert Job.objects.filter(name="payment_return").count() == 0


def test_a_return_is_for_the_accountant_alone(world: World) -> None:
    order, mine = sent(world), accountant(world)
    trial = hand_in(mine, world, content(line(order)))
    address = trial.redirect_chain[-1][0]
    for who in ("liquidator", "authorising", "officer", "auditor"):
        client = signed_in(world.staff[who])
        assert hand_in(client, world, content(line(order))).status_code == 404
        assert client.get(address).status_code == 404
        assert client.post(f"{address}lire/").status_code == 404
    assert "vos rôles ne le permettent pas" in text(
        signed_in(world.staff["liquidator"]).get(reverse("payment-returns"))
    )
    other = elsewhere(RoleKind.ACCOUNTANT)
    assert signed_in(other).get(address).status_code == 404
    read(mine, trial)
    job = Job.objects.get(name="payment_return")
    for name in ("payment-reading", "payment-return-file"):
        assert signed_in(other).get(reverse(name, args=[job.pk])).status_code == 404


def test_a_reading_that_fails_says_what_to_do(world: World) -> None:
    order, client = sent(world), accountant(world)
    read(client, hand_in(client, world, content(line(order))))
    Job.objects.filter(name="payment_return").update(state=Job.State.FAILED)
    page = text(client.get(reverse("payment-reading", args=[Job.objects.get(name="payment_return").pk])))
    assert "La lecture s’est arrêtée" in page


def test_a_batch_answered_by_the_demo_accountant_is_paid(world: World) -> None:
    order, client = sent(world), accountant(world)
    assert order.run is not None
    clock.advance(days=3)
    day: date = clock.today()
    read(client, hand_in(client, world, accountant_return(order.run, day, "PAYE")))
    order.refresh_from_db()
    assert (order.state, order.paid_on) == ("paid", day)


@pytest.mark.parametrize("count", [10, 1000])
def test_the_readings_cost_the_same_long_or_short(world: World, count: int, django_assert_max_num_queries: Any) -> None:
    Job.objects.bulk_create(
        Job(
            name="payment_return", key=f"return:04:1:{rank}", created_at=clock.now(), state=Job.State.DONE,
            arguments={
                "region": world.region.pk, "by": world.staff["accountant"].pk, "file_name": "r.csv", "sha256": "0" * 64,
            },
        )
        for rank in range(count)
    )  # fmt: skip
    client = accountant(world)
    with django_assert_max_num_queries(15):
        assert text(client.get(reverse("payment-returns"))).count("r.csv") == min(count, 50)


def test_the_trial_of_a_long_file_costs_the_same(world: World, django_assert_max_num_queries: Any) -> None:
    certified(world)
    many(world, 400, "sent")
    orders = PaymentOrder.objects.filter(number__startswith="M-KAP-2099")
    data, by = content(*(line(order, reference=f"H-{order.pk}") for order in orders)), world.staff["accountant"]
    with django_assert_max_num_queries(6):
        assert {tried.effect for tried in payments.preview(data, by=by)} == {PAID}
