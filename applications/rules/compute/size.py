"""Size of an enterprise, annual work units, single undertaking: the inputs of `sme_size` and `work_units`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import choice, flag, may, need, number, record, rows, text
from applications.rules.compute.holders import (
    ADJACENT,
    BALANCE,
    FIGURES,
    HEADCOUNT,
    HOLDINGS,
    NAME,
    OTHERS,
    OWN,
    TURNOVER,
    build_graph,
    figures,
    holder,
)
from applications.rules.compute.records import Record
from applications.rules.compute.shapes import missing
from applications.rules.compute.wrapping import Given, rule
from applications.rules.ownership import ENTERPRISE, Holder, Ownership, single_undertaking
from applications.rules.sme_size import LARGE, SIZES, assess, size_over_years
from applications.rules.work_units import COUNTED, NOT_COUNTED, Staff, annual_work_units

SELF = "A"
# A period may be said by its outcome only: being an SME or not is the threshold of « medium ».
STATUS = {"sme": "medium", "not_sme": LARGE}

PERIOD = record(
    "Un exercice antérieur | An earlier accounting period",
    need("headcount", HEADCOUNT),
    may("turnover", TURNOVER),
    may("balance_sheet", BALANCE),
    may(
        "others",
        rows(
            "Chiffres des autres entreprises cet exercice-là (par défaut, ceux du dernier exercice) | "
            "Figures of the other enterprises in that period (by default those of the latest)",
            record("Une entreprise | An enterprise", need("name", NAME), *FIGURES),
        ),
        [],
    ),
)
SIZE = record(
    "Une entreprise et ses relations | An enterprise and its relations",
    may("name", text("Nom de l’entreprise dans les participations | Its name in the holdings"), SELF),
    *FIGURES,
    *OWN,
    may("others", OTHERS, []),
    may("holdings", HOLDINGS, []),
    may("adjacent_markets", ADJACENT, []),
    may(
        "earlier_periods",
        rows("Exercices antérieurs, le plus récent d’abord | Earlier periods, latest first", PERIOD),
        [],
    ),
    may(
        "sizes",
        rows(
            "Au lieu des chiffres : la taille de chaque exercice, le plus récent d’abord | "
            "Instead of figures: the size in each period, latest first",
            choice("Taille d’un exercice | Size in a period", (*SIZES, *STATUS)),
            least=1,
        ),
    ),
    may(
        "ownership_changed",
        flag(
            "Fusion ou acquisition depuis l’exercice précédent : les derniers chiffres comptent aussitôt | "
            "Merger or acquisition since the period before: the latest figures count at once"
        ),
        False,
    ),
    any_of=("headcount", "sizes"),
)


def size(given: Given) -> Verdict:
    """The size, from figures and relations or from the sizes of each period."""
    if given["sizes"] is not None:
        return _from_sizes(given["sizes"], given["ownership_changed"])
    _complete(given, "$")
    for rank, period in enumerate(given["earlier_periods"]):
        _complete(period, f"$.earlier_periods[{rank}]")
    now = _graph(given)
    years = [now, *(_earlier(now, given["name"], period) for period in given["earlier_periods"])]
    verdict = assess(years, given["name"], ownership_changed=given["ownership_changed"])
    return replace(verdict, details=dict(verdict.details) | {"sme": verdict.ok})


def _complete(given: Given, path: str) -> None:
    """A headcount and one amount at least: with none of the two, no threshold can be met."""
    if given["headcount"] is None:
        raise missing(f"{path}.headcount", HEADCOUNT.words)
    if given["turnover"] is None and given["balance_sheet"] is None:
        raise missing(f"{path}.turnover", TURNOVER.words)


def _from_sizes(said: Sequence[str], ownership_changed: bool) -> Verdict:
    kept = size_over_years([STATUS.get(one, one) for one in said], ownership_changed=ownership_changed)
    return Verdict(kept != LARGE, details={"size": kept, "sme": kept != LARGE, "size_by_year": list(said)})


def _graph(given: Given) -> Ownership:
    me = Holder(
        given["name"], ENTERPRISE, figures(given), frozenset(given["markets"]), frozenset(given["consolidates"])
    )
    return build_graph([me, *map(holder, given["others"])], given["holdings"], given["adjacent_markets"])


def _earlier(now: Ownership, name: str, period: Mapping[str, Any]) -> Ownership:
    """The same relations with the figures of an earlier period."""
    known = {one["name"]: figures(one) for one in period["others"]} | {name: figures(period)}
    holders = {key: replace(one, figures=known.get(key, one.figures)) for key, one in now.holders.items()}
    return replace(now, holders=holders)


STAFF = record(
    "Des personnes aux mêmes conditions | People on the same terms",
    need("count", number("Nombre de personnes | Number of people")),
    may("kind", choice("Statut | Status", (*COUNTED, *NOT_COUNTED)), "employee"),
    may("share", number("Part du temps plein, de 0 à 1 | Part of full time, from 0 to 1", 0, 1), 1),
    may("months", number("Mois de contrat dans l’année | Months of contract in the year", 0, 12), 12),
    may(
        "leave_months",
        number("Mois de congé de maternité ou parental | Months of maternity or parental leave", 0, 12),
        0,
    ),
)


def work_units(given: Given) -> Verdict:
    """The headcount in annual work units."""
    for rank, row in enumerate(given["staff"]):
        if row["leave_months"] > row["months"]:
            fr = "le congé ne peut pas dépasser les mois de contrat."
            raise InputError(f"$.staff[{rank}].leave_months", "the leave cannot exceed the months of contract.", fr)
    return Verdict(True, details={"awu": annual_work_units(Staff(**row) for row in given["staff"])})


def undertaking(given: Given) -> Verdict:
    """The enterprises that are one undertaking with this one (control only, enterprises only)."""
    me = {"name": given["name"], "markets": [], "consolidates": [], "headcount": None}
    owners = build_graph([holder(me), *map(holder, given["others"])], given["holdings"])
    members = single_undertaking(owners, given["name"])
    return Verdict(True, details={"members": sorted(members), "count": len(members)})


UNDERTAKING: Record = record(
    "Une entreprise et qui la contrôle | An enterprise and who controls it",
    may("name", text("Nom de l’entreprise dans les participations | Its name in the holdings"), SELF),
    may("others", OTHERS, []),
    may("holdings", HOLDINGS, []),
)

RULES = (
    rule(
        "sme-size",
        "Taille d’une entreprise, partenaires et liées comprises (recommandation 2003/361/CE) | "
        "Size of an enterprise, partners and linked ones included (Recommendation 2003/361/EC)",
        SIZE,
        {
            "headcount": "40", "turnover": "6000000.00", "balance_sheet": "4000000.00",
            "others": [
                {"name": "B", "headcount": 100, "turnover": 20000000, "balance_sheet": 15000000},
                {"name": "C", "headcount": 30, "turnover": 3000000, "balance_sheet": 2000000},
            ],
            "holdings": [{"owner": "B", "owned": "A", "capital": 25}, {"owner": "A", "owned": "C", "capital": 33}],
        },
        size,
    ),
    rule(
        "awu",
        "Effectif en unités de travail annuel (même recommandation, art. 5) | "
        "Headcount in annual work units (same Recommendation, art. 5)",
        record("Le personnel | The staff", need("staff", rows("Groupes de personnes | Groups of people", STAFF))),
        {"staff": [{"count": 8}, {"count": 3, "share": "0.5"}, {"count": 2, "kind": "apprentice"}]},
        work_units,
    ),
    rule(
        "single-undertaking",
        "Entreprise unique au sens du de minimis (règlement 2023/2831, art. 2(2)) | "
        "Single undertaking of de minimis aid (Regulation 2023/2831, art. 2(2))",
        UNDERTAKING,
        {
            "others": [{"name": "parent"}, {"name": "sister"}],
            "holdings": [
                {"owner": "parent", "owned": "A", "capital": 60}, {"owner": "parent", "owned": "sister", "capital": 51},
            ],
        },
        undertaking,
    ),
)  # fmt: skip
