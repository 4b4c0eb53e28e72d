"""The ownership graph as an input: the holders described, the holdings between them, the adjacent markets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from applications.rules.base import InputError
from applications.rules.compute.build import choice, euro, flag, may, need, number, percent, record, rows, text, whole
from applications.rules.compute.records import Member
from applications.rules.ownership import CONTROLS, KINDS, Figures, Holder, Holding, Ownership, graph

HEADCOUNT = number("Effectif, en unités de travail annuel (UTA) | Headcount, in annual work units (AWU)")
TURNOVER = euro("Chiffre d’affaires hors taxes du dernier exercice clos | Turnover excl. VAT of the last closed period")
BALANCE = euro("Total du bilan | Balance sheet total")
NAME = text("Nom ou SIREN, repris dans les participations | Name or SIREN, as used in the holdings")
FIGURES = (may("headcount", HEADCOUNT), may("turnover", TURNOVER), may("balance_sheet", BALANCE))
MARKETS = rows("Marchés où elle est active | Markets it is active in", text("Un marché | A market"))
INSIDE = rows(
    "Entreprises déjà comprises dans ses chiffres (comptes consolidés) | "
    "Enterprises already within its figures (consolidated accounts)",
    NAME,
)
OWN: tuple[Member, ...] = (may("markets", MARKETS, []), may("consolidates", INSIDE, []))
HOLDER = record(
    "Une entreprise, une personne ou un organisme en relation avec elle | A firm, a person or a body related to it",
    need("name", NAME),
    may("kind", choice("Nature | Kind", KINDS), "enterprise"),
    *FIGURES,
    *OWN,
    may("acts_with", text("Groupe de personnes agissant de concert | Group of persons acting jointly")),
    may("public", flag("Cet investisseur est un organisme public | This investor is a public body"), False),
    may("budget", euro("Budget annuel d’une collectivité | Yearly budget of a local authority")),
    may("inhabitants", whole("Habitants d’une collectivité | Inhabitants of a local authority")),
)
HOLDING = record(
    "Une participation | A stake",
    need("owner", NAME),
    need("owned", NAME),
    may("capital", percent("Part du capital | Share of the capital"), 0),
    may("votes", percent("Part des droits de vote (par défaut, celle du capital) | Votes (by default as the capital)")),
    may(
        "control",
        choice(
            "Autre contrôle : board (nommer la majorité des dirigeants), contract (influence dominante), agreement "
            "(majorité par accord) | Other control: board (appoint its majority), contract (dominant influence), "
            "agreement (majority by agreement)",
            CONTROLS[1:],
        ),
    ),
    may("manages", flag("L’investisseur participe à la gestion | The investor takes part in the management"), False),
    may("invested", euro("Montant investi par un investisseur providentiel | Amount a business angel invested")),
)
# A graph is walked again and again: a few hundred holders are more than any group of an aided firm has.
MOST_HOLDERS = 200
HOLDINGS = rows("Qui détient quoi | Who holds what", HOLDING, most=MOST_HOLDERS)
OTHERS = rows(
    "Les autres : associées, liées, personnes, organismes | The others: partners, linked, persons, bodies",
    HOLDER,
    most=MOST_HOLDERS,
)
ADJACENT = rows(
    "Paires de marchés contigus | Pairs of adjacent markets",
    rows("Deux marchés | Two markets", text("Un marché | A market"), least=2),
)


def holder(given: Mapping[str, Any]) -> Holder:
    """A holder of the graph from its description."""
    return Holder(
        given["name"],
        given.get("kind", "enterprise"),
        figures(given),
        frozenset(given["markets"]),
        frozenset(given["consolidates"]),
        given.get("acts_with") or "",
        given.get("public", False),
        given.get("budget"),
        given.get("inhabitants"),
    )


def figures(given: Mapping[str, Any]) -> Figures | None:
    """The figures, None while the headcount, or both amounts, are not known."""
    amounts = given.get("turnover"), given.get("balance_sheet")
    if given["headcount"] is None or amounts == (None, None):
        return None
    return Figures(given["headcount"], *amounts)


def holding(given: Mapping[str, Any]) -> Holding:
    """A stake of the graph."""
    names = ("owner", "owned", "capital", "votes", "manages", "invested")
    return Holding(**{name: given[name] for name in names}, control=given["control"] or "")


def build_graph(
    holders: Iterable[Holder],
    stakes: Sequence[Mapping[str, Any]],
    adjacent: Iterable[Iterable[str]] = (),
    *,
    numbered_from: int = 1,
) -> Ownership:
    """The graph, once every stake names two holders that are described.

    `numbered_from`: how many holders come before those of the input's list, the enterprise itself for one.
    """
    known = list(holders)
    _named_once(known, numbered_from)
    names = {one.id for one in known}
    for rank, stake in enumerate(stakes):
        for end in ("owner", "owned"):
            if stake[end] not in names:
                raise _stranger(f"$.holdings[{rank}].{end}", stake[end])
    return graph(known, [holding(stake) for stake in stakes], adjacent)


def _named_once(holders: Sequence[Holder], before: int) -> None:
    names = [one.id for one in holders]
    for rank, name in enumerate(names):
        if name in names[:rank]:
            fr = f"le nom {name} est donné deux fois ; chaque nom désigne une seule entreprise."
            path = f"$.others[{rank - before}].name"
            raise InputError(path, f"the name {name} is given twice; each name stands for one enterprise.", fr)


def _stranger(path: str, name: str) -> InputError:
    fr = f"{name} n’est pas décrit ; l’ajouter aux entreprises, ou retirer cette participation."
    return InputError(path, f"{name} is not described; add it to the enterprises, or drop this stake.", fr)
