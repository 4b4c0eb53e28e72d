"""What forbids the publication of a definition: gaps, and what the law or the money would not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regions import clock
from regions.schemes.tree import hows, instruments

Definition = Mapping[str, Any]

INDIRECT = ("assignment", "escrow", "split")
NOT_GRANTS = {"advance", "loan", "guarantee"}
GRANT_FORM = "01"
SMALL_OPERATION = Decimal("200000")  # CPR art. 53(2), total cost in euro
PAYMENT_DAYS = 80  # CPR art. 74(1)(b), from a complete claim
NOT_STATE_AID = ("de_minimis", "none")
# Reg. (EU) 651/2014, art. 18, 19 and 28: the highest share of the cost, and the ceiling of art. 28(4) beyond it.
GBER_SHARE, ADVICE_CEILING = Decimal("0.50"), Decimal("220000")
# Reg. (EU) 651/2014, art. 59: the last day of the exemption, as amended by Reg. (EU) 2023/1315.
GBER_ENDS = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a definition may not be published: a code, a sentence in each language, the article."""

    code: str
    fr: str
    en: str
    article: str = ""


def publication_faults(definition: Definition, day: date | None = None) -> list[Fault]:
    """Everything that forbids publication on a day (today), all at once; empty when it may be published."""
    found = [*_gaps(definition), *_region(definition), *_currency(definition)]
    for check, sections in CHECKS.items():
        if all(section in definition for section in sections):
            found.extend(check(definition))
    return [*found, *_exemption(definition, day or clock.today())]


def _gaps(definition: Definition) -> Iterator[Fault]:
    """What is not known is a named gap, never a guess."""
    for gap in definition.get("gaps", []):
        yield Fault("gap", f"Lacune : {gap['note']['fr']}", f"Gap: {gap['note']['en']}")


def _region(definition: Definition) -> Iterator[Fault]:
    if not definition.get("region"):
        yield Fault(
            "region",
            "Aucune région n’est nommée : inscrire le code de celle qui adopte ce dispositif.",
            "No region is named: write the code of the one that adopts this scheme.",
        )


def _currency(definition: Definition) -> Iterator[Fault]:
    """Amounts are never converted from one rate: a region sets its own figures, in euro."""
    currency = definition.get("currency", "EUR")
    if currency != "EUR":
        yield Fault(
            "currency",
            f"Les montants sont en {currency} : les fixer en euros, sans les convertir d’un seul taux.",
            f"The amounts are in {currency}: set them in euro, rather than converting them at one rate.",
            "Règl. (UE) 2021/1060, art. 87",
        )


def _shares(definition: Definition) -> Iterator[Fault]:
    funding = definition["funding"]
    shares = {funder["code"]: Decimal(funder["share"]) for funder in funding["funders"]}
    if sum(shares.values()) != 1:
        yield Fault("shares", "Les parts des financeurs ne font pas 100 %.", "The funders’ shares are not 100 %.")
    if funding["lead"] not in shares:
        yield Fault("lead", "Le financeur principal n’est pas parmi les financeurs.", "The lead is not a funder.")


def _firm_is_beneficiary(definition: Definition) -> bool:
    """Whether the Common Provisions bind each firm directly: it is the beneficiary, and ERDF pays a share."""
    funders = definition.get("funding", {}).get("funders", [{"code": "erdf"}])
    return bool(definition["beneficiary"]["mode"] == "single" and any(f["code"] == "erdf" for f in funders))


def _simplified(definition: Definition) -> Iterator[Fault]:
    """Up to € 200,000 of total cost an ERDF operation is not reimbursed on real costs (CPR art. 53(2)).

    State aid is exempted, which de minimis aid is not; so are research and innovation operations that the
    authority exempted, and schemes whose smallest cost lies above. What is not known counts as below.
    """
    concerned = definition["legal_basis"] in NOT_STATE_AID and definition["payment"]["costs"] == "real"
    exempted = definition["beneficiary"].get("research_exemption") or _least_cost(definition) > SMALL_OPERATION
    if _firm_is_beneficiary(definition) and concerned and not exempted:
        yield Fault(
            "simplified_costs",
            "Quand l’entreprise est bénéficiaire et le coût au plus de 200 000 €, les coûts réels sont exclus : "
            "choisir des coûts simplifiés, ou une opération de la région.",
            "When the firm is the beneficiary and the cost is €200,000 at most, real costs are excluded: "
            "choose simplified costs, or an operation of the region.",
            "Règl. (UE) 2021/1060, art. 53(2)",
        )


