"""One flow per kind of aid; the file's scheme says which one it follows."""

from __future__ import annotations

from typing import Any

from regions.enums import SchemeKind
from workflows.flows.consulting import ConsultingFlow
from workflows.flows.e_export import EExportFlow
from workflows.flows.voucher import VoucherFlow

FLOWS: dict[str, Any] = {
    SchemeKind.VOUCHER: VoucherFlow,
    SchemeKind.CONSULTING: ConsultingFlow,
    SchemeKind.E_EXPORT: EExportFlow,
}
