"""What a letter needs to know: plain values, gathered by the caller from the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Contact:
    """The service in charge of the file: what CRPA art. R.112-5, 2° asks to name."""

    service: str
    email: str
    phone: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lent:
    """A part of an aid that is no grant, with its terms. Euro; the rate in percent a year."""

    instrument: str  # loan, advance, guarantee
    amount: Decimal
    gross_grant_equivalent: Decimal
    months: int
    grace_months: int = 0
    every_months: int = 1
    annual_rate: Decimal = Decimal(0)
    least_share: Decimal | None = None  # of an advance repaid by its success, in shares of 1
    turnover_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PaidHow:
    """How an aid is paid: to whom, what the firm pays first, what it may ask beforehand. Euro."""

    provider: str = ""  # paid in the firm's place
    own_share: Decimal | None = None  # to be paid before the work is paid
    advance: Decimal | None = None
    firm_validates: bool = False
    assigned: Decimal | None = None  # of a split aid, the part paid to the provider
    refunded: Decimal | None = None  # of a split aid, the part paid to the firm


@dataclass(frozen=True, slots=True)
class OwnOperation:
    """The ERDF operation of which the firm is the beneficiary. Euro; days from a complete claim to its payment."""

    code: str
    programme: str
    support: Decimal
    payment_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """The facts of one letter. Amounts in euro to the cent, dates in local days of the region.

    A fact left empty or None leaves its mention out, unless the letter cannot do without it: then
    building it raises ValueError. Points of law that depend on the region or are not settled are
    facts too (`court_name`, `online_appeal`, `overseas_note`): the letter never guesses them.
    """

    region_name: str
    region_contact: Contact
    place: str
    day: date
    reference: str
    scheme_name: str
    firm_name: str
    firm_siret: str
    recipient_name: str
    created: datetime
    recipient_address: tuple[str, ...] = ()
    officer_name: str = ""
    # Signature: name and quality, then in whose name (« Pour la présidente et par délégation »).
    signatory: str = ""
    delegation: str = ""
    # Receipt and silence (CRPA art. R.112-5); `silence_on` is the day silence becomes a rejection.
    received_on: date | None = None
    silence_on: date | None = None
    # Request for missing items; in a grant, `items` are the documents to send with the claim.
    items: tuple[str, ...] = ()
    message: str = ""
    answer_by: date | None = None
    suspended_note: str = ""
    # Decision.
    grant_number: str = ""
    amount: Decimal | None = None
    shares: tuple[tuple[str, Decimal], ...] = ()  # funder, euro; they add up to the amount
    lines: tuple[tuple[str, Decimal, Decimal, Decimal], ...] = ()  # label, quoted, eligible, aid
    voucher_code: str = ""
    complete_by: date | None = None
    claim_by: date | None = None
    gross_grant_equivalent: Decimal | None = None
    regulation: str = ""  # "(UE) 2023/2831"
    eu_cofunded: bool = True
    operation: OwnOperation | None = None
    obligations: tuple[str, ...] = ()  # those of the scheme, beyond the common ones
    reasons: tuple[tuple[str, str], ...] = ()  # sentence, article
    lapse_reason: str = ""
    lent: tuple[Lent, ...] = ()
    members: tuple[tuple[str, str, Decimal], ...] = ()  # firm, SIREN, euro; the lead first, they add up to the amount
    paid_how: PaidHow | None = None
    # A grant taken back: `repealed` when for the time to come only; `amount` is what has to come back.
    repealed: bool = False
    # Recovery: `reasons` hold why, `message` the finding or the answer to the observations.
    recovery_number: str = ""
    order_number: str = ""
    due_on: date | None = None
    interest: tuple[tuple[date, date, int, Decimal, Decimal, Decimal], ...] = ()  # from, to, days, owed, %, euro
    observed_on: date | None = None
    # Payment; `paid_to` names the provider paid in the firm's place, `lent_kind` what was paid if no grant.
    paid_to: str = ""
    own_share: Decimal | None = None
    lent_kind: str = ""
    # `claim_number` in a request for items turns it into a request about a claim.
    claim_number: str = ""
    paid_on: date | None = None
    accountant_reference: str = ""
    # Appeal: court without article (« tribunal administratif de La Réunion »), months (CJA R.421-1).
    appeal_months: int = 2
    court_name: str = ""
    court_address: str = ""
    online_appeal: str = ""
    overseas_note: str = ""