def _least_cost(definition: Definition) -> Decimal:
    """The cost below which no firm is aided, in euro; zero when the scheme sets none for every firm."""
    return Decimal(definition.get("how", {}).get("cost_floor", "0"))


def _on_time(definition: Definition) -> Iterator[Fault]:
    """A beneficiary is paid within 80 days of a complete claim (CPR art. 74(1)(b))."""
    promised = definition["when"]["payment_days"]
    if _firm_is_beneficiary(definition) and promised > PAYMENT_DAYS:
        yield Fault(
            "payment_days",
            f"L’entreprise bénéficiaire est payée en {PAYMENT_DAYS} jours au plus ; le règlement dit {promised}.",
            f"A firm that is the beneficiary is paid within {PAYMENT_DAYS} days; these rules provide {promised}.",
            "Règl. (UE) 2021/1060, art. 74(1)(b)",
        )


def _payee(definition: Definition) -> Iterator[Fault]:
    """The beneficiary must receive the contribution in full (CPR art. 74(1)(b)), unless it is approved."""
    indirect = definition["payment"]["model"] in INDIRECT
    approved = bool(definition["beneficiary"].get("authority_approval"))
    if _firm_is_beneficiary(definition) and indirect and not approved:
        yield Fault(
            "payee",
            "Cession, séquestre ou partage quand l’entreprise est bénéficiaire : enregistrer l’accord de l’autorité "
            "de gestion.",
            "Assignment, escrow or split while the firm is the beneficiary: record the managing authority’s approval.",
            "Règl. (UE) 2021/1060, art. 74(1)(b)",
        )


def _provider(definition: Definition) -> Iterator[Fault]:
    """Who is paid in the firm's place has been looked at before the grant."""
    if definition["payment"]["model"] in INDIRECT and "provider" not in definition["examination"]["checks"]:
        yield Fault(
            "provider_check",
            "Le prestataire est payé à la place de l’entreprise : ajouter « provider » aux contrôles.",
            "The provider is paid in the firm’s place: add “provider” to the checks.",
            "Règl. (UE) 2021/1060, art. 74(1)(a)",
        )


def _instruments(definition: Definition) -> Iterator[Fault]:
    """A loan or a guarantee is no grant: its ERDF coding is that of a financial instrument."""
    form = definition.get("erdf", {}).get("form_of_support")
    if form == GRANT_FORM and instruments(definition) & NOT_GRANTS:
        yield Fault(
            "form_of_support",
            "Une avance, un prêt ou une garantie n’est pas une subvention : choisir une autre forme de soutien.",
            "An advance, a loan or a guarantee is not a grant: choose another form of support.",
            "Règl. (UE) 2021/1060, art. 58 et annexe I, tableau 2",
        )


def _flat(definition: Definition) -> Iterator[Fault]:
    """A sum that does not follow the cost is a lump sum, so a simplified cost (CPR art. 53(1)(c))."""
    flat = any(how["function"] == "flat" for _path, how in hows(definition))
    if flat and definition["payment"]["costs"] == "real":
        yield Fault(
            "flat_costs",
            "Un forfait ne suit pas la dépense : déclarer des coûts simplifiés.",
            "A flat sum does not follow the expense: declare simplified costs.",
            "Règl. (UE) 2021/1060, art. 53(1)(c)",
        )


