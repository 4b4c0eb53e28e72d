"""De minimis aid: the ceiling, cumulation, the scope, export expenses, the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from applications.rules import de_minimis, de_minimis_scope
from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import (
    choice,
    day,
    euro,
    flag,
    may,
    need,
    percent,
    record,
    rows,
    table,
    text,
    whole,
)
from applications.rules.compute.holders import HOLDINGS, OTHERS, build_graph, holder
from applications.rules.compute.wrapping import Given, rule
from applications.rules.de_minimis import Award
from applications.rules.de_minimis_regimes import CURRENT, REGIMES
from applications.rules.de_minimis_register import declaration_needed, is_registered, keep_until
from applications.rules.de_minimis_scope import CURRENT_USES, FINDINGS, KINDS, SECTORS, Features, Scope
from applications.rules.ownership import Holder, linked_groups
from applications.rules.restructuring import Merger, Split, after
from regions.calendars import SUBDIVISIONS
from regions.money import ZERO, floor_cent

FIRM = text("Nom ou SIREN d’une entreprise | Name or SIREN of an enterprise")
STATE = text("État membre, en deux lettres | Member State, in two letters")
REGULATION = text("Règlement, par exemple 2023/2831 | Regulation, for example 2023/2831")
AWARD = record(
    "Une aide de minimis antérieure | An earlier de minimis aid",
    need("amount", euro("Équivalent-subvention brut | Gross grant equivalent")),
    may(
        "granted_on",
        day("Date d’octroi ; sans elle, l’aide compte (prudence) | Day of the grant; without it the aid counts"),
    ),
    may("enterprise", FIRM, "A"),
    may("member_state", STATE, "FR"),
    may("regulation", REGULATION, CURRENT),
    may("activity", text("Activité aidée, pour les scissions | Activity aided, for splits"), "unknown"),
)
MERGER = record(
    "Une fusion ou une acquisition | A merger or an acquisition",
    need("on", day("Date d’effet | Effective day")),
    need("absorbed", rows("Entreprises absorbées | Enterprises absorbed", FIRM, least=1)),
    need("into", FIRM),
)
SPLIT = record(
    "Une scission | A split",
    need("on", day("Date d’effet | Effective day")),
    need("divided", FIRM),
    need(
        "equity",
        table(
            "Par repreneur : valeur comptable des capitaux propres | By successor: book value of equity",
            euro("Valeur | Value"),
        ),
    ),
    may("activities", table("Par activité : le repreneur | By activity: the successor", FIRM), {}),
)
MOST_EVENTS = 50
CEILING = record(
    "Une nouvelle aide et celles qui la précèdent | A new aid and those before it",
    need("new_amount", euro("Nouvelle aide, en équivalent-subvention brut | New aid, as gross grant equivalent")),
    need("granted_on", day("Date d’octroi de la nouvelle aide | Day the new aid is granted")),
    may("awards", rows("Aides de minimis antérieures | Earlier de minimis aid", AWARD), []),
    may("enterprise", FIRM, "A"),
    may(
        "links",
        rows(
            "Paires d’entreprises liées par le contrôle (entreprise unique) | "
            "Pairs of enterprises linked by control (single undertaking)",
            rows("Deux entreprises | Two enterprises", FIRM, least=2),
        ),
        [],
    ),
    may("holdings", HOLDINGS, []),
    may("others", OTHERS, []),
    may("mergers", rows("Fusions et acquisitions | Mergers and acquisitions", MERGER, most=MOST_EVENTS), []),
    may("splits", rows("Scissions | Splits", SPLIT, most=MOST_EVENTS), []),
    may("member_state", STATE, "FR"),
    may(
        "regulation",
        choice(
            "Règlement (par défaut, celui en vigueur) | Regulation (by default the one in force)",
            [r.code for r in REGIMES],
        ),
    ),
    may("road_freight", flag("Transport de marchandises par route | Road freight transport"), False),
    may(
        "boundary_counts",
        flag("L’aide octroyée trois ans avant jour pour jour compte | Aid granted exactly three years before counts"),
        True,
    ),
    may(
        "fiscal_year_starts",
        whole(
            "Premier mois de l’exercice fiscal, pour 1407/2013 | First month of the fiscal year, for 1407/2013", 1, 12
        ),
        1,
    ),
    may(
        "retroactive",
        flag("Appliquer 2023/2831 à une aide antérieure à 2024 | Apply 2023/2831 to aid before 2024"),
        False,
    ),
)


def ceiling(given: Given) -> Verdict:
    """Whether the new aid keeps the single undertaking within the ceiling; `amount` is what may be granted."""
    on = given["granted_on"]
    members = _undertaking(given)
    events: list[Merger | Split] = [*_mergers(given["mergers"]), *_splits(given["splits"])]
    verdict = de_minimis.assess(
        undertaking=members,
        awards=after(events, [_award(row, on) for row in given["awards"]], on),
        new_amount=given["new_amount"],
        granted_on=on,
        regulation=given["regulation"] or "",
        **{name: given[name] for name in OPTIONS},
    )
    details = dict(verdict.details) | {"undertaking": sorted(members), "decision": "grant" if verdict.ok else "refuse"}
    return Verdict(verdict.ok, verdict.reasons, verdict.amount, details)


OPTIONS = ("member_state", "road_freight", "boundary_counts", "fiscal_year_starts", "retroactive")


def _undertaking(given: Given) -> frozenset[str]:
    """The enterprises linked by control: pairs that were given, and those found in the holdings."""
    stakes, described = given["holdings"], [holder(one) for one in given["others"]]
    names = {given["enterprise"], *(stake[end] for stake in stakes for end in ("owner", "owned"))}
    plain = sorted(names - {one.id for one in described})
    owners = build_graph([*map(Holder, plain), *described], stakes, numbered_from=len(plain))
    groups = linked_groups(owners, through_persons=False, public=False)
    found = [(name, one) for name, group in sorted(groups.items()) for one in sorted(group)]
    return de_minimis.single_undertaking(given["enterprise"], [*_pairs(given["links"]), *found])


def _pairs(links: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Each enterprise of a group with the first."""
    for group in links:
        yield from ((group[0], other) for other in group[1:])


