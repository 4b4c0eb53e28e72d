"""The auditor: he reads all of his region, follows a euro both ways, and changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from applications.enums import ClaimKind
from applications.models import Application, CasePosition, Decision, Document, LedgerEntry, PaymentOrder, PaymentReturn
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, payment_rejected_then_paid
from backoffice.demo.world import World
from regions.enums import Instrument, RoleKind
from reporting.lists import LISTS
from reporting.writers import ooxml_check
from tests.backoffice.payments.people import certified, elsewhere, many, signed_in, text
from tests.cases import paid_case
from tests.walks import COMMISSION, MIX, STUDY, Walk, group, offer, undue
from workflows.models import Event

pytestmark = pytest.mark.django_db
ELSEWHERE = ("officer", "decider", "liquidator", "authorising", "accountant", "admin")


def auditor(world: World) -> Client:
    return signed_in(world.staff["auditor"])


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def settled(world: World) -> PaymentOrder:
    """A file paid from end to end."""
    case = paid_case(world)
    return PaymentOrder.objects.select_related("application", "run").get(application=case.pk)


# --- lists


@pytest.mark.parametrize("key", sorted(LISTS))
def test_each_list_opens_and_exports_the_same_columns(world: World, settled: PaymentOrder, key: str) -> None:
    client, listing = auditor(world), LISTS[key]
    page = client.get(reverse("audit-list", args=[key]))
    assert page.status_code == 200
    assert [column for _label, column in page.context["columns"]] == list(listing.on_screen())
    sheet = body(client.get(reverse("audit-export", args=[key, "csv"]))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet), delimiter=";"))
    assert rows[0] == [column.heading("fr") for column in listing.columns]
    assert len(rows) - 1 == listing.source([world.region]).count()
    workbook = body(client.get(reverse("audit-export", args=[key, "xlsx"])))
    assert ooxml_check.check(workbook) == []


def test_a_list_is_narrowed_on_the_screen_and_in_its_files_alike(world: World, settled: PaymentOrder) -> None:
    Case(world, "F15").fill(SITE).file_it()
    client, asked = auditor(world), {"q": settled.application.reference, "state": "completed"}
    page = text(client.get(reverse("audit-list", args=["dossiers"]), asked))
    assert settled.application.reference in page
    assert "Exemple Voyages" not in page
    sheet = body(client.get(reverse("audit-export", args=["dossiers", "csv"]), asked)).decode()
    assert len(sheet.splitlines()) == 2
    none = client.get(reverse("audit-list", args=["dossiers"]), {"since": "2030-01-01"})
    assert "Aucune ligne, avec ces filtres" in text(none)


def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    response = client.get(reverse("audit-list", args=["grand-livre"]), {"since": "hier", "bucket": "x"})
    assert response.status_code == 200
    assert text(response).count("errorlist") == 2
    assert len(response.context["rows"]) > 0


def test_every_filter_of_every_list_can_be_asked(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    for key, listing in LISTS.items():
        for question in listing.filters:
            first = question.choices[0][0] if question.choices else "x"
            value = {"date": "2025-03-01", "text": "KAP", "choice": first}[question.kind]
            response = client.get(reverse("audit-list", args=[key]), {question.key: value})
            assert (response.status_code, "errorlist" in text(response)) == (200, False), (key, question.key)


def test_a_workbook_says_what_it_was_made_from(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    response = client.get(reverse("audit-export", args=["mandats", "xlsx"]), {"state": "paid"})
    book = ZipFile(io.BytesIO(body(response)))
    words = book.read("xl/worksheets/sheet2.xml").decode()
    for expected in ("Andrea Audite", "La Réunion", "État", "Payé"):
        assert expected in words


def test_accounts_are_masked_in_every_list(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    for key in LISTS:
        assert settled.payee_iban not in body(client.get(reverse("audit-export", args=[key, "csv"]))).decode()
        assert settled.payee_iban not in text(client.get(reverse("audit-list", args=[key])))


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("key", ["dossiers", "demandes-de-paiement", "mandats"])
def test_a_list_and_its_file_cost_the_same_long_or_short(
    world: World, count: int, key: str, django_assert_max_num_queries: Any
) -> None:
    certified(world)
    many(world, count, "paid")
    client = auditor(world)
    with django_assert_max_num_queries(15):
        assert len(client.get(reverse("audit-list", args=[key])).context["rows"]) >= min(count, 50)
    with django_assert_max_num_queries(15):
        assert body(client.get(reverse("audit-export", args=[key, "csv"]))).count(b"\r\n") >= count
    with django_assert_max_num_queries(15):
        assert body(client.get(reverse("audit-export", args=[key, "xlsx"])))


@pytest.mark.parametrize("key", ["grand-livre", "actes", "pieces", "retours", "bordereaux", "rapports"])
def test_the_other_lists_cost_little(
    world: World, settled: PaymentOrder, key: str, django_assert_max_num_queries: Any
) -> None:
    _more(world, settled, 1000)
    client = auditor(world)
    with django_assert_max_num_queries(15):
        client.get(reverse("audit-list", args=[key]))
    with django_assert_max_num_queries(15):
        body(client.get(reverse("audit-export", args=[key, "csv"])))


def _more(world: World, order: PaymentOrder, count: int) -> None:
    """Ledger rows, documents and returns in number."""
    entry = LedgerEntry.objects.filter(order=order).first()
    known = order.application.documents.first()
    assert entry is not None
    assert known is not None
    PaymentReturn.objects.bulk_create(
        PaymentReturn(
            order=order, result="paid", value_date=date(2025, 3, 3), reference=f"R-{rank}", amount=order.amount,
            file_sha256="0" * 64, read_at=entry.recorded_at,
        )
        for rank in range(count)
    )  # fmt: skip
    Document.objects.bulk_create(
        Document(
            application=order.application, kind="other", name=f"{rank}.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, added_by=known.added_by, added_at=known.added_at,
        )
        for rank in range(count)
    )  # fmt: skip


# --- a file


def test_a_file_shows_its_chain_its_money_and_its_documents(world: World, settled: PaymentOrder) -> None:
    page = text(auditor(world).get(reverse("audit-file", args=[settled.application.reference])))
    for words in ("Intacte", "Concorde", "Certifier le service fait", "Charlie Certifie", "FEDER", settled.number):
        assert words in page, words
    for document in settled.application.documents.all():
        assert document.sha256 in page


def test_a_decision_made_again_is_the_same(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    for kept in settled.application.decisions.all():
        page = text(client.get(reverse("audit-decision", args=[settled.application.reference, kept.pk])))
        assert "Identique" in page
        assert "Diffère" not in page
        assert kept.sha256 in page


def test_a_decision_of_another_file_is_unknown_here(world: World, settled: PaymentOrder) -> None:
    other = Case(world, "F15").fill(SITE).file_it().grant()
    kept = Decision.objects.filter(application=other.pk).first()
    assert kept is not None
    address = reverse("audit-decision", args=[settled.application.reference, kept.pk])
    assert auditor(world).get(address).status_code == 404


def test_a_decision_whose_rules_changed_says_so(
    world: World, settled: PaymentOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Again:
        def outcome(self) -> dict[str, Any]:
            return {"aid": "0.00"}

    monkeypatch.setattr("workflows.recompute.assessment.run", lambda inputs: Again())
    kept = settled.application.decisions.first()
    assert kept is not None
    page = text(auditor(world).get(reverse("audit-decision", args=[settled.application.reference, kept.pk])))
    assert "Diffère" in page


def test_an_altered_act_is_named(world: World, settled: PaymentOrder) -> None:
    file = settled.application
    _forge("UPDATE workflows_event SET act = 'application.refuse' WHERE subject = %s AND number = 3", file.pk)
    page = text(auditor(world).get(reverse("audit-file", args=[file.reference])))
    assert "Altérée" in page
    assert "Acte 3 : cet acte a été modifié" in page


def test_a_chain_cut_short_is_named(world: World, settled: PaymentOrder) -> None:
    file = settled.application
    last = Event.objects.filter(subject=f"application:{file.pk}").latest("number")
    file_now = Application.objects.get(pk=file.pk)
    Application.objects.filter(pk=file.pk).update(chain_length=last.number + 2)
    page = text(auditor(world).get(reverse("audit-file", args=[file.reference])))
    assert file_now.chain_length == last.number
    assert "la fin de la chaîne manque" in page


def _forge(statement: str, pk: int) -> None:
    """What an intruder with the database would do: the guards are off for one statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE workflows_event DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER guard_workflows_event_update")
        cursor.execute(statement, [f"application:{pk}"])
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE workflows_event ENABLE TRIGGER USER")


