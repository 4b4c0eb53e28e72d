"""The ERDF workbook of an operation: Annex XVII data, vouchers, expenditure, payments, indicators.

In grouped mode the region is the beneficiary (CPR art. 2(9)(d)): eligible expenditure is the aid it
paid, and each voucher is a line of field 25. Every figure comes from case versions and the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum

from applications.enums import (
    PERSONS,
    ApplicationState,
    Bucket,
    ClaimKind,
    ClaimState,
    OrderState,
)
from applications.models import CaseVersion, ClaimVersion, Company, Operation, PaymentOrder
from applications.rules import indicators
from applications.rules.indicator_catalogue import CATALOGUE
from regions.enums import Funder, Instrument, RoleKind
from regions.money import ZERO
from reporting import checks, facts, follow_up
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import Report
from reporting.reports import instruments
from reporting.sheets import Joined, Sheet, Source, Streamed, made
from reporting.words import words

Row = Mapping[str, Any]
DE_MINIMIS = "de_minimis"
ADDED = ("granted", "paid", "recovered")

SIZES = {
    "micro": ("micro", "micro"), "small": ("petite", "small"), "medium": ("moyenne", "medium"),
    "large": ("grande", "large"),
}  # fmt: skip
BODIES = {
    "public": ("organisme public", "public body"), "private": ("organisme privé", "private body"),
    "person": ("personne physique", "natural person"),
}  # fmt: skip
ROLES = {"granting": ("octroie l’aide", "grants the aid"), "receiving": ("reçoit l’aide", "receives the aid")}
REGIONS_KINDS = {
    "outermost": ("région ultrapériphérique", "outermost region"),
    "less": ("région moins développée", "less developed"),
    "transition": ("région en transition", "transition"), "more": ("région plus développée", "more developed"),
}  # fmt: skip
FUNDS = {"ERDF": ("FEDER", "ERDF")}
UNITS = {known.unit_fr: (known.unit_fr, known.unit_en) for known in CATALOGUE.values()}


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    reference = f"Annex XVII, {field}" if field else ""
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=reference, **more)


OPERATIONS = Sheet("operations", "Opérations", "Operations", (
    _c("beneficiary", "Bénéficiaire", "Beneficiary", field="1"),
    _c("beneficiary_id", "Identifiant du bénéficiaire", "Beneficiary identifier", field="1-2"),
    _c("beneficiary_kind", "Nature du bénéficiaire", "Kind of beneficiary", field="2", words=BODIES),
    _c("granting_body", "Organisme qui reçoit ou qui octroie", "Body receiving or granting", field="4", words=ROLES),
    _c("contact", "Coordonnées", "Contact details", field="7"),
    _c("code", "Code de l’opération", "Operation code", field="9"),
    _c("name", "Nom de l’opération", "Operation name", field="9"),
    _c("description", "Description", "Description", field="10"),
    _c("article_94_95", "Relève de l’article 94 ou 95", "Under Article 94 or 95", "boolean", "11"),
    _c("strategic", "Importance stratégique", "Strategic importance", "boolean", "12"),
    _c("submitted_on", "Dépôt de la demande", "Application submitted", "date", "14"),
    _c("starts_on", "Début", "Start", "date", "15"),
    _c("ends_on", "Fin prévue", "End planned", "date", "16"),
    _c("completed_on", "Achèvement réel", "Actual completion", "date", "17"),
    _c("decided_by", "Document fixant les conditions : organisme", "Document of conditions: body", field="18"),
    _c("decided_on", "Document fixant les conditions : date", "Document of conditions: date", "date", "19"),
    _c("state_aid", "Aide d’État", "State aid", "boolean", "20"),
    _c("de_minimis", "Aide de minimis", "De minimis aid", "boolean", "21"),
    _c("ppp", "Partenariat public-privé", "Public-private partnership", "boolean", "22"),
    _c("currency", "Monnaie", "Currency", field="27"),
    _c("cci", "CCI du programme", "Programme CCI", field="28"),
    _c("priority", "Priorité", "Priority", field="29"),
    _c("objective", "Objectif spécifique", "Specific objective", field="29"),
    _c("fund", "Fonds", "Fund", field="30", words=FUNDS),
    _c("category_of_region", "Catégorie de région", "Category of region", field="35", words=REGIONS_KINDS),
    _c("intervention_field", "Domaine d’intervention", "Intervention field", field="46"),
    _c("form_of_support", "Forme de soutien", "Form of support", field="46"),
    _c("territorial_delivery", "Mise en œuvre territoriale", "Territorial delivery", field="46"),
    _c("economic_activity", "Activité économique", "Economic activity", field="46"),
    _c("location", "Localisation (NUTS)", "Location (NUTS)", field="46"),
    _c("gender", "Égalité des genres", "Gender equality", field="46"),
    _c("eligible_cost", "Coût total éligible", "Total eligible cost", "money", "56"),
    _c("public_cost", "Coût éligible donnant lieu à contribution publique", "Eligible cost given public contribution",
       "money", "57"),
    _c("erdf_support", "Soutien du Fonds", "Support from the Fund", "money", "58"),
    _c("granted", "Aides accordées aux entreprises", "Aid granted to firms", "money", "25"),
    _c("paid", "Aides payées (la dépense éligible, en mode groupé)", "Aid paid (the eligible expenditure, in grouped "
       "mode)", "money", "72"),
    _c("paid_erdf", "dont FEDER", "of which ERDF", "money", "80"),
    _c("recovered", "Recouvré sur aides payées", "Recovered on aid paid", "money"),
    _c("last_paid_on", "Dernier paiement", "Last payment", "date", "71"),
), ("code",))  # fmt: skip

VOUCHERS = Sheet("vouchers", "Aides accordées (25)", "Aid granted (25)", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("reference", "Dossier", "File", field="25"),
    _c("firm", "Entreprise", "Firm", field="25", personal=True),
    _c("vat_number", "Numéro de TVA", "VAT number", field="25"),
    _c("siret", "SIRET", "SIRET", field="25"),
    _c("size", "Taille", "Size", field="RCO01", words=SIZES),
    _c("naf", "Code NAF", "NAF code"),
    _c("commune", "Commune (INSEE)", "Municipality (INSEE)"),
    _c("grant_number", "Décision", "Decision", field="25"),
    _c("decided_on", "Date de la décision", "Decision date", "date", "25"),
    _c("notified_on", "Notification", "Notified", "date"),
    _c("state", "État", "State", words=words(ApplicationState)),
    _c("cost_quoted", "Devis HT", "Quote excl. VAT", "money"),
    _c("cost_eligible", "Assiette éligible HT", "Eligible base excl. VAT", "money"),
    _c("granted", "Aide accordée", "Aid granted", "money", "25"),
    _c("granted_erdf", "dont FEDER", "of which ERDF", "money"),
    _c("committed", "Engagé", "Committed", "money"),
    _c("verified", "Service fait certifié", "Verified", "money"),
    _c("ordered", "Mandaté", "Ordered", "money"),
    _c("paid", "Payé", "Paid", "money", "72"),
    _c("recovered", "Recouvré", "Recovered", "money"),
    _c("members", "Entreprises aidées", "Firms aided", "integer"),
    _c("gross_grant_equivalent", "Équivalent-subvention brut", "Gross grant equivalent", "money", "21"),
    _c("scheme_version", "Version du règlement", "Scheme version", "integer"),
), ("reference",))  # fmt: skip

EXPENDITURE = Sheet("expenditure", "Dépenses", "Expenditure", (
    _c("reference", "Dossier", "File", field="25"),
    _c("number", "Demande n°", "Claim no", "integer"),
    _c("kind", "Objet", "Purpose", words=words(ClaimKind)),
    _c("state", "État", "State", words=words(ClaimState)),
    _c("received_on", "Réception de la demande", "Claim received", "date", "70"),
    _c("declared", "Déclaré HT", "Declared excl. VAT", "money", "79"),
    _c("accepted", "Retenu HT", "Accepted excl. VAT", "money", "79"),
    _c("rejected", "Écarté HT", "Rejected excl. VAT", "money"),
    _c("aid_due", "Aide due", "Aid due", "money", "80"),
    _c("verified_on", "Service fait certifié le", "Verified on", "date", "76"),
    _c("paid", "Aide payée (la dépense éligible, en mode groupé)", "Aid paid (the eligible expenditure, in grouped "
       "mode)", "money", "72"),
    _c("paid_on", "Payé le", "Paid on", "date", "72"),
), ("reference", "number"))  # fmt: skip

PAYMENTS = Sheet("payments", "Paiements", "Payments", (
    _c("reference", "Dossier", "File", field="25"),
    _c("order_number", "Mandat", "Payment order"),
    _c("order_state", "État", "State", words=words(OrderState)),
    _c("payment_due_on", "À payer avant le", "To be paid by", "date"),
    _c("ordered_on", "Préparé le", "Prepared on", "date"),
    _c("sent_on", "Transmis le", "Sent on", "date"),
    _c("paid_on", "Payé le", "Paid on", "date", "72"),
    _c("paid", "Payé", "Paid", "money", "72"),
    _c("paid_erdf", "dont FEDER", "of which ERDF", "money", "80"),
    _c("paid_national", "dont part nationale", "of which national", "money"),
    _c("accountant_reference", "Référence du comptable", "Accountant’s reference"),
), ("order_number",))  # fmt: skip

INDICATORS = Sheet("indicators", "Indicateurs", "Indicators", (
    _c("operation", "Opération", "Operation", field="9"),
    _c("code", "Indicateur", "Indicator", field="49-52"),
    _c("label_fr", "Libellé", "Name (French)", field="49-52"),
    _c("label_en", "Libellé (anglais)", "Name", field="49-52"),
    _c("unit", "Unité", "Unit", field="50-54", words=UNITS),
    _c("baseline", "Valeur de référence", "Baseline", "decimal", "55"),
    _c("target", "Cible", "Target", "decimal", "50-55"),
    _c("selected", "Opérations sélectionnées", "Selected", "decimal"),
    _c("achieved", "Réalisé", "Achieved", "decimal", "50-55"),
    _c("ratio", "Taux", "Ratio", "percent", "50-55"),
), ("operation", "code"))  # fmt: skip

INSTRUMENTS = Sheet("instruments", "Prêts et garanties", "Loans and guarantees", (
    _c("reference", "Dossier", "File"),
    _c("instrument", "Instrument", "Instrument", words=words(Instrument)),
    _c("committed", "Engagé", "Committed", "money"),
    _c("verified", "Versement certifié", "Release certified", "money"),
    _c("paid", "Versé", "Paid out", "money"),
    _c("repaid", "Remboursé", "Repaid", "money"),
    _c("outstanding", "Restant dû", "Outstanding", "money"),
), ("reference", "instrument"))  # fmt: skip

SHEETS = (OPERATIONS, VOUCHERS, EXPENDITURE, PAYMENTS, INSTRUMENTS, INDICATORS)


def sources(operation: Operation, watermark: Any) -> dict[str, Source]:
    """Sheet → its records, all read at the same watermark, a few hundred at a time."""
    vouchers = facts.granted_as_of(operation, watermark)
    claims = facts.claims_as_of(operation, watermark)
    return {
        OPERATIONS.key: Source(
            [operation], lambda found: _operation(found, watermark, vouchers, claims), lambda found: found.code
        ),
        VOUCHERS.key: _vouchers(operation, vouchers),
        EXPENDITURE.key: Source(Streamed(claims), _expenditure, _claim_named),
        PAYMENTS.key: _payments(operation, watermark, claims),
        INSTRUMENTS.key: made(instruments.rows(operation, watermark), "reference", "instrument"),
        INDICATORS.key: made(_indicators(operation, vouchers), "code"),
    }


def _copied(held: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The columns that a record holds itself: to ask it for a relation would be a query for each row."""
    return {column.key: held[column.key] for column in sheet.columns if column.key in held}


