"""The economic activity of an operation (Reg. (EU) 2021/1060, annex I, table 4) from a firm's NAF code, as data.

The correspondence of divisions with the table's codes is to be confirmed with the managing authority.
"""

from __future__ import annotations

OTHER_SERVICES = "26"
# Divisions, both included, of the second revision of NAF → code of the table.
_ROWS: tuple[tuple[int, int, str], ...] = (
    (1, 2, "01"),  # agriculture and forestry
    (3, 3, "02"),  # fisheries
    (5, 9, "11"),  # mining and quarrying
    (10, 12, "05"),  # food products and beverages
    (13, 15, "06"),  # textiles
    (16, 25, "09"),  # other manufacturing
    (26, 26, "08"),  # computer, electronic and optical products
    (27, 28, "09"),
    (29, 30, "07"),  # transport equipment
    (31, 33, "09"),
    (35, 35, "12"),  # electricity, gas, steam
    (36, 37, "13"),  # water supply, sewerage, waste
    (38, 39, "13"),
    (41, 43, "10"),  # construction
    (45, 47, "16"),  # trade
    (49, 53, "14"),  # transport and storage
    (55, 56, "17"),  # accommodation and food service
    (58, 63, "15"),  # information and communication
    (64, 66, "18"),  # finance and insurance
    (68, 82, "19"),  # real estate, renting, business activities
    (84, 84, "20"),  # public administration
    (85, 85, "21"),  # education
    (86, 87, "22"),  # human health
    (88, 88, "23"),  # social work
    (90, 93, "25"),  # arts, entertainment, recreation
    (94, 96, "23"),  # personal and community services
)


def economic_activity(naf: str) -> str:
    """The code of table 4, two digits: retail (47.71Z) is 16. A code that is not known is another service (26)."""
    if not naf[:2].isascii() or not naf[:2].isdigit():
        return OTHER_SERVICES
    division = int(naf[:2])
    return next((code for first, last, code in _ROWS if first <= division <= last), OTHER_SERVICES)
