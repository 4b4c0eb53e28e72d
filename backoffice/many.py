"""A paid file many times over, copied by the database: what the bench rebuilds a programme's report from.

Only the rows that reports read are copied (firm, file, claims, orders, ledger, versions), and no trigger fires:
this is for a scratch database, PostgreSQL alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, models, transaction

from applications.models import Application, CaseVersion, Claim, ClaimVersion, Company, LedgerEntry, PaymentOrder

SPAN = 1_000_000
"""A copy's keys are the original's plus so many times its number, so that what belongs together stays together."""

OF_FILE: dict[type[models.Model], str] = {
    Company: "applications", Application: "pk", Claim: "application", PaymentOrder: "application",
    LedgerEntry: "application", CaseVersion: "application", ClaimVersion: "case_version__application",
}  # fmt: skip
"""Each kind of row that is copied, and how it is found from the file."""

TOLD_APART = ("reference", "number", "order_number")
"""Texts that are unique: the copy's number is added to each that is not empty."""

QUOTE = connection.ops.quote_name


def multiply(file: Application, copies: int, first: int = 1) -> None:
    """Add so many copies of a file and of its firm, numbered from `first`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for kind, lookup in OF_FILE.items():
            keys = list(kind._default_manager.filter(**{lookup: file.pk}).values_list("pk", flat=True))
            cursor.execute(_statement(kind), [first, first + copies - 1, keys])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE")  # the planner would count on the few rows that there were


def _statement(kind: type[models.Model]) -> str:
    fields = kind._meta.concrete_fields
    names = ", ".join(QUOTE(str(field.column)) for field in fields)
    table = QUOTE(str(kind._meta.db_table))
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(_values(kind))} "  # noqa: S608
        f"FROM generate_series(%s::bigint, %s::bigint) AS copy, {table} WHERE id = ANY(%s)"
    )


def _values(kind: type[models.Model]) -> Iterator[str]:
    """A column of the copy, from the original's and the number of the copy."""
    for field in kind._meta.concrete_fields:
        column = QUOTE(str(field.column))
        if field.primary_key or field.related_model in OF_FILE:
            yield f"{column} + copy * {SPAN}"
        elif field.name == "siren":
            yield "'9' || lpad(copy::text, 8, '0')"
        elif isinstance(field, models.CharField) and field.name in TOLD_APART:
            yield f"CASE WHEN {column} = '' THEN '' ELSE {column} || '-' || copy END"
        else:
            yield column