def _operation(
    operation: Operation, watermark: Any, vouchers: QuerySet[CaseVersion], claims: QuerySet[ClaimVersion]
) -> dict[str, Any]:
    operation, priority = operation.at(watermark), operation.specific_objective.priority
    erdf = facts.funder_totals(operation, watermark, Bucket.PAID).get(Funder.ERDF, ZERO)
    regime = _regime(operation, watermark)
    return _copied(vars(operation), OPERATIONS) | _added_up(vouchers) | _beneficiary(operation) | {
        "article_94_95": False,
        "state_aid": regime not in (DE_MINIMIS, "none"), "de_minimis": regime == DE_MINIMIS, "ppp": False,
        "currency": "EUR", "fund": "ERDF",
        "completed_on": _completed(operation, vouchers), "cci": priority.programme.cci, "priority": priority.code,
        "objective": operation.specific_objective.code,
        "category_of_region": priority.programme.category_of_region, "public_cost": operation.eligible_cost,
        "paid_erdf": erdf, "last_paid_on": claims.order_by().aggregate(last=Max("paid_on"))["last"],
    }  # fmt: skip


def _beneficiary(operation: Operation) -> dict[str, str]:
    """The region, or the firm; a natural person is told by number here, and named where names may leave."""
    if operation.is_grouped:
        return {"beneficiary": operation.beneficiary_name, "beneficiary_kind": "public", "granting_body": "granting"}
    person = Company.objects.filter(siren=operation.beneficiary_id[:9], legal_category__in=PERSONS).exists()
    name = operation.beneficiary_id if person else operation.beneficiary_name
    return {"beneficiary": name, "beneficiary_kind": "person" if person else "private", "granting_body": "receiving"}


