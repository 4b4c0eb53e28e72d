"""The invoices that an order pays: each once, whatever the file, the claim or the way it came."""

from __future__ import annotations

from django.db import models

from applications.models.application import Application
from applications.models.claim import Claim


class OrderedInvoice(models.Model):
    """An invoice of a supplier that one file has had ordered; `number` without spaces or case.

    Several lines and claims of that file may share it, another file never. The row goes when the order
    that made it is cancelled or rejected.
    """

    supplier_siret = models.CharField(max_length=14)
    number = models.CharField(max_length=40)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="ordered_invoices")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="ordered_invoices")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier_siret", "number"], name="invoice_ordered_by_one_file"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_siret} {self.number}"
