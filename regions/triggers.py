"""The bands of signatures grow with the amount, and stand still once their terms are answered."""

from regions.guards import Trigger

BAND, TERMS = "regions_signatureband", "regions_payingterms"
_misplaced = (
    f"EXISTS (SELECT 1 FROM {BAND} b WHERE b.terms_id = NEW.terms_id "
    "AND ((b.above <= NEW.above AND b.signatures >= NEW.signatures) "
    "OR (b.above >= NEW.above AND b.signatures <= NEW.signatures)))"
)
_answered = (
    f"EXISTS (SELECT 1 FROM {TERMS} t WHERE t.id = NEW.terms_id "
    "AND (t.confirmed_at IS NOT NULL OR t.declined_at IS NOT NULL))"
)
_REFUSED = "signature bands grow with the amount, before their terms are answered"
BAND_TRIGGER = Trigger(
    BAND,
    "signature_bands_grow",
    (
        "CREATE OR REPLACE FUNCTION guichet_signature_bands() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        f"  PERFORM 1 FROM {TERMS} WHERE id = NEW.terms_id FOR NO KEY UPDATE;\n"
        f"  IF {_misplaced} OR {_answered} THEN\n"
        f"    RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'check_violation';\n"
        "  END IF;\n  RETURN NEW;\nEND $$",
        f"DROP TRIGGER IF EXISTS signature_bands_grow ON {BAND}",
        f"CREATE TRIGGER signature_bands_grow BEFORE INSERT ON {BAND} "
        "FOR EACH ROW EXECUTE FUNCTION guichet_signature_bands()",
    ),
    (
        "DROP TRIGGER IF EXISTS signature_bands_grow",
        f"CREATE TRIGGER signature_bands_grow BEFORE INSERT ON {BAND} WHEN {_misplaced} OR {_answered} BEGIN "
        f"SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ),
)
