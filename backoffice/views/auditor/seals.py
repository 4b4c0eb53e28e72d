"""The daily seals as the auditor sees them: which are time-stamped and signed, and the files that prove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from backoffice.views.auditor import perimeter
from backoffice.views.base import for_roles
from reporting.keyset import LATEST_FIRST, page
from reporting.pack.proofs import ENDINGS
from workflows import seal_proofs
from workflows.models import Seal, SealProof

TAB = "sceaux"
LETTERS = ("content", "certificate")
ROOT = "seal"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a line says of a kind of proof: the proof, or that it is waited for."""

    kind: str
    label: Any
    proof: SealProof | None
    waited: bool


@require_safe
@for_roles(perimeter.HERE)
def listing(request: HttpRequest) -> HttpResponse:
    """The seals, the latest first; they cover every file of the house, of which they show nothing but a hash."""
    proofs = Prefetch("proofs", SealProof.objects.defer(*LETTERS), to_attr="known")
    rows = Seal.objects.defer("content").prefetch_related(proofs)
    shown, wanted = page(rows, LATEST_FIRST, request.GET.get("after", "")), seal_proofs.wanted()
    context = perimeter.tabs(TAB) | {
        "page": shown, "kept": "", "zone": perimeter.zone(perimeter.regions(request)), "wanted": wanted,
        "rows": [(seal, _shown(seal, wanted)) for seal in shown.rows],
    }  # fmt: skip
    return render(request, "auditor/seals.html", context)


def _shown(seal: Any, wanted: list[str]) -> list[Shown]:
    known = {proof.kind: proof for proof in seal.known}
    kinds = SealProof.Kind
    return [Shown(kind.value, kind.label, known.get(kind), kind.value in wanted) for kind in kinds]


@require_safe
@for_roles(perimeter.HERE)
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The seal in letters, or one of its proofs as it came: what openssl is given."""
    seal = get_object_or_404(Seal.objects.defer("content"), pk=pk)
    name, content = _root(seal) if kind == ROOT else _proof(seal, kind)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _root(seal: Seal) -> tuple[str, bytes]:
    return f"{seal.day}.txt", seal_proofs.covered(seal)


def _proof(seal: Seal, kind: str) -> tuple[str, bytes]:
    """A proof by its kind, or the certificate of who made it."""
    kind, _dash, part = kind.partition("-")
    proof = seal.proofs.filter(kind=kind).first()
    if proof is None or part not in PARTS:
        raise Http404
    ending, content = PARTS[part](proof)
    return f"{seal.day}.{ending}", content


def _whole(proof: SealProof) -> tuple[str, bytes]:
    return ENDINGS[proof.kind], bytes(proof.content)


def _certificate(proof: SealProof) -> tuple[str, bytes]:
    return f"{proof.kind}.pem", proof.certificate.encode("ascii")


PARTS: dict[str, Callable[[SealProof], tuple[str, bytes]]] = {"": _whole, "certificate": _certificate}
