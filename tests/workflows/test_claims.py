"""Several claims on one file: lines left to a later claim, and certified figures that no later claim changes."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.test import Client

from applications.forms.claim import ClaimForm, ClaimLineForm, StartForm
from applications.models import Claim, ClaimLine, ClaimVersion, Document, LedgerEntry
from applications.rules.control_risk import Item, chosen
from backoffice.demo.actors import Case, days, saved
from backoffice.demo.stories import SHOP, SOCIAL
from backoffice.demo.world import World
from regions import clock
from regions.models import SchemeVersion
from workflows import certificates, control, gate, payments
from workflows.acts import Denied
from workflows.chain import key
from workflows.models import Event, OutboxMessage

pytestmark = pytest.mark.django_db
WHY = "Le livrable n’est pas encore en ligne."


@pytest.fixture
def case(world: World) -> Case:
    return Case(world, "F05").fill(SHOP, SOCIAL).file_it().grant().notify()


def park(case: Case, claim: Claim, number: int) -> None:
    """Every line is accepted but one, left to a later claim."""
    for line in claim.lines.all():
        how: dict[str, Any] = {"accepted": line.amount}
        if line.line.number == number:
            how = {"parked": True, "reason": WHY}
        gate.record(case.by("officer"), "claim", claim.pk, "line_control", line=line.pk, **how)
    gate.move(case.by("officer"), "claim", claim.pk, "control")


def parked(case: Case) -> Claim:
    """A last claim on both lines, certified without the second."""
    claim = case.claim()
    park(case, claim, 2)
    case.certify(claim)
    claim.refresh_from_db()
    return claim


def paid(case: Case, claim: Claim) -> None:
    """Ordered, signed, sent, and told paid by the accountant."""
    order, world = case.order(claim), case.world
    payments.send_run(world.region, by=world.staff["authorising"])
    amount = f"{order.amount:.2f}".replace(".", ",")
    row = f"{order.number};PAYE;{clock.today():%d/%m/%Y};C-{order.pk};{amount};"
    content = ";".join(payments.COLUMNS) + "\r\n" + row + "\r\n"
    assert payments.read_return(content.encode(), by=world.staff["accountant"]).paid == [order.number]


def frozen(claim: Claim) -> dict[str, Any]:
    """Every figure and paper of a claim, as rows: what a later claim must leave alone."""
    paper = certificates.ensure(claim)
    assert paper is not None
    return {
        "claim": model_to_dict(Claim.objects.get(pk=claim.pk)),
        "lines": list(claim.lines.order_by("pk").values()),
        "ledger": list(LedgerEntry.objects.filter(claim=claim).order_by("pk").values()),
        "versions": list(ClaimVersion.objects.filter(claim=claim).filter(state="verified").order_by("pk").values()[:1]),
        "events": [(e.pk, e.hash) for e in Event.objects.filter(object=key(claim)).order_by("pk")],
        "certificate": (paper.pk, paper.sha256),
        "papers": list(Document.objects.filter(claim=claim).order_by("pk").values_list("pk", "sha256")),
    }


def test_a_parked_line_is_in_no_amount_and_the_firm_is_told(case: Case) -> None:
    claim = parked(case)
    assert (claim.amount_declared, claim.amount_accepted) == (Decimal(3000), Decimal(3000))
    assert claim.aid_due is not None
    assert claim.aid_due < case.file.amount_granted
    certified = Event.objects.get(object=key(claim), act="claim.verify")
    assert OutboxMessage.objects.filter(event=certified, template="lines_parked").count() == 1
    facts = certificates.facts_of(claim)
    assert len(facts.lines) == 1
    assert "1 ligne(s) reportée(s) à une demande ultérieure" in facts.means
    client = Client()
    client.force_login(case.manager)
    page = client.get(f"/demandes/{case.file.reference}/paiement/{claim.number}/").content.decode()
    assert "Reportée : à présenter dans une prochaine demande" in page
    assert WHY in page


def test_a_parked_line_is_claimed_again_though_its_claim_said_to_be_the_last(case: Case) -> None:
    first = parked(case)
    assert not first.is_final
    paid(case, first)
    second = case.claim(lines=(2,))
    case.control(second).certify(second)
    second.refresh_from_db()
    assert Decimal(first.aid_due or 0) + Decimal(second.aid_due or 0) == case.file.amount_granted


def test_the_same_invoice_waits_in_no_other_claim_until_its_claim_is_certified(case: Case) -> None:
    claim = case.claim()
    park(case, claim, 2)
    line = claim.lines.get(parked=True)
    other = saved(ClaimForm({"is_final": True}, application=case.file))
    data = {
        "line": line.line_id, "invoice_number": line.invoice_number, "supplier_siret": line.supplier_siret,
        "invoiced_on": clock.today(), "paid_on": clock.today(), "amount": line.amount,
    }  # fmt: skip
    assert "invoice_number" in ClaimLineForm(data, claim=other).errors
    case.certify(claim)
    assert ClaimLineForm(data, claim=other).is_valid()


def test_a_line_sent_back_may_be_taken_in_again(case: Case) -> None:
    claim = case.claim()
    park(case, claim, 2)
    gate.move(case.by("certifier"), "claim", claim.pk, "send_back", reason="La ligne 2 est livrée.")
    case.control(claim).certify(claim)
    claim.refresh_from_db()
    assert claim.aid_due == case.file.amount_granted
    assert not ClaimLine.objects.filter(claim=claim, parked=True).exists()


@pytest.mark.parametrize("given", [{"parked": True}, {"parked": True, "reason": "  "}])
def test_parking_gives_its_reason(case: Case, given: dict[str, Any]) -> None:
    claim = case.claim()
    with pytest.raises(Denied, match="reportée"):
        gate.record(
            case.by("officer"), "claim", claim.pk, "line_control", line=claim.lines.order_by("pk")[0].pk, **given
        )


def test_a_later_claim_changes_no_figure_that_is_certified(case: Case) -> None:
    first = case.claim(lines=(1,), final=False)
    case.control(first, {1: ("2500.00", "not_delivered", "Une partie manque.")}).certify(first)
    paid(case, first)
    before = frozen(first)
    second = case.claim(lines=(2,))
    case.control(second).certify(second)
    days(3)
    assert frozen(first) == before
    first.refresh_from_db()
    assert certificates.facts_of(first).aid_due == before["claim"]["aid_due"]


@pytest.mark.both
def test_no_statement_changes_what_is_certified(case: Case) -> None:
    """The database itself refuses, whoever asks; the claim's state alone goes on."""
    claim = case.claim()
    case.control(claim).certify(claim)
    line = claim.lines.order_by("pk")[0]
    attempts: list[Any] = [
        lambda: ClaimLine.objects.filter(pk=line.pk).update(accepted=Decimal("1.00"), reason="other"),
        lambda: ClaimLine.objects.filter(pk=line.pk).update(finding="Autre constat."),
        lambda: ClaimLine.objects.filter(pk=line.pk).delete(),
        lambda: Claim.objects.filter(pk=claim.pk).update(aid_due=Decimal("1.00")),
        lambda: Claim.objects.filter(pk=claim.pk).update(amount_declared=Decimal("99999.00")),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="certified figures"), transaction.atomic():
            attempt()
    ClaimLine.objects.filter(pk=line.pk).update(live=False)


