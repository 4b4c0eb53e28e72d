"""Files of every kind for tests: a scheme of the house published in the tests' region, its people and its walks."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from applications.enums import Bucket, ClaimKind
from applications.forms.claim import ClaimForm
from applications.models import ApplicationMember, Claim, PaymentOrder, Recovery
from backoffice.demo.actors import Case, saved
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import World, accredit
from regions import clock
from regions.enums import Instrument
from regions.models import SpecificObjective
from regions.schemes.loader import parse, shipped
from tests.shelf import kept
from workflows import administration, gate, payments

REGION = "04"
GROUP, MIX, MISSION, ESCROW, ASSIGNED = (
    "groupement-export", "impulsion-export", "conseil-digital", "cheque-transformation", "accompagnement-numerique",
)  # fmt: skip
MANAGER = ("joint_manager", "Responsable export partagé", "40000.00")
STUDY = ("market_study", "Étude de marché", "20000.00")
COMMISSION = ("marketplace_commission", "Commission de place de marché", "3000.00")
SUBSCRIPTION = ("marketplace_listing", "Abonnement à une place de marché", "2000.00")
PLAN = ("action_plan", "Plan d’action stratégique", "8000.00")
STRATEGY = ("digital_strategy", "Feuille de route")
ANALYSIS = ("potential_analysis", "Analyse du potentiel", "6000.00")


@kept
def offer(
    world: World, code: str, budget: str = "200000.00", output: str = "", provider_share: str = "", success: str = "",
    cost_ceiling: str = "", credits: str = "",
) -> World:  # fmt: skip
    """Publish a scheme of the house in the tests' region, open its envelopes, accredit its providers.

    `provider_share` makes an assignment a split: no programme described pays so, the tests' own scheme does.
    `success` is the share of the export turnover from which the free advance of a mix is repaid, 30 % of it at least.
    `cost_ceiling` takes the place of the scheme's own, for an aid above the threshold of publication. `credits` opens
    payment credits of the year for the grants, without which no order is prepared.
    """
    text = shipped()[code].read_text(encoding="utf-8")
    text = re.sub(r'^region: "\d+"', f'region: "{REGION}"', text, flags=re.M)
    text = re.sub(r'(fact: seat_region, op: eq, value: )"\d+"', rf'\1"{REGION}"', text)
    text = re.sub(r"^(  costs: \w+)$", rf"\1\n  output: {output}", text, flags=re.M) if output else text
    if provider_share:
        split = f'  model: split\n  split: {{provider_share: "{provider_share}"}}'
        text, made = re.subn("^  model: assignment$", split, text, flags=re.M)
        assert made == 1, code
    if success:
        terms = f'      success: {{least_share: "0.30", turnover_share: "{success}", declaration_days: 90}}'
        text, made = re.subn(r'^(      annual_rate_percent: "0\.00")$', rf"\1\n{terms}", text, flags=re.M)
        assert made == 1, code
    if cost_ceiling:
        text, made = re.subn(r'^  cost_ceiling: ".*"$', f'  cost_ceiling: "{cost_ceiling}"', text, flags=re.M)
        assert made == 1, code
    if credits:
        text = text.replace("funding:\n", "funding:\n  payment_credits: yearly\n", 1)
    version = administration.propose_version(world.staff["admin"], parse(text, f"{code}.yaml"), clock.today())
    scheme = administration.publish_version(world.staff["admin2"], version).scheme
    objective = SpecificObjective.objects.first()
    for instrument in Instrument.values:
        administration.open_envelope(
            world.staff["admin"], scheme, clock.today().year, Bucket.CEILING, Decimal(budget), instrument=instrument,
            specific_objective=objective,
        )  # fmt: skip
    if credits:
        administration.open_envelope(
            world.staff["admin"], scheme, clock.today().year, Bucket.CREDITS, Decimal(credits),
            credit_year=clock.today().year,
        )  # fmt: skip
    other = World(
        world.region, scheme, world.staff, world.managers, world.companies, world.providers, world.provider_users
    )
    for key in world.providers:
        accredit(other, key)
    return other


class Walk(Case):
    """A file of any kind: what the voucher's file does, and what the others add."""

    @kept
    def join(self, *firms: str) -> Walk:
        for firm in firms:
            ApplicationMember.objects.create(application=self.file, company=self.world.companies[firm])
        return self

    @kept
    def confirm_members(self) -> Walk:
        for member in self.file.members.filter(left_on__isnull=True, confirmed_at__isnull=True):
            user = next(u for key, u in self.world.managers.items() if self.world.companies[key] == member.company)
            gate.record(user, "application", self.pk, "member_confirm", declared_de_minimis=Decimal(0))
        return self

    @kept
    def checked(self) -> Walk:
        """Found complete, and every check recorded by whoever makes it."""
        gate.record(self.by("officer"), "application", self.pk, "take")
        self.act("officer", "accept_complete")
        asked = self.file.scheme_version.rule("examination", "checks", default=[])
        for kind in ("documents", "export"):
            if kind in asked:
                gate.record(self.by("officer"), "application", self.pk, kind, finding="green")
        if "provider" in asked:
            gate.record(self.provider, "application", self.pk, "provider", finding="green")
        self.confirm_members()
        return self

    @kept
    def granted(self) -> Walk:
        self.checked().act("officer", "propose")
        self.act("decider", "grant", delegation="Délégation du 2 janvier 2025")
        return self

    @kept
    def running(self) -> Walk:
        self.granted().act("notifier", "notify")
        return self

    @kept
    def share(self, amount: Decimal | str, reference: str = "VIR-1") -> Walk:
        gate.record(
            self.by("accountant"), "application", self.pk, "share_received", amount=Decimal(amount),
            reference=reference, value_date=clock.today(),
        )  # fmt: skip
        return self

    @kept
    def report(self) -> Walk:
        gate.record(self.provider, "application", self.pk, "report", reason="Mission faite.")
        gate.record(self.manager, "application", self.pk, "conformity")
        return self

    @kept
    def asks(self, kind: str, instrument: str = Instrument.GRANT) -> Claim:
        """An advance or a release, controlled and certified."""
        claim: Claim = saved(ClaimForm({"is_final": False}, application=self.file))
        Claim.objects.filter(pk=claim.pk).update(kind=kind, instrument=instrument)
        claim = Claim.objects.get(pk=claim.pk)
        stage = "advance" if kind == ClaimKind.ADVANCE else "release"
        for piece in self.file.scheme_version.rule("evidence", stage, default=[]):
            self.attach(piece, claim)
        gate.move(self.manager, "claim", claim.pk, "submit")
        gate.move(self.by("officer"), "claim", claim.pk, "control")
        self.certify(claim)
        return claim

    @kept
    def pay(self, claim: Claim) -> PaymentOrder:
        """Ordered, sent and paid."""
        order = self.order(claim)
        run = payments.send_run(self.world.region, by=self.by("authorising"))
        assert run is not None
        clock.advance(days=3)
        reading = payments.read_return(accountant_return(run, clock.today(), "PAYE"), by=self.by("accountant"))
        assert reading.apart == []
        return PaymentOrder.objects.get(pk=order.pk)

    @kept
    def paid(self, **given: Any) -> PaymentOrder:
        """Claimed on every line, controlled, certified and paid."""
        claim = self.claim(**given)
        self.control(claim).certify(claim)
        return self.pay(claim)


