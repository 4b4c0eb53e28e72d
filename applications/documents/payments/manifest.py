"""The manifest of a package: what it holds, with the SHA-256 of each member, its counts and totals.

`manifest.json` says it for programs; `manifest.sha256` for people, in the form that the usual
checksum tools read (`sha256sum -c manifest.sha256`). No name of a payee nor account stands in them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from applications.documents.payments.batch import Batch
from regions.money import ZERO

FORMAT = "guichet-batch/1"
MANIFEST = "manifest.json"
SUMS = "manifest.sha256"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the package: its path there, its digest and size, the order it supports, its name outside."""

    path: str
    sha256: str
    size: int
    order: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest read back: its members, and whether its own counts and totals agree."""

    members: tuple[Member, ...]
    coherent: bool


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def manifest_bytes(batch: Batch, members: Sequence[Member]) -> bytes:
    """The manifest of a batch: one text for one batch."""
    count = Counter(member.order for member in members if member.order)
    values = {
        "format": FORMAT,
        "batch": batch.number,
        "issuer": batch.issuer,
        "created": batch.created.isoformat(timespec="seconds"),
        "currency": "EUR",
        "count": len(batch.orders),
        "total": f"{batch.total:.2f}",
        "documents": count.total(),
        "orders": [
            {
                "number": row.order_number,
                "file": row.file_reference,
                "claim": row.claim_number,
                "amount": f"{row.amount:.2f}",
                "documents": count[row.order_number],
            }
            for row in batch.orders
        ],
        "members": [asdict(member) for member in members],
    }
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")


def sums_bytes(members: Iterable[Member], manifest: bytes) -> bytes:
    """One line for each member, and the last for the manifest."""
    lines = [f"{member.sha256}  {member.path}\n" for member in members]
    return "".join([*lines, f"{digest(manifest)}  {MANIFEST}\n"]).encode()


def read_manifest(content: bytes) -> Manifest:
    """A manifest read back; raises ValueError when it is not one."""
    try:
        values = json.loads(content)
        if values["format"] != FORMAT:
            raise ValueError(f"format {values['format']!r} is not {FORMAT}")
        members = tuple(_member(each) for each in values["members"])
        return Manifest(members, _coherent(values, members))
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError("not a manifest") from error


def _member(values: Mapping[str, Any]) -> Member:
    member = Member(values["path"], values["sha256"], values["size"], values["order"], values["name"])
    if not isinstance(member.path, str) or not isinstance(member.sha256, str):
        raise TypeError("a member is its path and its digest")
    return member


def _coherent(values: Mapping[str, Any], members: Sequence[Member]) -> bool:
    """Whether the counts and the total are those of the orders and of the members listed."""
    orders = values["orders"]
    total = sum((Decimal(order["amount"]) for order in orders), ZERO)
    found = Counter(member.order for member in members if member.order)
    announced = Counter({order["number"]: order["documents"] for order in orders})
    return (
        len(orders) == values["count"]
        and total == Decimal(values["total"])
        and found.total() == values["documents"]
        and +announced == found
    )
