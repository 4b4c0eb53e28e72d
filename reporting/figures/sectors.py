"""Groups of activities by the two-digit divisions of the NAF: they read the same in NAF rév. 2 and in NAF 2025."""

from __future__ import annotations

Words = tuple[str, str]

GROUPS: tuple[tuple[range, Words], ...] = (
    (range(1, 4), ("Agriculture, sylviculture et pêche", "Agriculture, forestry and fishing")),
    (range(5, 10), ("Industries extractives", "Mining and quarrying")),
    (range(10, 34), ("Industrie manufacturière", "Manufacturing")),
    (range(35, 40), ("Énergie, eau et déchets", "Energy, water and waste")),
    (range(41, 44), ("Construction", "Construction")),
    (range(45, 48), ("Commerce et réparation automobile", "Trade and motor vehicle repair")),
    (range(49, 54), ("Transports et entreposage", "Transport and storage")),
    (range(55, 57), ("Hébergement et restauration", "Accommodation and food services")),
    (range(58, 64), ("Information et communication", "Information and communication")),
    (range(64, 67), ("Finance et assurance", "Finance and insurance")),
    (range(68, 69), ("Immobilier", "Real estate")),
    (range(69, 76), ("Activités spécialisées, scientifiques et techniques", "Professional, scientific and technical")),
    (range(77, 83), ("Services administratifs et de soutien", "Administrative and support services")),
    (range(84, 85), ("Administration publique", "Public administration")),
    (range(85, 86), ("Enseignement", "Education")),
    (range(86, 89), ("Santé et action sociale", "Health and social work")),
    (range(90, 94), ("Arts, spectacles et loisirs", "Arts, entertainment and recreation")),
    (range(94, 97), ("Autres services", "Other services")),
    (range(97, 100), ("Ménages et organisations internationales", "Households and international organisations")),
)  # fmt: skip
UNKNOWN: Words = ("Activité non renseignée", "Activity not given")


def sector(naf_code: str) -> Words:
    """The group of a NAF code such as « 47.91B »; a code that begins with no known division is unknown."""
    division = naf_code[:2]
    number = int(division) if division.isdecimal() else 0
    return next((words for divisions, words in GROUPS if number in divisions), UNKNOWN)
