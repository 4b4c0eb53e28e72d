"""The lists of the auditor: each is written once, for the screen, the spreadsheet and the CSV file."""

from reporting.lists.base import Filter, Listing
from reporting.lists.evidence import ACTS, DOCUMENTS
from reporting.lists.files import CLAIMS, FILES
from reporting.lists.irregularities import IRREGULARITIES
from reporting.lists.money import BATCHES, LEDGER, ORDERS, RETURNS
from reporting.lists.project import COMPONENTS, INSTALMENTS, MEMBERS, MOVEMENTS, RECOVERIES, SHARES
from reporting.lists.registers import AWARDS, CORRECTIONS, PUBLICATIONS
from reporting.lists.runs import RUNS
from reporting.lists.separation import SEPARATION

LISTS: dict[str, Listing] = {
    listing.key: listing
    for listing in (
        FILES, MEMBERS, CLAIMS, ORDERS, SEPARATION, LEDGER, BATCHES, RETURNS, RECOVERIES, IRREGULARITIES, SHARES,
        MOVEMENTS, COMPONENTS, INSTALMENTS, AWARDS, PUBLICATIONS, CORRECTIONS, ACTS, DOCUMENTS,
        RUNS,
    )
}  # fmt: skip

__all__ = ["FILES", "LISTS", "Filter", "Listing"]