def _award(row: Mapping[str, Any], day_of_grant: date) -> Award:
    return Award(
        row["enterprise"], row["granted_on"] or day_of_grant, row["amount"], row["regulation"], row["member_state"],
        row["activity"],
    )  # fmt: skip


def _mergers(rows_given: Sequence[Mapping[str, Any]]) -> list[Merger]:
    return [Merger(row["on"], frozenset(row["absorbed"]), row["into"]) for row in rows_given]


def _splits(rows_given: Sequence[Mapping[str, Any]]) -> list[Split]:
    for rank, row in enumerate(rows_given):
        if sum(row["equity"].values(), ZERO) <= 0:
            fr = "donner la valeur des capitaux propres de chaque repreneur, d’un total supérieur à zéro."
            raise InputError(f"$.splits[{rank}].equity", "give the equity of each successor, above zero in all.", fr)
        if not set(row["activities"].values()) <= set(row["equity"]):
            fr = "chaque activité va à un repreneur nommé dans « equity »."
            path = f"$.splits[{rank}].activities"
            raise InputError(path, "each activity goes to a successor named in “equity”.", fr)
    return [Split(row["on"], row["divided"], row["equity"], row["activities"]) for row in rows_given]


CUMULATION = record(
    "Une aide de minimis et les autres aides aux mêmes coûts | De minimis aid and other aid for the same costs",
    need("new_amount", euro("Aide de minimis envisagée | De minimis aid planned")),
    may("same_costs_aid", euro("Aides d’État aux mêmes coûts | State aid for the same costs"), 0),
    may("highest", euro("Aide la plus élevée permise sur ces coûts | Highest aid allowed on these costs")),
    may("eligible_costs", euro("Ou : coûts admissibles | Or: eligible costs")),
    may("intensity", percent("Et : intensité la plus élevée permise | And: highest intensity allowed")),
    may(
        "attributable", flag("L’aide se rattache à des coûts précis | The aid is attributable to specific costs"), True
    ),
)


def cumulation(given: Given) -> Verdict:
    """Whether the sum stays within the highest amount or intensity of an exemption or a decision."""
    highest = given["highest"]
    if highest is None and given["eligible_costs"] is not None and given["intensity"] is not None:
        highest = floor_cent(given["eligible_costs"] * given["intensity"] / 100)
    return de_minimis.cumulation(
        given["new_amount"],
        same_costs_aid=given["same_costs_aid"],
        highest=highest,
        attributable=given["attributable"],
    )


SECTOR = choice("Secteur | Sector", SECTORS)
SCOPE = record(
    "Ce que l’aide finance | What the aid is for",
    may("sector", SECTOR),
    may("naf", text("Ou : code NAF de l’activité aidée | Or: activity code (NAF) of the activity aided")),
    may("other_sectors", rows("Autres secteurs de l’entreprise | Other sectors of the undertaking", SECTOR), []),
    may("separated", flag("Activités ou comptes séparés | Activities or accounts are separate"), False),
    may(
        "fixed_on_price_or_quantity",
        flag("Montant fixé sur le prix ou la quantité | Amount fixed on price or quantity"),
        False,
    ),
    may("passed_on_to_producers", flag("Aide rétrocédée aux producteurs | Aid passed on to primary producers"), False),
    may(
        "prefers_domestic_goods",
        flag("Aide subordonnée à des produits nationaux | Aid contingent on domestic goods"),
        False,
    ),
    any_of=("sector", "naf"),
)
SCOPE_FACTS = ("separated", "fixed_on_price_or_quantity", "passed_on_to_producers", "prefers_domestic_goods")