# --- the risk method


def method(case: Case, **more: Any) -> None:
    """The scheme's method in force for the file: one point for any claim, and what else the test asks."""
    rules = {
        "version": "T-1", "valid_from": "2025-01-01",
        "criteria": [{"fact": "declared", "op": "gt", "value": "0", "points": 1, "label": {"fr": "Oui", "en": "Yes"}}],
    }  # fmt: skip
    version = SchemeVersion.objects.get(pk=case.file.scheme_version_id)
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"control": rules | more})


ONE_LINE = {"sample": {"share": "0.5", "fewest": 1}}


def test_the_score_is_frozen_with_its_facts_and_its_draw(case: Case) -> None:
    method(case, **ONE_LINE)
    claim = case.claim()
    row = claim.risks.get()
    assert (row.method, row.points, len(row.chosen), row.on_the_spot) == ("T-1", 1, 1, False)
    assert Decimal(row.facts["declared"]) == sum(line.amount for line in claim.lines.all())
    event = Event.objects.get(object=key(claim), act="claim.submit")
    assert json.loads(event.payload)["facts"]["risk"]["seed"] == row.seed
    method(case, version="T-2")
    assert control.latest(claim) == row
    keys = [Item(control._key(line), line.amount) for line in claim.lines.order_by("line__number")]
    named = chosen(ONE_LINE, keys, row.seed)
    assert [control._key(claim.lines.get(pk=pk)) for pk in row.chosen] == named


