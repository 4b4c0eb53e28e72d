"""Parquet for statisticians: typed columns, groups of rows, flat memory. Needs the optional `pyarrow`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from itertools import islice
from typing import Any

from reporting.columns import Column, canonical
from reporting.writers.sanitise import clean
from reporting.writers.streams import ByteStream, CannotWrite

GROUP = 10_000
"""Rows of one group: what is held in memory at once."""

SCALE = 18
"""Decimals kept of a number that is no amount; the rest is rounded half-even."""

_BIGGEST = 2**63 - 1
_STEP = Decimal(1).scaleb(-SCALE)


def write_parquet(
    stream: ByteStream,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    language: str = "fr",
    group: int = GROUP,
) -> None:
    """Write rows to a stream, `group` at a time; columns bear their keys, closed lists give their codes.

    Money is decimal128(18, 2), other numbers decimal128(38, 18), dates date32, moments UTC to the
    microsecond. Labels and legal references are in the metadata of each field. Raises CannotWrite
    when `pyarrow` is not installed or a number does not fit.
    """
    arrow, parquet = _libraries()
    schema = arrow.schema([_field(arrow, column) for column in columns], metadata={"language": language})
    takers = [(column.key, _value(column)) for column in columns]
    left = iter(rows)
    with parquet.ParquetWriter(arrow.PythonFile(_Writable(stream), "w"), schema, compression="zstd") as file:
        while batch := list(islice(left, group)):
            values = ([None if row[key] is None else take(row[key]) for row in batch] for key, take in takers)
            arrays = [arrow.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            file.write_batch(arrow.record_batch(arrays, schema=schema), row_group_size=group)


def _libraries() -> tuple[Any, Any]:
    """The optional library, loaded by the first file that asks for it: it is heavy, and few do."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise CannotWrite(
            "Le format Parquet n’est pas installé sur ce serveur : demander à l’administrateur d’ajouter "
            "l’option « parquet », ou choisir CSV international.",
            "Parquet is not installed on this server: ask the administrator to add the “parquet” extra, "
            "or choose international CSV.",
        ) from error


class _Writable:
    """A stream as `pyarrow` wants it."""

    closed = False

    def __init__(self, stream: ByteStream) -> None:
        self._stream, self._place = stream, 0

    def write(self, content: Any) -> int:
        self._stream.write(bytes(content))
        self._place += len(content)
        return len(content)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """The stream belongs to the caller, who closes it."""


def _field(arrow: Any, column: Column) -> Any:
    types = {
        "text": arrow.string(), "integer": arrow.int64(), "money": arrow.decimal128(18, 2),
        "decimal": arrow.decimal128(38, SCALE), "percent": arrow.decimal128(38, SCALE), "date": arrow.date32(),
        "moment": arrow.timestamp("us", tz="UTC"), "boolean": arrow.bool_(),
    }  # fmt: skip
    told = {"label_fr": column.label_fr, "label_en": column.label_en, "reference": column.reference}
    return arrow.field(column.key, types[column.kind], metadata=told)


def _value(column: Column) -> Callable[[Any], Any]:
    """The typed value; `canonical` refuses what is not of its kind."""
    kind = column.kind
    readers: dict[str, Callable[[Any], Any]] = {
        "text": lambda value: clean(str(value)),
        "integer": lambda value: _fits(int(canonical(value, kind)), _BIGGEST, column),
        "money": lambda value: _fits(Decimal(canonical(value, kind)), 10**16 - 1, column),
        "decimal": lambda value: _rounded(canonical(value, kind), column),
        "percent": lambda value: _rounded(canonical(value, kind), column),
        "date": lambda value: date.fromisoformat(canonical(value, kind)),
        "moment": lambda value: datetime.fromisoformat(canonical(value, kind)),
        "boolean": lambda value: canonical(value, kind) == "true",
    }
    return readers[kind]


def _rounded(digits: str, column: Column) -> Decimal:
    with localcontext() as context:
        context.prec = 38
        try:
            return Decimal(digits).quantize(_STEP, ROUND_HALF_EVEN)
        except InvalidOperation as error:
            raise _too_big(digits, column) from error


def _fits(number: Any, biggest: int, column: Column) -> Any:
    if abs(number) > biggest:
        raise _too_big(number, column)
    return number


def _too_big(number: Any, column: Column) -> CannotWrite:
    return CannotWrite(
        f"Colonne « {column.label_fr} » : {number} est trop grand pour le format Parquet ; choisir un autre format.",
        f"Column “{column.label_en}”: {number} is too big for Parquet; choose another format.",
    )
