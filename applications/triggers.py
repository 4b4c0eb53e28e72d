"""The ledger's trigger on each database: a row in, the positions moved, the CHECKs consulted."""

from applications.enums import BUDGET_BUCKETS, Bucket
from regions.guards import Trigger, protect, register

ENTRY = "applications_ledgerentry"
LINE_POSITION = "applications_envelopeposition"
CASE_POSITION = "applications_caseposition"
CREDIT_POSITION = "applications_paymentcreditposition"
CASE_BUCKETS = [b for b in Bucket.values if b not in BUDGET_BUCKETS]


def _moves(buckets: list[str]) -> str:
    """SET clause: each bucket moves by the row's amount when the row is of that bucket."""
    return ", ".join(f"{b} = {b} + CASE WHEN NEW.bucket = '{b}' THEN NEW.amount ELSE 0 END" for b in buckets)


def _zeros(table: str, keys: str, buckets: list[str], values: str, where: str) -> str:
    """Make the position's row of zeros if there is none.

    CHECKs see the row proposed before ON CONFLICT is decided, so the amount may not travel in it.
    """
    zeros = ", ".join("0" for _ in buckets)
    return f"INSERT INTO {table} ({keys}, {', '.join(buckets)}) SELECT {values}, {zeros} {where} ON CONFLICT DO NOTHING"


_line_zeros = _zeros(LINE_POSITION, "line_id", Bucket.values, "NEW.line_id", "WHERE true")
_line_moves = f"UPDATE {LINE_POSITION} SET {_moves(Bucket.values)} WHERE line_id = NEW.line_id"
_case_zeros = _zeros(
    CASE_POSITION,
    "application_id, line_id",
    CASE_BUCKETS,
    "NEW.application_id, NEW.line_id",
    "WHERE NEW.application_id IS NOT NULL",
)
_case_moves = (
    f"UPDATE {CASE_POSITION} SET {_moves(CASE_BUCKETS)} "
    "WHERE application_id = NEW.application_id AND line_id = NEW.line_id"
)
_credit_zeros = _zeros(
    CREDIT_POSITION, "line_id, year", ["opened", "ordered"], "NEW.line_id, NEW.year", "WHERE NEW.year IS NOT NULL"
)
_credit_moves = (
    f"UPDATE {CREDIT_POSITION} SET "
    "opened = opened + CASE WHEN NEW.bucket = 'credits' THEN NEW.amount ELSE 0 END, "
    "ordered = ordered + CASE WHEN NEW.bucket = 'ordered' THEN NEW.amount ELSE 0 END "
    "WHERE line_id = NEW.line_id AND year = NEW.year"
)
# The file's position first, the envelope's last: its row is the one that every file waits for.
_body = ";\n  ".join([_case_zeros, _case_moves, _credit_zeros, _credit_moves, _line_zeros, _line_moves]) + ";"


def _found_or_made(moves: str, zeros: str) -> str:
    """Move the row that is there, as it nearly always is; make it first otherwise."""
    return f"{moves};\n  IF NOT FOUND THEN\n    {zeros};\n    {moves};\n  END IF;"


_pg_body = "\n  ".join(
    [
        f"IF NEW.application_id IS NOT NULL THEN\n  {_found_or_made(_case_moves, _case_zeros)}\n  END IF;",
        f"IF NEW.year IS NOT NULL THEN\n  {_found_or_made(_credit_moves, _credit_zeros)}\n  END IF;",
        _found_or_made(_line_moves, _line_zeros),
    ]
)

LEDGER_TRIGGER = Trigger(
    ENTRY,
    "ledger_moves_positions",
    (
        "CREATE OR REPLACE FUNCTION guichet_ledger() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n  {_pg_body}\n  RETURN NULL;\nEND $$",
        f"DROP TRIGGER IF EXISTS ledger_moves_positions ON {ENTRY}",
        f"CREATE TRIGGER ledger_moves_positions AFTER INSERT ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION guichet_ledger()",
    ),
    (
        "DROP TRIGGER IF EXISTS ledger_moves_positions",
        f"CREATE TRIGGER ledger_moves_positions AFTER INSERT ON {ENTRY} BEGIN\n  {_body}\nEND",
    ),
)

ESCROW_ENTRY = "applications_escrowentry"
ESCROW_POSITION = "applications_escrowposition"
SIDES = ("received", "released", "refunded")
_escrow_zeros = (
    f"INSERT INTO {ESCROW_POSITION} (application_id, received, released, refunded) "
    "SELECT NEW.application_id, 0, 0, 0 WHERE true ON CONFLICT DO NOTHING"
)
_escrow_moves = ", ".join(f"{s} = {s} + CASE WHEN NEW.side = '{s}' THEN NEW.amount ELSE 0 END" for s in SIDES)
_escrow_body = (
    f"{_escrow_zeros};\n  UPDATE {ESCROW_POSITION} SET {_escrow_moves} WHERE application_id = NEW.application_id;"
)

