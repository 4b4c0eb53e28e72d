"""What a story is made of, each step yielding the days that pass before the next: filed, examined, granted, paid."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal

from applications.enums import CheckKind, ClaimKind
from applications.forms.claim import AskForm
from applications.forms.project import InstrumentsForm, LevelForm, MemberForm
from applications.models import Claim, PaymentOrder
from backoffice.demo.actors import Case, saved
from backoffice.demo.returns import answer
from regions import clock
from regions.enums import Instrument
from workflows import gate, payments
from workflows.conditions import claim_evidence, required_checks

Step = Generator[int, None, None]
DELEGATION = "Délégation du 2 janvier 2025"


def level(case: Case, number: int, earlier: Case) -> None:
    """The level asked for, and the settled file that opens it."""
    saved(LevelForm({"level": number, "follows": earlier.pk}, instance=case.file))


def ask_only_the_grant(case: Case) -> None:
    """The firm wants no money that it would have to pay back."""
    saved(InstrumentsForm({"advance": "0", "loan": "0", "guarantee": "0"}, instance=case.file))


def join(case: Case, *firms: str) -> None:
    """The lead names the other firms of its group."""
    for firm in firms:
        saved(MemberForm({"siren": case.world.companies[firm].siren}, application=case.file))


def filed(case: Case) -> Step:
    gate.move(case.manager, "application", case.pk, "submit")
    yield 2


def examined(case: Case, members: tuple[str, ...] = ()) -> Step:
    """The officer takes the file and checks it; the provider and the firms of the group say their word."""
    gate.record(case.by("officer"), "application", case.pk, "take")
    case.act("officer", "accept_complete")
    asked = required_checks(case.file)
    for kind in (CheckKind.DOCUMENTS, CheckKind.EXPORT):
        if kind in asked:
            gate.record(case.by("officer"), "application", case.pk, kind, finding="green")
    if CheckKind.PROVIDER in asked:
        gate.record(case.provider, "application", case.pk, "provider", finding="green")
    for firm in members:
        user = case.world.managers[firm]
        gate.record(user, "application", case.pk, "member_confirm", declared_de_minimis=Decimal("0.00"))
    yield 3


def granted(case: Case) -> Step:
    case.act("officer", "propose")
    yield 4
    case.act("decider", "grant", delegation=DELEGATION)


def notified(case: Case) -> Step:
    yield 1
    case.act("notifier", "notify")


def refused(case: Case, *codes: str) -> Step:
    """Proposed to refusal, with the rules' own reasons unless others are given, and refused by another person."""
    case.act("officer", "propose", opinion="refuse", codes=list(codes))
    yield 4
    case.act("decider", "refuse", delegation=DELEGATION)


def until_running(case: Case, members: tuple[str, ...] = ()) -> Step:
    yield from filed(case)
    yield from examined(case, members)
    yield from granted(case)
    yield from notified(case)


# --- claims


def opened(case: Case, kind: str, instrument: str = Instrument.GRANT) -> Claim:
    """A claim that is not of expenses: an advance, or the release of a loan."""
    claim: Claim = saved(AskForm({"kind": kind, "instrument": instrument}, application=case.file))
    for piece in claim_evidence(claim):
        case.attach(piece, claim)
    gate.move(case.manager, "claim", claim.pk, "submit")
    return claim


def advance(case: Case) -> Generator[int, None, PaymentOrder]:
    """The advance on the grant, from its request to the account."""
    claim = opened(case, ClaimKind.ADVANCE)
    yield 3
    return (yield from certified_and_paid(case, claim))


def release(case: Case, instrument: str) -> Generator[int, None, PaymentOrder]:
    """A loan or a repayable advance, from its request to the account."""
    claim = opened(case, ClaimKind.RELEASE, instrument)
    yield 3
    return (yield from certified_and_paid(case, claim))


def reported(case: Case, *recommended: str) -> Step:
    """The provider reports; two days later the firm says that the work conforms."""
    case.attach("provider_report")
    gate.record(case.provider, "application", case.pk, "report", recommended=list(recommended))
    yield 2
    gate.record(case.manager, "application", case.pk, "conformity")


def claimed(case: Case, paid: bool = True) -> Generator[int, None, Claim]:
    """The work takes twelve days; the claim follows."""
    yield 12
    claim = case.present(paid)
    yield 3
    return claim


def certified_and_paid(
    case: Case, claim: Claim, rejected: dict[int, tuple[str, str, str]] | None = None
) -> Generator[int, None, PaymentOrder]:
    """Controlled, certified, ordered, sent, and paid a week later by the accountant's return."""
    case.control(claim, rejected)
    gate.move(case.by("certifier"), "claim", claim.pk, "verify")
    yield 2
    order = case.order(claim)
    yield from settled(case)
    order.refresh_from_db()
    return order


def settled(case: Case, result: str = "PAYE") -> Step:
    """What is signed in the region leaves in a batch, and the accountant or the bank answers a week later."""
    run = payments.send_run(case.world.region, by=case.by("authorising"))
    if run is None:
        raise ValueError(f"{case.file}: nothing was sent to the accountant")
    yield 7
    content = answer(run, clock.today(case.world.region.time_zone), result)
    reading = payments.read_return(content, by=case.by("accountant"))
    if reading.apart:
        raise ValueError(f"the return was not read whole: {reading.apart}")