def test_lines_that_were_not_drawn_are_accepted_as_declared_when_the_others_are_right(case: Case) -> None:
    method(case, **ONE_LINE)
    claim = case.claim()
    (drawn,) = control.lines_to_control(claim)
    gate.record(case.by("officer"), "claim", claim.pk, "line_control", line=drawn.pk, accepted=drawn.amount)
    gate.move(case.by("officer"), "claim", claim.pk, "control")
    case.certify(claim)
    claim.refresh_from_db()
    assert claim.aid_due == case.file.amount_granted
    assert f"graine {claim.risks.get().seed}" in certificates.facts_of(claim).means


def test_one_wrong_line_widens_the_control_to_every_line(case: Case) -> None:
    method(case, **ONE_LINE)
    claim = case.claim()
    (drawn,) = control.lines_to_control(claim)
    wrong = {"accepted": Decimal("1.00"), "code": "vat", "reason": "TVA comprise."}
    gate.record(case.by("officer"), "claim", claim.pk, "line_control", line=drawn.pk, **wrong)
    assert len(control.lines_to_control(claim)) == 2
    with pytest.raises(Denied, match="Contrôler chaque ligne"):
        gate.move(case.by("officer"), "claim", claim.pk, "control")


def visit(case: Case, claim: Claim, client: Client, **more: Any) -> Any:
    """The officer's form, sent by his browser."""
    given = {
        "held_on": clock.today(), "place": "Saint-Denis, au siège", "met": "La gérante", "finding": "green",
        "reason": "Le site est en ligne.",
    }  # fmt: skip
    address = f"/instruction/{case.file.reference}/paiement/{claim.number}/sur-place/"
    return client.post(address, given | more, follow=True)


def report() -> SimpleUploadedFile:
    return SimpleUploadedFile("rapport.pdf", b"%PDF-1.4 visite")


def at_desk(case: Case) -> Client:
    client = Client()
    client.force_login(case.by("officer"))
    return client


def test_a_visit_comes_before_certification_when_the_points_say_so(case: Case) -> None:
    method(case, on_the_spot_from=1)
    claim, client = case.claim(), at_desk(case)
    page = client.get(f"/dossiers/{case.file.reference}/").content.decode()
    assert "Exigé avant la certification" in page
    assert "Oui" in page
    case.control(claim)
    with pytest.raises(Denied, match="contrôle sur place"):
        gate.move(case.by("certifier"), "claim", claim.pk, "verify")
    page = visit(case, claim, client, report=report(), finding="red").content.decode()
    assert "rapport.pdf" in page
    with pytest.raises(Denied, match="contrôle sur place"):
        gate.move(case.by("certifier"), "claim", claim.pk, "verify")
    visit(case, claim, client, report=report())
    case.certify(claim)
    assert claim.visits.count() == 2
    assert "sur place le" in certificates.facts_of(claim).means


