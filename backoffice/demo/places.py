"""Where the demonstration's schemes live: region, programme, money. Programmes and rates are invented for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from regions.enums import Instrument


@dataclass(frozen=True, slots=True)
class Place:
    """A scheme's home: its region, its firms (by profile), its envelopes, how long each provider is accredited.

    `tag` tells the accounts of one region from another's in addresses; amounts in euro.
    """

    scheme: str
    region: str
    tag: str
    firms: tuple[str, ...]
    budget: Decimal
    court: str
    location: str
    category: str = "more"
    results_months: int = 0  # after which firms are asked what became of their projects; else the scheme's own
    output: str = ""  # the file for a bank in which the region pays; else the accountant's package
    lent: Mapping[str, Decimal] = field(default_factory=dict)
    accredited: Mapping[str, int] = field(default_factory=lambda: {"P01": 36, "P02": 36})


def _place(scheme: str, region: str, firms: str, budget: str, court: str, location: str, **more: object) -> Place:
    return Place(
        scheme,
        region,
        f".{region}",
        tuple(firms.split()),
        Decimal(budget),
        court,
        location,
        **more,  # type: ignore[arg-type]
    )


REUNION = Place(
    "kap-numerik", "04", "",
    ("F01", "F02", "F03", "F04", "F05", "F06", "F07", "F09", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19",
     "F20", "F21", "F22", "F23", "F24", "F25", "F26", "F27"),
    Decimal("12000.00"), "tribunal administratif de La Réunion", "FRY40", "outermost",
)  # fmt: skip
ELSEWHERE = (
    _place("commerce-connecte", "11", "F31 F32", "3000.00", "tribunal administratif de Paris", "FR101"),
    _place("conseil-digital", "84", "F41 F42 F43", "30000.00", "tribunal administratif de Lyon", "FRK26",
           category="transition", output="pain.001.001.09",
           accredited={"P01": 36, "P02": 3}),
    _place("accompagnement-numerique", "44", "F51 F52", "30000.00", "tribunal administratif de Strasbourg", "FRF11",
           category="transition"),
    _place("kit-numerique", "76", "F61 F62", "20000.00", "tribunal administratif de Toulouse", "FRJ23",
           category="transition"),
    _place("forfait-numerique", "75", "F71 F72", "2000.00", "tribunal administratif de Bordeaux", "FRI12",
           category="transition"),
    _place("cheque-transformation", "32", "F81 F82", "40000.00", "tribunal administratif de Lille", "FRE11",
           category="transition"),
    _place("groupement-export", "53", "F91 F92 F93 F94 F95 F96 F97 F98 F99", "150000.00",
           "tribunal administratif de Rennes", "FRH02", category="transition"),
    _place("impulsion-export", "93", "F101 F102 F103", "40000.00", "tribunal administratif de Marseille", "FRL04",
           category="transition",
           lent={Instrument.ADVANCE: Decimal("40000.00"), Instrument.LOAN: Decimal("60000.00"),
                 Instrument.GUARANTEE: Decimal("40000.00")}),
)  # fmt: skip
# Where the providers of each region are: a commune of the first département, and one of another when there is one.
TOWNS: Mapping[str, tuple[str, str]] = {
    "04": ("97410", "97411"), "11": ("93066", "75111"), "84": ("38185", "69123"), "44": ("68224", "67482"),
    "76": ("34172", "31555"), "75": ("64445", "33063"), "32": ("80021", "59350"), "53": ("29019", "35238"),
    "93": ("06088", "13055"),
}  # fmt: skip