def _completed(operation: Operation, vouchers: QuerySet[CaseVersion]) -> date | None:
    """In single mode the operation is over when its project is."""
    if operation.is_grouped:
        return None
    return vouchers.order_by().aggregate(last=Max("completed_on"))["last"]


def _added_up(vouchers: QuerySet[CaseVersion]) -> dict[str, Decimal]:
    """What the vouchers come to together, in euro."""
    totals = vouchers.order_by().aggregate(*(Sum(name) for name in ADDED))
    return {name: totals[f"{name}__sum"] or ZERO for name in ADDED}


def _regime(operation: Operation, watermark: Any) -> str:
    """The legal basis of the aid, by the latest rules of the scheme that were published by then."""
    published = operation.scheme.versions.filter(published_on__lte=watermark.date())
    version = published.order_by("-number").first()
    return str(version.rule("legal_basis", default=DE_MINIMIS)) if version else DE_MINIMIS


def _vouchers(operation: Operation, vouchers: QuerySet[CaseVersion]) -> Source:
    numbers = dict(operation.scheme.versions.values_list("pk", "number"))
    name = Company.objects.filter(siren=OuterRef("siren")).values("name")[:1]

    def row(version: Any) -> Row:
        return _copied(vars(version), VOUCHERS) | {
            "operation": operation.code, "firm": version.firm or "", "naf": version.naf_code,
            "vat_number": vat_number(version.siren), "scheme_version": numbers[version.scheme_version_id],
            "members": 1 + len(version.member_sirens),
        }  # fmt: skip

    return Source(Streamed(vouchers.annotate(firm=Subquery(name))), row, lambda version: version.reference)