def test_a_visit_in_error_loses_neither_words_nor_report(case: Case) -> None:
    method(case, on_the_spot_from=1)
    claim, client = case.claim(), at_desk(case)
    page = visit(case, claim, client, place="", report=report()).content.decode()
    assert "Le site est en ligne." in page
    assert "Déjà joint : rapport.pdf." in page
    visit(case, claim, client)
    assert claim.visits.get().report.name == "rapport.pdf"
    tomorrow = clock.today() + timedelta(days=1)
    assert (
        "Indiquer le jour du contrôle" in visit(case, claim, client, held_on=tomorrow, report=report()).content.decode()
    )


def test_a_visit_needs_a_report_and_an_officer(case: Case) -> None:
    claim = case.claim()
    assert "Joindre le rapport" in visit(case, claim, at_desk(case)).content.decode()
    other = Client()
    other.force_login(case.by("certifier"))
    visit(case, claim, other, report=report())
    assert not claim.visits.exists()
    assert not Document.objects.filter(kind="control_report").exists()


# --- redeemed once, and within the wallet


def redeemed(case: Case, how: str) -> None:
    version = SchemeVersion.objects.get(pk=case.file.scheme_version_id)
    payment = version.rules["payment"] | {"redemption": how}
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"payment": payment})


def test_a_voucher_redeemed_once_is_asked_for_in_one_claim(case: Case) -> None:
    redeemed(case, "once")
    days(12)
    with pytest.raises(Denied, match="une seule fois"):
        case.present(lines=(1,), final=False)
    Claim.objects.all().update(is_final=True)
    whole = Claim.objects.get()
    gate.move(case.manager, "claim", whole.pk, "submit")
    case.control(whole).certify(whole)
    paid(case, whole)
    with pytest.raises(Denied, match="une seule fois"):
        case.present(lines=(2,))


def test_lines_left_to_a_later_claim_follow_even_where_a_voucher_is_redeemed_once(case: Case) -> None:
    redeemed(case, "once")
    first = parked(case)
    paid(case, first)
    second = case.claim(lines=(2,))
    assert Claim.objects.get(pk=second.pk).state == "submitted"


def test_a_voucher_redeemed_partly_takes_several_claims(case: Case) -> None:
    redeemed(case, "partly")
    first = case.claim(lines=(1,), final=False)
    case.control(first).certify(first)
    paid(case, first)
    assert case.claim(lines=(2,)).pk


def test_the_form_offers_no_part_where_a_voucher_is_redeemed_once(case: Case) -> None:
    assert len(StartForm(application=case.file).fields["extent"].choices) == 2
    redeemed(case, "once")
    assert [value for value, _words in StartForm(application=case.file).fields["extent"].choices] == ["all"]


@pytest.mark.parametrize(
    ("rolling", "yearly", "left"),
    [("4000.00", "9000.00", "1000.00"), ("9000.00", "3500.00", "500.00"), ("9000.00", "3000.00", "0")],
)
def test_what_a_firm_drew_before_lowers_its_next_voucher_and_its_payment(
    case: Case, rolling: str, yearly: str, left: str
) -> None:
    """3,000 € granted first; the next file has what is left of the rolling ceiling, and of the calendar year's."""
    version = SchemeVersion.objects.get(pk=case.file.scheme_version_id)
    how = {
        "function": "wallet", "how": version.rules["how"], "rolling": {"years": 3, "ceiling": rolling},
        "calendar_year_ceiling": yearly,
    }  # fmt: skip
    who = {"conditions": [c for c in version.rules["who"]["conditions"] if "applications" not in c.get("fact", "")]}
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"how": how, "who": who})
    assert case.file.amount_granted == Decimal("3000.00")
    again = Case(case.world, "F05").fill(SHOP, SOCIAL).file_it().examine()
    if left == "0":
        with pytest.raises(Denied):
            again.act("officer", "propose")
        return
    again.act("officer", "propose")
    days(4)
    again.act("decider", "grant", delegation="D").notify()
    assert again.file.amount_granted == Decimal(left)
    claim = again.claim()
    again.control(claim).certify(claim)
    claim.refresh_from_db()
    assert claim.aid_due == Decimal(left)
