"""Appeal routes and delays: without them in the letter, the delay does not run (CJA art. R.421-5)."""

from __future__ import annotations

from datetime import date

from applications.documents.facts import Contact, LetterFacts
from applications.documents.wording import Block, Tongue, bullets, heading, text


def postal(contact: Contact) -> str:
    """The service and its postal address on one line."""
    return ", ".join((contact.service, *contact.address))


def appeal_of_decision(facts: LetterFacts, t: Tongue) -> list[Block]:
    """Routes against this very letter, counted from its notification (CJA art. R.421-1)."""
    delay = t.months(facts.appeal_months)
    opening = t(
        f"Vous pouvez contester cette décision dans un délai de {delay} à compter de sa notification, par :",
        f"You may contest this decision within {delay} of its notification, by:",
    )
    return _appeal(facts, t, opening)


def appeal_of_silence(facts: LetterFacts, t: Tongue, silence_on: date) -> list[Block]:
    """Routes against the implicit rejection, counted from the day it arises (CJA art. R.421-2)."""
    delay, day = t.months(facts.appeal_months), t.day(silence_on)
    opening = t(
        f"Ce rejet implicite pourra être contesté dans un délai de {delay} à compter du {day}, par :",
        f"This implied rejection may be contested within {delay} from {day}, by:",
    )
    return _appeal(facts, t, opening)


def _appeal(facts: LetterFacts, t: Tongue, opening: str) -> list[Block]:
    title = heading(t("Voies et délais de recours", "Appeal routes and time limits"))
    notes = [text(facts.overseas_note)] if facts.overseas_note else []
    return [title, text(opening), bullets([_gracious(facts, t), _contentious(facts, t)]), *notes]


def _gracious(facts: LetterFacts, t: Tongue) -> tuple[str, str]:
    """The appeal to the author interrupts the delay; silence on it is a rejection (CRPA L.231-4, 2°)."""
    to, again = postal(facts.region_contact), t.months(facts.appeal_months)
    body = t(
        f"un recours gracieux adressé à la région ({to}) ; il interrompt le délai. Le silence gardé pendant "
        f"deux mois sur ce recours vaut rejet et ouvre un nouveau délai de {again} pour saisir le tribunal ;",
        f"an appeal to the region itself ({to}), which interrupts the period. No answer within two months "
        f"means rejection and opens a new period of {again} to go to court;",
    )
    return body, t("CRPA, articles L. 411-2 et L. 231-4, 2°", "CRPA, articles L. 411-2 and L. 231-4, 2°")


def _contentious(facts: LetterFacts, t: Tongue) -> tuple[str, str]:
    court, online = _court(facts, t), facts.online_appeal
    link = t(f", y compris en ligne ({online})", f", also online ({online})") if online else ""
    body = t(f"un recours devant le {court}{link}.", f"an application to the {court}{link}.")
    return body, t("Code de justice administrative, article R. 421-1", "Administrative justice code, article R. 421-1")


def _court(facts: LetterFacts, t: Tongue) -> str:
    """The court and its address; unnamed, it is the one of the authority's seat (CJA art. R.312-1)."""
    unnamed = t(
        f"tribunal administratif dans le ressort duquel se trouve {facts.place}",
        f"administrative court (tribunal administratif) with jurisdiction over {facts.place}",
    )
    return ", ".join(part for part in (facts.court_name or unnamed, facts.court_address) if part)
