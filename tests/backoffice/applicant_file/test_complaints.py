"""The page of a firm’s complaints: what she made there with its answer, and nothing that others said of her file."""

from __future__ import annotations

import pytest

from applications.models import Complaint
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from tests.backoffice.applicant_file.conftest import Browse
from tests.backoffice.test_pages import sound
from workflows import gate

pytestmark = pytest.mark.django_db
OTHERS = {"title": "Voisinage", "from_whom": "Dominique Voisin", "reason": "Elle a menti."}


def test_a_firm_reads_its_own_complaint_and_none_that_an_officer_registered(world: World, browse: Browse) -> None:
    """Whatever an officer says of where it came from, « une entreprise » too: another firm may have written it."""
    case = Case(world, "F01").fill(SITE).file_it()
    for source in Complaint.Source.values:
        gate.open_complaint(
            world.staff["officer"], world.region, about_file=case.file, source=source, channel="mail", **OTHERS
        )
        told = {"reason": "Nous avons vérifié.", "outcome": "rejected"}
        gate.move(world.staff["officer2"], "complaint", Complaint.objects.latest("pk").pk, "answer", **told)
    page, browser = f"/demandes/{case.file.reference}/reclamation/", browse(case.manager)
    browser.post(page, {"title": "Délai", "reason": "Trop long."})
    read = sound(browser.get(page).content.decode()).text
    assert all(words in read for words in ("Délai", "Trop long."))
    hidden = [*Complaint.objects.filter(channel="mail").values_list("number", flat=True), *OTHERS.values()]
    assert not [words for words in (*hidden, "Nous avons vérifié.") if words in read]
    assert browse(world.managers["F02"]).get(page).status_code == 404