def vat_number(siren: str) -> str:
    """The French VAT number of a SIREN: FR, the key (12 + 3 × (SIREN mod 97)) mod 97, the SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _expenditure(claim: ClaimVersion) -> dict[str, Any]:
    rejected = claim.declared - claim.accepted if claim.accepted is not None and claim.declared is not None else None
    return _copied(vars(claim), EXPENDITURE) | {"reference": claim.case_version.reference, "rejected": rejected}


def _claim_named(claim: ClaimVersion) -> str:
    return f"{claim.case_version.reference} {claim.number}"


def _payments(operation: Operation, watermark: Any, claims: QuerySet[ClaimVersion]) -> Source:
    """Each claim's live order, then the orders paid beside it: those to the other payee of a split aid."""
    rows = facts.paid_orders(operation, watermark)
    erdf = facts.paid_of_order(rows.filter(line__funder=Funder.ERDF))
    ordered = claims.exclude(order_number="").annotate(
        erdf=erdf, whole=facts.paid_of_order(rows), beside=facts.paid_beside(rows)
    )
    others = PaymentOrder.objects.filter(pk__in=rows.values("order")).exclude(
        number__in=claims.order_by().values("order_number")
    )
    booked = (
        others.select_related("application", "claim")
        .order_by("number")
        .annotate(whole=facts.paid_by(rows), erdf=facts.paid_by(rows.filter(line__funder=Funder.ERDF)))
    )
    return Source(Joined((Streamed(ordered), Streamed(booked))), _payment, _order_number)