ESCROW_TRIGGER = Trigger(
    ESCROW_ENTRY,
    "escrow_moves_positions",
    (
        "CREATE OR REPLACE FUNCTION guichet_escrow() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n  {_escrow_body}\n  RETURN NULL;\nEND $$",
        f"DROP TRIGGER IF EXISTS escrow_moves_positions ON {ESCROW_ENTRY}",
        f"CREATE TRIGGER escrow_moves_positions AFTER INSERT ON {ESCROW_ENTRY} "
        "FOR EACH ROW EXECUTE FUNCTION guichet_escrow()",
    ),
    (
        "DROP TRIGGER IF EXISTS escrow_moves_positions",
        f"CREATE TRIGGER escrow_moves_positions AFTER INSERT ON {ESCROW_ENTRY} BEGIN\n  {_escrow_body}\nEND",
    ),
)


def _refused(table: str, name: str, function: str, when: str, message: str) -> Trigger:
    """Refuse the insertion of a row for which a condition holds."""
    return Trigger(
        table,
        name,
        (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
            f"  IF {when} THEN\n    RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';\n"
            "  END IF;\n  RETURN NEW;\nEND $$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        ),
        (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ),
    )


# A line declares what was paid, or given back, and nothing else: to the cent, with its sign.
DECLARED_LINE = "applications_operationclaimline"
_paid_row = (
    f"NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.id = NEW.entry_id "
    "AND e.application_id = NEW.application_id AND "
    "((e.bucket = 'paid' AND NEW.booked = e.amount) OR (e.bucket = 'recovered' AND NEW.booked = -e.amount)))"
)
_corrected = (
    "NEW.correction_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_correction c "
    "WHERE c.id = NEW.correction_id AND c.application_id = NEW.application_id "
    "AND c.year_end IS NULL AND NEW.booked = -c.amount AND NEW.expenditure = -c.expenditure)"
)
DECLARED_TRIGGER = _refused(
    DECLARED_LINE, "declared_line_is_paid", "guichet_declared", f"({_paid_row}) OR ({_corrected})",
    "only what the ledger paid is declared",
)  # fmt: skip

# The corrections of an irregularity never exceed its irregular aid, and bear on its own file.
CORRECTION = "applications_correction"
_beyond = (
    "NEW.irregularity_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_irregularity i "
    "WHERE i.id = NEW.irregularity_id AND i.application_id = NEW.application_id AND i.aid >= NEW.amount + "
    f"(SELECT COALESCE(SUM(c.amount), 0) FROM {CORRECTION} c WHERE c.irregularity_id = NEW.irregularity_id))"
)
CORRECTION_TRIGGER = _refused(
    CORRECTION, "corrected_within_irregular", "guichet_corrected", _beyond, "corrected beyond the irregular aid"
)

# The amendment of the region's own operation is proposed by one and confirmed by another; a firm's is its grant's.
AMENDMENT = "applications_operationamendment"
_alone = (
    "NEW.proposed_by_id IS NULL AND EXISTS (SELECT 1 FROM applications_operation o "
    "WHERE o.id = NEW.operation_id AND o.beneficiary_mode = 'grouped')"
)
AMENDMENT_TRIGGER = _refused(
    AMENDMENT, "amendment_is_proposed", "guichet_amended", _alone, "an amendment of the region is proposed by one"
)

# What was certified stands: no later act changes a figure of the claim or of one of its lines.
CLAIM, CLAIM_LINE = "applications_claim", "applications_claimline"
_certified = "'verified', 'settled'"
_REFUSED = "certified figures are not changed"


def _changed(names: tuple[str, ...], differ: str) -> str:
    return " OR ".join(f"OLD.{name} {differ} NEW.{name}" for name in names)


def _kept(
    table: str, operation: str, when: str, names: tuple[str, ...], prefix: str = "certified", refused: str = _REFUSED
) -> Trigger:
    """Refuse a change of these columns, or a deletion, when a condition holds: a claim is certified."""
    name = f"{prefix}_{table}_{operation}"
    differ = {vendor: _changed(names, word) for vendor, word in (("pg", "IS DISTINCT FROM"), ("lite", "IS NOT"))}
    row = {vendor: when + (f" AND ({test})" if operation == "update" else "") for vendor, test in differ.items()}
    after = "NEW" if operation == "update" else "OLD"
    return Trigger(
        table,
        name,
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
            f"  IF {row['pg']} THEN\n    RAISE EXCEPTION '{refused}' USING ERRCODE = 'restrict_violation';\n"
            f"  END IF;\n  RETURN {after};\nEND $$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
        (
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} WHEN {row['lite']} BEGIN "
            f"SELECT RAISE(ABORT, '{refused}'); END",
        ),
    )


