"""One operation per firm (CPR art. 2(9)(c)): the aid of a file is an ERDF operation of its own.

It is made when the firm is told the conditions of its support, which is the document of art. 73(3): its dates and
amounts are those of that document. In grouped mode the operation is the region's, and stands before the files.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from applications.booking import shares_of
from applications.models import Application, IndicatorTarget, Operation, OperationAmendment
from applications.rules import indicators
from applications.rules.economic_activity import economic_activity
from regions.calendars import local_date
from regions.enums import Funder
from regions.models import SpecificObjective
from regions.money import ZERO
from regions.schemes.tree import hows
from regions.territory import nuts3_of
from workflows import cost_form
from workflows.acts import Act

SINGLE = Operation.Mode.SINGLE
ONE_FIRM = ("RCR13",)


def is_single(file: Application) -> bool:
    """The ERDF pays a share, and the rules make the firm the beneficiary."""
    rules = file.scheme_version.rules
    return cost_form.is_erdf(rules) and rules.get("beneficiary", {}).get("mode") == SINGLE


def objective_of(file: Application, day: date) -> SpecificObjective | None:
    """The objective that the rules name, in the region's programme whose expenditure is open on a day."""
    found = SpecificObjective.objects.filter(
        code=file.scheme_version.rule("erdf", "specific_objective", default=""),
        priority__programme__region=file.region, priority__programme__starts_on__lte=day,
        priority__programme__expenditure_end__gte=day,
    )  # fmt: skip
    return found.order_by("priority__programme__expenditure_end", "pk").last()


def open_for(file: Any, act: Act) -> None:
    """Make the operation of a file that is notified, with what it promises. Euro excl. VAT."""
    objective = objective_of(file, act.day)
    if objective is None:
        raise LookupError(f"{file} has no specific objective")  # the grant was refused without one
    file.operation = Operation.objects.create(
        specific_objective=objective, beneficiary_mode=SINGLE, recorded_at=act.at, **_identity(file),
        **_dates(file, act.day), **_costs(file), **_codes(file),
    )  # fmt: skip
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(operation=file.operation, code=code, baseline=ZERO, target=value)
        for code, value in _promised(file).items()
    )


def amend(file: Any, act: Act) -> None:
    """The conditions of support changed: what holds of the operation from now on, kept beside what held before."""
    OperationAmendment.objects.create(
        operation=file.operation, ends_on=file.complete_by, decided_on=act.day, decided_by=f"Région {file.region.name}",
        reason=act.reason[:400], confirmed_by=act.actor, recorded_at=act.at, **_costs(file),
    )  # fmt: skip


def _identity(file: Any) -> dict[str, Any]:
    """The firm as its file knows it; it is reached through the file, so no person's address is copied here."""
    company, scheme = file.company, file.scheme_version.scheme
    return {
        "code": file.reference, "name": f"{scheme.name_fr} – {file.reference}",
        "description": file.title or scheme.name_fr, "region": file.region, "scheme": scheme,
        "beneficiary_name": company.name, "beneficiary_id": company.siret,
        "contact": f"SIRET {company.siret}, commune {file.commune or company.commune}",
        "decided_by": f"Région {file.region.name}",
    }  # fmt: skip


def _dates(file: Any, day: date) -> dict[str, date]:
    """From the day of the application, before which nothing is aided, to the last day of the project."""
    filed = local_date(file.submitted_at, file.region.time_zone)
    return {"submitted_on": filed, "starts_on": filed, "ends_on": file.complete_by, "decided_on": day}


def _costs(file: Any) -> dict[str, Decimal]:
    """The quote, or the lump sum where it is greater; the eligible part; the ERDF's share of the grant as it stands."""
    base, quoted = eligible(file), _quoted(file)
    support = shares_of(file.envelope, ZERO, file.amount_granted or ZERO).get(Funder.ERDF, ZERO)
    return {"total_cost": max(quoted, base), "eligible_cost": base, "erdf_support": support}


def eligible(file: Any) -> Decimal:
    """The eligible cost of the operation: the lump sum itself where the aid is one (art. 63(5)), else the base."""
    if is_lump_sum(file.scheme_version.rules):
        return file.amount_granted or ZERO
    return _base(file)


def _quoted(file: Any) -> Decimal:
    return sum((line.amount for line in file.lines.all()), ZERO)


def _base(file: Any) -> Decimal:
    """What the rules keep of the quote, line by line."""
    return sum((line.eligible or ZERO for line in file.lines.all()), ZERO)


def is_lump_sum(rules: Any) -> bool:
    """The aid does not follow the cost: it is a lump sum (art. 53(1)(c)), and what it pays is the eligible cost."""
    return cost_form.form_of(rules) == cost_form.SIMPLIFIED and any(
        how["function"] == "flat" for _path, how in hows(rules)
    )


def _codes(file: Any) -> dict[str, str]:
    coding = file.scheme_version.rule("erdf", default={})
    named = {name: coding[name] for name in ("intervention_field", "form_of_support", "territorial_delivery", "gender")}
    place = nuts3_of(file.commune or file.company.commune) or file.region.nuts2[:5]
    return named | {"location": place, "economic_activity": economic_activity(file.naf_code or file.company.naf_code)}


def _promised(file: Any) -> dict[str, Decimal]:
    """What the operation promises of each indicator of the rules: this firm, its project, its own money."""
    counts = indicators.count_objective([_support(file)])
    told = {code: Decimal(counts.get(code, 0)) for code in file.scheme_version.rule("erdf", "indicators", default=[])}
    return told | {code: Decimal(1) for code in ONE_FIRM if code in told}


def _support(file: Any) -> indicators.Support:
    """The file as the reports count it: its quote, and what the rules keep of it."""
    return indicators.Support(
        enterprise=file.company.siren, form="grant", operation=file.reference, supported_on=file.decided_on,
        created_on=file.company.created_on, project_total=_quoted(file), public_support=file.amount_granted or ZERO,
        digital_value=_base(file),
    )  # fmt: skip