def test_a_position_that_the_ledger_does_not_give_is_told(world: World, settled: PaymentOrder) -> None:
    CasePosition.objects.filter(application=settled.application).update(reserved=Decimal("1.00"))
    page = text(auditor(world).get(reverse("audit-file", args=[settled.application.reference])))
    assert "Diffère" in page
    envelopes = signed_in(world.staff["accountant"]).get(reverse("payment-envelopes"))
    assert "ne concorde pas avec le grand livre" in text(envelopes)
    assert "Réservé" in text(envelopes)


@pytest.mark.usefixtures("own_documents")
def test_the_bytes_of_documents_are_checked_on_demand(world: World, settled: PaymentOrder) -> None:
    first, second = settled.application.documents.order_by("id")[:2]
    store.path_of(first.sha256).write_bytes(b"forged")
    store.path_of(second.sha256).unlink()
    page = text(auditor(world).get(reverse("audit-file", args=[settled.application.reference]), {"pieces": "1"}))
    assert page.count("Altérée") == page.count("Absente") == 1
    assert "Conforme" in page


# --- a euro, both ways


def test_a_paid_order_leads_to_the_accountant_and_back(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    listed = text(client.get(reverse("audit-list", args=["mandats"]), {"q": settled.accountant_reference}))
    address = reverse("audit-payment", args=[settled.number])
    assert address in listed
    page = text(client.get(address))
    grant = settled.application.agreement
    assert settled.run is not None
    for words in (settled.accountant_reference, settled.run.number, grant.number, "FA-", settled.application.reference):
        assert words in page, words
    assert reverse("audit-file", args=[settled.application.reference]) in page


@pytest.mark.usefixtures("own_documents")
def test_the_accountants_own_file_can_be_read_again(world: World, settled: PaymentOrder) -> None:
    read = PaymentReturn.objects.get(order=settled)
    client = auditor(world)
    address = reverse("audit-return-file", args=[read.pk])
    assert settled.number.encode() in client.get(address).content
    store.path_of(read.file_sha256).unlink()
    missing = client.get(address)
    assert missing.status_code == 404
    assert read.file_sha256 in text(missing)


def test_a_payment_that_came_back_shows_both_returns(world: World) -> None:
    case = payment_rejected_then_paid(world)
    first, second = PaymentOrder.objects.filter(application=case.pk).order_by("id")
    client = auditor(world)
    assert "COMPTE_CLOS" in text(client.get(reverse("audit-payment", args=[first.number])))
    assert "Payé" in text(client.get(reverse("audit-payment", args=[second.number])))


def test_a_batch_shows_its_orders_and_that_its_figures_hold(world: World, settled: PaymentOrder) -> None:
    assert settled.run is not None
    page = text(auditor(world).get(reverse("audit-batch", args=[settled.run.number])))
    assert "Concorde" in page
    assert settled.number in page


# --- who may, and nothing written


def pages(order: PaymentOrder) -> list[str]:
    assert order.run is not None
    kept = order.application.decisions.first()
    assert kept is not None
    return [
        *(reverse("audit-list", args=[key]) for key in LISTS),
        *(reverse("audit-export", args=[key, form]) for key in LISTS for form in ("csv", "xlsx")),
        reverse("audit"), reverse("audit-operations"), reverse("audit-operations-csv"),
        reverse("audit-file", args=[order.application.reference]),
        reverse("audit-decision", args=[order.application.reference, kept.pk]),
        reverse("audit-payment", args=[order.number]), reverse("audit-batch", args=[order.run.number]),
    ]  # fmt: skip


def test_the_audit_does_not_exist_for_others(world: World, settled: PaymentOrder) -> None:
    strangers = [world.staff[who] for who in ELSEWHERE]
    for user in [*strangers, world.managers["F01"], world.provider_users["P01"]]:
        client = signed_in(user)
        assert {client.get(page).status_code for page in pages(settled)} == {404}


def test_the_auditor_of_another_region_sees_nothing_of_this_one(world: World, settled: PaymentOrder) -> None:
    client = signed_in(elsewhere(RoleKind.AUDITOR))
    for page in pages(settled):
        response = client.get(page)
        if response.status_code == 200:
            content = body(response) if response.streaming else response.content
            assert settled.application.reference.encode() not in content, page
            assert settled.number.encode() not in content, page
    for page in pages(settled)[-4:]:
        assert client.get(page).status_code == 404


def test_an_unknown_list_is_unknown(world: World) -> None:
    client = auditor(world)
    assert client.get("/audit/inconnue/").status_code == 404
    assert client.get("/audit/inconnue.csv").status_code == 404


AREAS = ("demandes/", "instruction/", "paiements/", "prestataire/", "administration/")


def _routes(patterns: Any, prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every route under the areas of others, with the names and kinds of what it takes."""
    found: list[tuple[str, dict[str, Any]]] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith(AREAS):
            found.append((route, dict(pattern.pattern.converters)))
    return found


def _address(route: str, takes: dict[str, Any], order: PaymentOrder) -> str:
    """An address of a route with real values: keys that exist, the reference of a real file."""
    for name, converter in takes.items():
        kind = next(kind for kind in ("int", "slug", "str", "path", "uuid") if f"<{kind}:{name}>" in route)
        value = str(order.pk) if kind == "int" else _text_value(name, order)
        route = route.replace(f"<{kind}:{name}>", converter.to_url(int(value) if kind == "int" else value))
    return f"/{route}"


def _text_value(name: str, order: PaymentOrder) -> str:
    return order.number if name == "number" else order.application.reference


def test_no_post_of_any_other_area_is_open_to_the_auditor(world: World, settled: PaymentOrder) -> None:
    client, before = auditor(world), _written()
    routes = _routes(get_resolver().url_patterns)
    assert len(routes) >= 10
    for route, takes in routes:
        response = client.post(_address(route, takes, settled), {})
        assert _closed(response, route), (route, response.status_code)
    assert _written() == before


def _closed(response: Any, route: str) -> bool:
    """Not found or refused; the pages of his region's files, which he may read, tell him why not."""
    if response.status_code == 302 and route.startswith("instruction/"):
        return "error" in {message.level_tag for message in get_messages(response.wsgi_request)}
    read_again = response.status_code == 200 and route.startswith("instruction/")
    return read_again or response.status_code in (403, 404, 405)


def _written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, LedgerEntry, Document, PaymentOrder, Application))


