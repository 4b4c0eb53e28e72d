"""The demo's stories: each outcome that a voucher can have, lived by its real actors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from applications.models import Claim, PaymentOrder, PaymentRun
from backoffice.demo import in_hand, tales_consulting, tales_export, tales_vouchers
from backoffice.demo.actors import Case, days
from backoffice.demo.returns import accountant_return
from backoffice.demo.timetable import Tale
from backoffice.demo.world import World
from regions import clock
from workflows import gate, payments
from workflows.acts import Denied

SITE = ("showcase_site", "Création d’un site vitrine", "1500.00")
SHOP = ("merchant_site", "Création d’un site marchand", "3000.00")
SOCIAL = ("social_media", "Animation de réseaux sociaux", "1500.00")
STRATEGY = ("digital_strategy", "Accompagnement à la stratégie digitale", "625.00")
CONTENT = ("digital_content", "Photographies et logo", "1000.00")
LAPTOP = ("hardware", "Ordinateur portable", "1200.00")


@dataclass(frozen=True, slots=True)
class Story:
    """An outcome, the firm that shows it, and how it is lived."""

    outcome: str
    firm: str
    live: Callable[[World], Case]


@dataclass(frozen=True, slots=True)
class Beside:
    """A story of another region, lived beside the first: it begins some days after the opening."""

    outcome: str
    scheme: str
    live: Callable[[World], Tale]
    after: int = 7


def _pay(world: World, case: Case, claim: Claim, result: str = "PAYE") -> PaymentOrder:
    """Order, send the batch, and read the accountant's return a week later."""
    order = case.order(claim)
    run = payments.send_run(world.region, by=world.staff["authorising"])
    if run is None:
        raise ValueError("nothing was sent to the accountant")
    _return(world, run, result)
    return order


def _return(world: World, run: PaymentRun, result: str) -> None:
    days(7)
    reading = payments.read_return(accountant_return(run, clock.today(), result), by=world.staff["accountant"])
    if reading.apart:
        raise ValueError(f"the accountant's return was not read whole: {reading.apart}")


def paid(world: World) -> Case:
    case = Case(world, "F01").fill(SITE, SOCIAL).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    _pay(world, case, claim)
    return case.results(8).act("officer", "complete")


def partly_accepted(world: World) -> Case:
    """One invoice line is short of its publicity duties: accepted in part, with a finding."""
    case = Case(world, "F05", "P02").fill(SHOP, CONTENT).file_it().grant().notify()
    claim = case.claim()
    rejected = {2: ("400.00", "publicity", "Logos de l’Union absents de trois visuels sur cinq.")}
    case.control(claim, rejected).certify(claim)
    _pay(world, case, claim)
    return case.results(7).act("officer", "complete")


def question_answered(world: World) -> Case:
    case = Case(world, "F15").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["register_extract"], reason="L’extrait joint date de 2024.")
    days(9)
    case.answer().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    _pay(world, case, claim)
    return case.results(5).act("officer", "complete")


def payment_rejected_then_paid(world: World) -> Case:
    """The accountant rejects the first order; a new one is prepared, signed by hand, and paid."""
    case = Case(world, "F02").fill(SHOP, SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    _pay(world, case, claim, "REJETE")
    _pay(world, case, claim)
    return case.act("officer", "complete")


def refused_size(world: World) -> Case:
    return Case(world, "F04").fill(SITE).file_it().refuse()


def refused_sector(world: World) -> Case:
    return Case(world, "F06").fill(SITE).file_it().refuse()


def refused_early_start(world: World) -> Case:
    signed = clock.today()
    return Case(world, "F07").fill(SITE, works_start_on=signed).file_it().refuse()


def refused_de_minimis(world: World) -> Case:
    return Case(world, "F16").fill(SHOP, declared_de_minimis="299500.00").file_it().refuse()


def refused_seat(world: World) -> Case:
    return Case(world, "F03").fill(SITE).file_it().refuse()


def refused_second_of_person(world: World) -> Case:
    """The manager of F01 files for a second firm the same year: one application per person."""
    world.managers["F01"].mandates.create(
        company=world.companies["F14"], kind="representative", valid_from=clock.today()
    )
    return Case(world, "F14", filer="F01").fill(SITE).file_it().refuse()


def withdrawn(world: World) -> Case:
    return Case(world, "F17").fill(SITE, STRATEGY).file_it().examine().withdraw()


def silent(world: World) -> Case:
    """Granted and notified, and never heard of again."""
    return Case(world, "F18").fill(SITE).file_it().grant().notify()


def lapsed(world: World) -> Case:
    """The time to claim passes: the timer proposes the lapse, the decider records it."""
    case = Case.of(world, "F18")
    while not case.file.lapse_proposed_on:
        days(7)
    return case.act("decider", "lapse")


def expired_request(world: World) -> Case:
    """No answer to a request: the clock runs again; after a warning the file is closed."""
    case = Case(world, "F13").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["quote"], reason="Le devis n’est pas détaillé.")
    days(35)
    gate.record(case.by("officer"), "application", case.pk, "warning", reason="Sans devis, classement au 15.")
    days(15)
    return case.act("decider", "close", reason="Devis jamais fourni malgré l’avertissement.")