def _intensity(definition: Definition) -> Iterator[Fault]:
    """The exemption allows half of the cost; under art. 28(4) more, within € 220,000 for an undertaking."""
    if not definition["legal_basis"].startswith("gber_"):
        return
    rates = [rate for rate, ceiling in _rates(definition) if not _advice(definition, ceiling)]
    if max(rates, default=Decimal(0)) > GBER_SHARE:
        yield Fault(
            "gber_intensity",
            f"Le règlement d’exemption limite l’aide à 50 % du coût ; ce règlement donne {max(rates) * 100:.0f} %.",
            f"The block exemption limits the aid to 50 % of the cost; these rules give {max(rates) * 100:.0f} %.",
            f"Règl. (UE) 651/2014, art. {definition['legal_basis'].removeprefix('gber_')}",
        )


def _rates(definition: Definition) -> Iterator[tuple[Decimal, str | None]]:
    """Each share of the cost that an aid function gives, with the ceiling of its aid when it has one."""
    for _path, how in hows(definition):
        rows = [how, *how.get("bands", []), *how.get("segments", [])]
        yield from ((Decimal(r["rate"]), r.get("aid_ceiling", how.get("aid_ceiling"))) for r in rows if "rate" in r)
        for aid, cost in (("step_aid", "step_cost"), ("amount", "cost_floor")):
            if aid in how and Decimal(how.get(cost, "0")):
                yield Decimal(how[aid]) / Decimal(how[cost]), how.get("aid_ceiling")


def _advice(definition: Definition, ceiling: str | None) -> bool:
    """Whether the aid stays within what art. 28(4) allows for advice and support in innovation."""
    capped = ceiling is not None and Decimal(ceiling) <= ADVICE_CEILING
    return bool(definition["legal_basis"] == "gber_28" and capped)


def _incentive(definition: Definition) -> Iterator[Fault]:
    """Exempted aid has an incentive effect: the firm applies in writing before works start."""
    if definition["legal_basis"].startswith("gber_") and definition["when"]["start_rule"] == "any":
        yield Fault(
            "incentive_effect",
            "Sous le règlement d’exemption, la demande précède le début des travaux : changer « start_rule ».",
            "Under the block exemption the application comes before the start of works: change “start_rule”.",
            "Règl. (UE) 651/2014, art. 6(2)",
        )


def _start(definition: Definition) -> Iterator[Fault]:
    """A rule on the start of works is kept by a condition on the signed quote, else it would bind nobody."""
    tests = (t for c in definition["who"]["conditions"] for t in c.get("any_of", [c]))
    if definition["when"]["start_rule"] != "any" and all(test["fact"] != "works_start_on" for test in tests):
        yield Fault(
            "start_condition",
            "Le règlement fixe le début du projet, mais aucune condition ne porte sur le devis signé : "
            "ajouter une condition sur « works_start_on ».",
            "The rules fix when the project may start, yet no condition bears on the signed quote: "
            "add a condition on “works_start_on”.",
        )


def _exemption(definition: Definition, day: date) -> Iterator[Fault]:
    """No new scheme under the block exemption once it has expired (Reg. 651/2014, art. 59)."""
    if definition.get("legal_basis", "").startswith("gber_") and day > GBER_ENDS:
        yield Fault(
            "gber_expired",
            f"Le règlement d’exemption a expiré le {GBER_ENDS:%d/%m/%Y} : aucun nouveau dispositif ne s’y fonde.",
            f"The block exemption expired on {GBER_ENDS.isoformat()}: no new scheme may rest on it.",
            "Règl. (UE) 651/2014, art. 58 et 59",
        )


# Each check with the sections that it reads: a section that is missing is already a gap.
CHECKS: Mapping[Callable[[Definition], Iterator[Fault]], tuple[str, ...]] = {
    _shares: ("funding",), _simplified: ("beneficiary", "legal_basis", "payment"), _payee: ("beneficiary", "payment"),
    _on_time: ("beneficiary", "when"), _provider: ("payment", "examination"), _instruments: ("how",),
    _flat: ("how", "payment"), _intensity: ("how", "legal_basis"), _incentive: ("when", "legal_basis"),
    _start: ("when", "who"),
}  # fmt: skip
