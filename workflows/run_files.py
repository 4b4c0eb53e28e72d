"""The file in which a batch leaves: one format per scheme, kept so that it is the same bytes for ever.

A transfer order is kept whole. Of a package, which may be heavy, the manifest is kept: it names each
document by its content, and the package is written again from it and compared with the digest kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from applications.documents.payments import package
from applications.documents.payments.batch import Batch, SupportingDocument
from applications.documents.payments.manifest import MANIFEST, read_manifest
from applications.documents.payments.transfers import Transfer
from applications.documents.payments.writers import FORMATS
from applications.enums import DocumentKind
from applications.models import Document, PaymentOrder, PaymentRun
from applications.services import store
from regions.calendars import local_date, next_working_day
from regions.models import PayingTerms, User
from workflows import bordereau, certificates, supporting

ACCOUNTANT = "accountant"


def output_of(order: PaymentOrder) -> str:
    """The kind of file in which the order's scheme pays."""
    output: str = order.application.scheme_version.rule("payment", "output", default=ACCOUNTANT)
    return output


def unfit(order: PaymentOrder, output: str, terms: PayingTerms | None) -> str:
    """Why an order cannot leave in this kind of file, in words; empty when it can."""
    if output == ACCOUNTANT:
        return _unsupported(order)
    if terms is None or not terms.debtor_iban:
        return _(
            "Le compte que la région débite n’est pas enregistré : un administrateur le propose, un autre confirme."
        )
    try:
        _transfer(order)
    except ValueError:
        return _("La banque ne pourrait pas payer ce mandat : vérifier le titulaire, l’IBAN et le montant.")
    return ""


def _unsupported(order: PaymentOrder) -> str:
    """Why the package could not hold what supports the order."""
    try:
        certificates.ensure(order.claim)
    except ValueError:
        return _("Le certificat de service fait ne peut pas être établi : prévenir l’administrateur.")
    missing = supporting.damaged(supporting.of_order(order))
    return _("La pièce « %s » manque ou a été altérée : la joindre à nouveau.") % missing if missing else ""


def _transfer(order: PaymentOrder) -> Transfer:
    return Transfer(
        order_number=order.number, amount=order.total, creditor_name=order.payee_name, iban=order.payee_iban
    )


# --- made when it is sent


def keep(run: PaymentRun, orders: Sequence[PaymentOrder], terms: PayingTerms | None) -> None:
    """Print the bordereau, write the file, and attach to the batch what makes it again."""
    listing = bordereau.listing(run, orders)
    run.listing = _document(run, listing, f"{run.number}.csv", "text/csv", DocumentKind.BORDEREAU)
    if run.output == ACCOUNTANT:
        _keep_printed(run, orders, run.listing.sha256)
        _keep_package(run, orders)
    else:
        _keep_transfers(run, orders, terms)


def _keep_printed(run: PaymentRun, orders: Sequence[PaymentOrder], digest: str) -> None:
    printed = bordereau.printed(run, orders, digest)
    run.bordereau = _document(run, printed, f"{run.number}.pdf", "application/pdf", DocumentKind.BORDEREAU)


def _keep_package(run: PaymentRun, orders: Sequence[PaymentOrder]) -> None:
    with TemporaryFile() as out:
        run.file_sha256 = package.write(_batch(run, orders, documents=_supporting(orders)), out)
        with ZipFile(out) as archive:
            manifest = archive.read(MANIFEST)
    run.kept = _document(run, manifest, f"{run.number}.{MANIFEST}", "application/json", DocumentKind.PAYMENT_FILE)


def _keep_transfers(run: PaymentRun, orders: Sequence[PaymentOrder], terms: PayingTerms | None) -> None:
    out, batch = io.BytesIO(), _batch(run, orders, **_debtor(terms))
    FORMATS[run.output].write(batch, out)
    name, media_type = FORMATS[run.output].name(batch), FORMATS[run.output].media_type
    run.kept = _document(run, out.getvalue(), name, media_type, DocumentKind.PAYMENT_FILE)
    run.file_sha256 = run.kept.sha256
    _keep_printed(run, orders, run.file_sha256)


def _debtor(terms: PayingTerms | None) -> Mapping[str, str]:
    """The account debited; an order is set apart before, when there is none."""
    if terms is None:
        raise ValueError("a transfer order needs the account that it debits")
    given = {"debtor_iban": terms.debtor_iban, "debtor_bic": terms.debtor_bic}
    return given | ({"issuer": terms.debtor_name} if terms.debtor_name else {})


def _batch(run: PaymentRun, orders: Sequence[PaymentOrder], **more: Any) -> Batch:
    created = run.created_at.astimezone(ZoneInfo(run.region.time_zone))
    day = next_working_day(local_date(run.created_at, run.region.time_zone), run.region.code)
    given: dict[str, Any] = {"issuer": f"Région {run.region.name}", "bordereau": _printed_bytes(run)} | more
    return Batch(
        number=run.number, created=created, execution_date=day, orders=bordereau.rows(orders), total=run.total, **given
    )


def _printed_bytes(run: PaymentRun) -> bytes:
    return store.get(run.bordereau.sha256) if run.bordereau else b""


def _supporting(orders: Iterable[PaymentOrder]) -> Iterator[SupportingDocument]:
    for order in orders:
        for document in supporting.of_order(order):
            yield _piece(order.number, document.name, document.sha256)


def _piece(order_number: str, name: str, sha256: str) -> SupportingDocument:
    return SupportingDocument(order_number=order_number, name=name, content=store.get(sha256), sha256=sha256)


def _document(run: PaymentRun, content: bytes, name: str, media_type: str, kind: DocumentKind) -> Document:
    return Document.objects.create(
        kind=kind, name=name, media_type=media_type, size=len(content), sha256=store.put(content),
        added_by=User.objects.system(), added_at=run.created_at,
    )  # fmt: skip


# --- handed out again


def name_of(run: PaymentRun) -> str:
    """The name under which the file of a batch is handed out."""
    return f"{run.number}{FORMATS[run.output].suffix}"


def write(run: PaymentRun, out: IO[bytes]) -> None:
    """Write the file of a batch again; raises store.Altered when it would not be the one that was sent."""
    if run.kept is None:
        raise FileNotFoundError(run.number)
    if run.output == ACCOUNTANT:
        _write_package(run, run.kept, out)
    else:
        out.write(store.get(run.kept.sha256))
    out.seek(0)


def _write_package(run: PaymentRun, kept: Document, out: IO[bytes]) -> None:
    members = read_manifest(store.get(kept.sha256)).members
    pieces = (_piece(m.order, m.name, m.sha256) for m in members if m.order)
    orders = list(run.orders.select_related("application", "claim").order_by("number"))
    if package.write(_batch(run, orders, documents=pieces), out) != run.file_sha256:  # type: ignore[arg-type]
        raise store.Altered(run.number)