def certified_waiting(world: World) -> Case:
    """Certified and waiting for its payment order."""
    case = Case(world, "F09").fill(SHOP, LAPTOP).file_it().grant().notify()
    claim = case.claim()
    return case.control(claim, {2: ("0.00", "hardware", "Équipement matériel.")}).certify(claim)


def envelope_empty(world: World) -> Case:
    """Proposed; the envelope has no room left: the grant is denied and the file waits."""
    case = Case(world, "F12").fill(SHOP, SITE).file_it().examine().act("officer", "propose")
    try:
        case.act("decider", "grant")
    except Denied:
        return case
    raise ValueError("the envelope should have been empty")


def examining(world: World) -> Case:
    """In examination: the provider has not confirmed yet."""
    case = Case(world, "F19", "P02").fill(SITE).file_it().act("officer", "accept_complete")
    gate.record(case.by("officer"), "application", case.pk, "documents", finding="green")
    return case


STORIES = (
    Story("paid", "F01", paid),
    Story("refused: size", "F04", refused_size),
    Story("refused: sector", "F06", refused_sector),
    Story("granted, then silent", "F18", silent),
    Story("partly accepted", "F05", partly_accepted),
    Story("refused: early start", "F07", refused_early_start),
    Story("refused: de minimis", "F16", refused_de_minimis),
    Story("question answered", "F15", question_answered),
    Story("refused: seat", "F03", refused_seat),
    Story("refused: second application of the same person", "F14", refused_second_of_person),
    Story("withdrawn", "F17", withdrawn),
    Story("payment rejected, then paid", "F02", payment_rejected_then_paid),
    Story("request expired, closed", "F13", expired_request),
    Story("certified, waiting for payment", "F09", certified_waiting),
    Story("envelope empty", "F12", envelope_empty),
    Story("in examination", "F19", examining),
    Story("waiting for the accountant", in_hand.SENT, in_hand.with_the_accountant),
    Story("order to sign", in_hand.TO_SIGN, in_hand.to_sign),
    Story("claim to certify", in_hand.TO_CERTIFY, in_hand.to_certify),
    Story("payment to claim", in_hand.TO_CLAIM, in_hand.to_claim),
    Story("decision to notify", in_hand.TO_NOTIFY, in_hand.to_notify),
    Story("to decide", in_hand.TO_DECIDE, in_hand.to_decide),
    Story("lapsed", "F18", lapsed),
    Story("to take", in_hand.TO_TAKE, in_hand.to_take),
    Story("draft", in_hand.DRAFT, in_hand.draft),
    Story("envelope reopened", "F12", tales_vouchers.envelope_reopened),
)

BESIDE = (
    Beside("voucher by steps, paid", "commerce-connecte", tales_vouchers.paid_by_steps),
    Beside("refused: age of the firm", "commerce-connecte", tales_vouchers.too_young),
    Beside("flat aid, paid", "forfait-numerique", tales_vouchers.paid_flat, 20),
    Beside("refused: below the floor", "forfait-numerique", tales_vouchers.below_the_floor, 40),
    Beside("assignment, provider paid", "kit-numerique", tales_vouchers.paid_by_assignment, 15),
    Beside("appeal won", "kit-numerique", tales_vouchers.appeal_won, 30),
    Beside("consulting, paid to the firm", "conseil-digital", tales_consulting.paid_to_the_firm, 10),
    Beside("accreditation expired, provider changed", "conseil-digital", tales_consulting.provider_changed, 60),
    Beside("bank details changed during a payment", "conseil-digital", tales_consulting.account_changed, 25),
    Beside("level one, provider paid", "accompagnement-numerique", tales_consulting.analysis, 12),
    Beside("level two by the day, provider paid", "accompagnement-numerique", tales_consulting.implementation, 14),
    Beside("level one of another firm", "accompagnement-numerique", partial(tales_consulting.analysis, firm="F52"), 16),
    Beside("refused: not recommended", "accompagnement-numerique", tales_consulting.not_recommended, 20),
    Beside("escrow, provider paid from the pot", "cheque-transformation", tales_consulting.paid_from_the_pot, 18),
    Beside("escrow, share awaited", "cheque-transformation", tales_consulting.share_awaited, 150),
    Beside("group losing a member, paid", "groupement-export", tales_export.group_of_five, 9),
    Beside("group, confirmations awaited", "groupement-export", tales_export.group_waiting, 160),
    Beside("advance, loan, guarantee and balance", "impulsion-export", tales_export.start_of_export, 11),
    Beside("refused: equivalent over the ceiling", "impulsion-export", tales_export.over_the_ceiling, 33),
    Beside("revoked, recovered", "impulsion-export", tales_export.revoked_and_recovered, 45),
)