def test_reading_everything_writes_nothing(world: World, settled: PaymentOrder) -> None:
    client, before = auditor(world), _written()
    for page in pages(settled):
        response = client.get(page)
        assert response.status_code in (200, 302), page
        if response.streaming:
            body(response)
    assert _written() == before


def test_the_pages_of_the_audit_are_read_only(world: World, settled: PaymentOrder) -> None:
    """His own addresses take no POST but the two that ask for a report."""
    client = auditor(world)
    for page in pages(settled):
        if page != reverse("audit-operations"):
            assert client.post(page, {}).status_code == 405, page


def test_the_same_list_in_english(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    client.cookies["django_language"] = "en"
    sheet = body(client.get(reverse("audit-export", args=["grand-livre", "csv"]))).decode()
    assert sheet.startswith("Entry,Recorded,")


def test_a_file_shows_its_loan_its_schedule_and_its_ledger_by_instrument(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it().running()
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.LOAN))
    page = text(auditor(world).get(reverse("audit-file", args=[walk.file.reference])))
    for words in ("Prêt, avance remboursable, garantie", "safe_harbour", "Chaque échéance, et ce qui est revenu"):
        assert words in page, words
    sheet = body(auditor(world).get(reverse("audit-export", args=["grand-livre", "csv"]), {"instrument": "loan"}))
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig")), delimiter=";"))
    assert {row[rows[0].index("Instrument")] for row in rows[1:]} == {"Prêt"}


def test_a_file_shows_its_group_its_share_and_what_is_recovered(world: World) -> None:
    case, recovery = undue(world)
    page = text(auditor(world).get(reverse("audit-file", args=[case.file.reference])))
    assert recovery.number in page
    assert auditor(world).get(reverse("recovery", args=[recovery.number])).status_code == 200
    walk = group(world).running()
    page = text(auditor(world).get(reverse("audit-file", args=[walk.file.reference])))
    assert "Les entreprises du groupement" in page