CLAIM_FIGURES = ("amount_declared", "amount_accepted", "aid_due", "verified_on", "number", "kind", "instrument")
LINE_FIGURES = (
    "claim_id",
    "line_id",
    "amount",
    "quantity",
    "accepted",
    "reason",
    "finding",
    "parked",
    "invoice_number",
)
_of_claim = f"OLD.state IN ({_certified})"
_of_line = f"EXISTS (SELECT 1 FROM {CLAIM} c WHERE c.id = OLD.claim_id AND c.state IN ({_certified}))"
CERTIFIED = [
    _kept(table, operation, when, names)
    for table, when, names in ((CLAIM, _of_claim, CLAIM_FIGURES), (CLAIM_LINE, _of_line, LINE_FIGURES))
    for operation in ("update", "delete")
]

# What was proposed above the schemes never changes, and is answered once.
PROPOSAL = "applications_programmeproposal"
_STANDS = "a proposal is not changed, and is answered once"
_answered = "(OLD.confirmed_at IS NOT NULL OR OLD.declined_at IS NOT NULL)"
PROPOSED = [
    _kept(PROPOSAL, "update", "TRUE", ("kind", "region_id", "facts", "proposed_by_id", "proposed_at"), "said", _STANDS),
    _kept(PROPOSAL, "update", _answered, ("confirmed_by_id", "confirmed_at", "declined_by_id", "declined_at"),
          "answered", _STANDS),
    _kept(PROPOSAL, "delete", "TRUE", (), "kept", _STANDS),
]  # fmt: skip

# Whoever is paid and however the order is made: a claim is never ordered beyond what was certified on it.
ORDER = "applications_paymentorder"
_beyond = (
    "NEW.state NOT IN ('rejected', 'cancelled') AND NEW.amount + COALESCE((SELECT SUM(o.amount) FROM "
    f"{ORDER} o WHERE o.claim_id = NEW.claim_id AND o.id <> COALESCE(NEW.id, -1) "
    "AND o.state NOT IN ('rejected', 'cancelled')), 0) "
    f"> COALESCE((SELECT c.aid_due FROM {CLAIM} c WHERE c.id = NEW.claim_id), 0)"
)
_TOO_MUCH = "a claim is not ordered beyond what was certified"
ORDERED_TRIGGERS = [
    Trigger(
        ORDER,
        f"ordered_within_certified_{operation}",
        (
            "CREATE OR REPLACE FUNCTION guichet_ordered() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
            f"  PERFORM 1 FROM {CLAIM} WHERE id = NEW.claim_id FOR NO KEY UPDATE;\n"
            f"  IF {_beyond} THEN\n    RAISE EXCEPTION '{_TOO_MUCH}' USING ERRCODE = 'check_violation';\n"
            "  END IF;\n  RETURN NEW;\nEND $$",
            f"DROP TRIGGER IF EXISTS ordered_within_certified_{operation} ON {ORDER}",
            f"CREATE TRIGGER ordered_within_certified_{operation} BEFORE {when} ON {ORDER} "
            "FOR EACH ROW EXECUTE FUNCTION guichet_ordered()",
        ),
        (
            f"DROP TRIGGER IF EXISTS ordered_within_certified_{operation}",
            f"CREATE TRIGGER ordered_within_certified_{operation} BEFORE {when} ON {ORDER} "
            f"WHEN {_beyond} BEGIN SELECT RAISE(ABORT, '{_TOO_MUCH}'); END",
        ),
    )
    for operation, when in (("insert", "INSERT"), ("update", "UPDATE OF state, amount, claim_id"))
]

APPEND_ONLY = [
    CORRECTION,
    ESCROW_ENTRY,
    ENTRY,
    "applications_budgetvote",
    "applications_caseversion",
    "applications_claimversion",
    "applications_checkresult",
    "applications_claimrisk",
    "applications_sitevisit",
    "applications_decision",
    "applications_durabilitycheck",
    "applications_deminimisaward",
    "applications_grantcorrection",
    "applications_operationamendment",
    "applications_paymentreturn",
    "applications_recoveryinterest",
    "applications_registerfiling",
]


def register_all() -> None:
    """Register the ledger's trigger and the guards of this package's append-only tables."""
    register(LEDGER_TRIGGER)
    register(ESCROW_TRIGGER)
    register(DECLARED_TRIGGER)
    register(CORRECTION_TRIGGER)
    register(AMENDMENT_TRIGGER)
    for trigger in [*CERTIFIED, *PROPOSED, *ORDERED_TRIGGERS]:
        register(trigger)
    for table in APPEND_ONLY:
        protect(table)
