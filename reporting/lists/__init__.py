"""The lists of the auditor: each is written once, for the screen, the spreadsheet and the CSV file."""

from reporting.lists.base import Filter, Listing
from reporting.lists.evidence import ACTS, DOCUMENTS
from reporting.lists.files import CLAIMS, FILES
from reporting.lists.money import BATCHES, LEDGER, ORDERS, RETURNS
from reporting.lists.runs import RUNS

LISTS: dict[str, Listing] = {
    listing.key: listing for listing in (FILES, CLAIMS, ORDERS, LEDGER, BATCHES, RETURNS, ACTS, DOCUMENTS, RUNS)
}

__all__ = ["LISTS", "Filter", "Listing"]