def scope(given: Given) -> Verdict:
    """Whether the de minimis regulation applies to this activity."""
    sector = given["sector"] or de_minimis_scope.sector_of(given["naf"])
    asked = Scope(sector, frozenset(given["other_sectors"]), **{name: given[name] for name in SCOPE_FACTS})
    verdict = de_minimis_scope.check_scope(asked)
    return Verdict(verdict.ok, verdict.reasons, details={"sector": sector})


EXPENSE = record(
    "Une dépense d’une aide à l’e-export | An expense of e-export aid",
    may("kind", choice("Nature de la dépense | Kind of expense", tuple(KINDS))),
    may("quantity_linked", flag("Liée aux quantités exportées | Linked to the quantities exported")),
    may("distribution_network", flag("Réseau de distribution à l’étranger | Distribution network abroad")),
    may(
        "current",
        choice(
            "Dépense récurrente : export (exportation seule), mixed (ventes nationales aussi), likely_export "
            "(promotion dans le pays) | Recurring: export (export alone), mixed (home sales too), likely_export "
            "(promotion in the country)",
            CURRENT_USES[1:],
        ),
    ),
    may("settled", choice("Réponse de l’autorité de gestion | Answer of the managing authority", FINDINGS)),
    may("label", text("Libellé, sans effet | Label, without effect")),
    any_of=("kind", "quantity_linked", "distribution_network", "current"),
)


def expense(given: Given) -> Verdict:
    """« allowed », « excluded » or « flag » (the managing authority has to say); a flag does not refuse."""
    features = Features(bool(given["quantity_linked"]), bool(given["distribution_network"]), given["current"] or "")
    kind = given["kind"] or ""
    settled = {kind: given["settled"]} if given["settled"] else None
    if kind:
        features = _stricter(KINDS[kind], features)
    return de_minimis_scope.classify_export(kind, features, settled=settled)


def _stricter(usual: Features, told: Features) -> Features:
    """What the kind says, and what was told beside it."""
    return Features(
        usual.quantity_linked or told.quantity_linked,
        usual.distribution_network or told.distribution_network,
        told.current or usual.current,
    )


GRANT = record(
    "Un octroi | A grant",
    need("granted_on", day("Date d’octroi | Day of the grant")),
    may("regulation", REGULATION, CURRENT),
    may(
        "region",
        choice("Région INSEE, pour ses jours fériés | INSEE region, for its public holidays", tuple(SUBDIVISIONS)),
    ),
)


def register(given: Given) -> Verdict:
    """The 20th working day after the grant; the day of the grant does not count."""
    on = given["granted_on"]
    return Verdict(
        True,
        details={
            "register_by": de_minimis.register_by(on, given["region"]),
            "to_register": is_registered(on, given["regulation"]),
            "keep_until": keep_until(on),
            "declaration_needed": declaration_needed(on),
        },
    )


RULES = (
    rule(
        "de-minimis",
        "Plafond de minimis sur trois ans glissants, par entreprise unique (règlement 2023/2831) | "
        "De minimis ceiling over three rolling years, per single undertaking (Regulation 2023/2831)",
        CEILING,
        {
            "new_amount": "40000.00",
            "granted_on": "2026-11-17",
            "awards": [
                {"granted_on": "2023-11-20", "amount": "100000.00"},
                {"granted_on": "2024-05-02", "amount": "120000.00"},
                {"granted_on": "2025-12-15", "amount": "60000.00"},
            ],
        },
        ceiling,
    ),
    rule(
        "cumulation",
        "Cumul du de minimis et d’aides d’État aux mêmes coûts (règlement 2023/2831, art. 5(3)) | "
        "De minimis with State aid for the same costs (Regulation 2023/2831, art. 5(3))",
        CUMULATION,
        {"new_amount": "2000.00", "same_costs_aid": "4000.00", "eligible_costs": "10000.00", "intensity": 50},
        cumulation,
    ),
    rule(
        "de-minimis-scope",
        "Champ du règlement de minimis : secteurs et conditions (règlement 2023/2831, art. 1) | "
        "Scope of the de minimis Regulation: sectors and conditions (Regulation 2023/2831, art. 1)",
        SCOPE,
        {"naf": "62.01Z", "other_sectors": ["agriculture_primary"], "separated": True},
        scope,
    ),
    rule(
        "export-expense",
        "Dépense d’e-export : permise, exclue ou à soumettre à l’autorité de gestion (art. 1(1)(e)) | "
        "E-export expense: allowed, excluded or for the managing authority (art. 1(1)(e))",
        EXPENSE,
        {"kind": "market_study"},
        expense,
    ),
    rule(
        "register-deadline",
        "Inscription au registre de minimis : 20 jours ouvrables (règlement 2023/2831, art. 6) | "
        "De minimis register: 20 working days (Regulation 2023/2831, art. 6)",
        GRANT,
        {"granted_on": "2026-11-12"},
        register,
    ),
)