@kept
def group(world: World) -> Walk:
    """A group of four under its scheme, filed."""
    walk = Walk(offer(world, GROUP), "F01").join("F02", "F05", "F15")
    walk.fill(MANAGER, STUDY).file_it()
    return walk


@kept
def exempted(world: World, aid: str = "120000.00") -> Walk:
    """A mission aided by half under the block exemption, above the threshold of publication; running."""
    quoted = str(Decimal(aid) * 2)
    return Walk(offer(world, MISSION, cost_ceiling=quoted), "F01").fill((*STRATEGY, quoted)).file_it().running()


def published(walk: Walk, reference: str = "TAM-1") -> Walk:
    """The grant noted as published today."""
    gate.record(walk.by("officer"), "application", walk.pk, "published", filed_on=clock.today(), reference=reference)
    return walk


@kept
def undue(world: World, amount: str = "500.00") -> tuple[Case, Any]:
    """A paid voucher with a recovery opened on it by the officer."""
    case = Walk(world, "F01").fill(("showcase_site", "Site", "1500.00"))
    case.file_it().grant().notify()
    Walk.paid(case)  # type: ignore[arg-type]
    event = gate.open_recovery(
        case.by("officer"), case.pk, amount=Decimal(amount), reason_code="overpaid", words="Facture payée deux fois."
    )
    return case, Recovery.objects.get(pk=event.object.partition(":")[2])