def _payment(found: Any) -> Row:
    own = _live(found) if isinstance(found, ClaimVersion) else _beside(found)
    return own | {"paid_erdf": found.erdf, "paid_national": found.whole - found.erdf}


def _live(claim: Any) -> dict[str, Any]:
    paid = claim.paid - claim.beside
    return _copied(vars(claim), PAYMENTS) | {"reference": claim.case_version.reference, "paid": paid}


def _beside(order: Any) -> dict[str, Any]:
    """An order paid by the watermark: nothing that it says of itself changes any more."""
    return _copied(vars(order), PAYMENTS) | {
        "reference": order.application.reference, "order_number": order.number, "order_state": OrderState.PAID,
        "payment_due_on": order.claim.payment_due_on, "ordered_on": order.prepared_on, "paid": order.whole,
    }  # fmt: skip


def _order_number(found: Any) -> str:
    return str(found.order_number if isinstance(found, ClaimVersion) else found.number)


def _indicators(operation: Operation, vouchers: QuerySet[CaseVersion]) -> Iterator[dict[str, Any]]:
    """Each target of the operation beside what was selected and achieved."""
    live = Streamed(vouchers.filter(granted__gt=ZERO, committed__gt=ZERO).select_related("follow_up"))
    selected = indicators.count_objective(s for v in live for s in _supports(v))
    achieved = indicators.count_objective(s for v in live if v.paid for s in _supports(v))
    for target in operation.targets.order_by("code"):
        known = CATALOGUE[target.code]
        done = _known(achieved, target.code)
        yield {
            "operation": operation.code, "code": target.code, "label_fr": known.fr, "label_en": known.en,
            "unit": known.unit_fr, "baseline": target.baseline, "target": target.target,
            "selected": None if target.code in indicators.FOLLOWED else _known(selected, target.code),
            "achieved": done, "ratio": done / target.target if done is not None and target.target else None,
        }  # fmt: skip


def _known(counts: indicators.Counts, code: str) -> Decimal | None:
    """A value; none where no file and no answer tells it, for that is no zero."""
    return Decimal(counts[code]) if code in counts else None


def _supports(version: CaseVersion) -> Iterator[indicators.Support]:
    """A file as the indicators count it: the lead with the project's figures, each other firm of a group by itself."""
    yield _support(version)
    for siren in version.member_sirens:
        yield indicators.Support(enterprise=siren, form="grant", operation=version.reference, size=version.size)


def _support(version: CaseVersion) -> indicators.Support:
    """A voucher as the indicators count it: the firm once, its project, its digital intensity."""
    return indicators.Support(
        enterprise=version.siren, form="grant", operation=version.reference, size=version.size,
        supported_on=version.decided_on, project_total=version.cost_quoted,
        public_support=version.granted or ZERO, digital_value=version.cost_eligible or ZERO,
        digital_before=version.digital_intensity_before, digital_after=version.digital_intensity_after,
        **follow_up.indicators(version),
    )  # fmt: skip


def operation_of(run: ReportRun) -> Operation:
    if run.operation is None:
        raise ValueError(f"the report {run} has no operation")
    return run.operation


REPORT = Report(
    key="erdf", name_fr="Rapport FEDER", name_en="ERDF report", sheets=SHEETS,
    read=lambda run: sources(operation_of(run), run.as_of),
    ties=lambda run, totals: checks.ties(operation_of(run), run.as_of, totals),
    roles=(RoleKind.DECIDER, RoleKind.CERTIFIER, RoleKind.LIQUIDATOR, RoleKind.AUTHORISING),
)  # fmt: skip
