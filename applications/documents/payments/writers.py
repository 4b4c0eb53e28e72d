"""The files in which a batch can leave, each an entry: for the public accountant, or for a bank.

Another format, such as the exchange protocol of local authorities (PES V2), is one more entry: a name
in each language, a media type, a suffix, and a function from a batch to a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from applications.documents.payments import credit_transfers, package
from applications.documents.payments.batch import Batch


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, its type, and how it is written; `write` raises ValueError."""

    fr: str
    en: str
    media_type: str
    suffix: str
    write: Callable[[Batch, BinaryIO], object]

    def name(self, batch: Batch) -> str:
        """The name of the file of a batch."""
        return f"{batch.number}{self.suffix}"


def _bank(version: str, batch: Batch, out: BinaryIO) -> None:
    out.write(credit_transfers.write(batch.transfers(), version))


FORMATS: dict[str, Format] = {
    "accountant": Format(
        "Lot pour le comptable public", "Package for the public accountant", "application/zip", ".zip", package.write
    ),
    **{
        version: Format(
            f"Virements pour une banque ({version})",
            f"Transfers for a bank ({version})",
            "application/xml",
            f".{version}.xml",
            partial(_bank, version),
        )
        for version in credit_transfers.VERSIONS
    },
}
