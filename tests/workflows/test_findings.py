"""Findings of the audit: hidden until sent, answered by others, closed; the file’s history never tells of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from applications.models import AuditFinding
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from tests.roles import hold
from workflows import emails, findings, gate
from workflows.acts import Denied, Forbidden, NotFound, TooLate
from workflows.chain import key
from workflows.models import Event, OutboxMessage
from workflows.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FOUND = {
    "kind": "evidence", "title": "Facture sans preuve de paiement", "asked": "Le relevé bancaire.",
    "amount": Decimal("300.00"), "words": "La facture 12 n’est pas acquittée.",
}  # fmt: skip


def drafted(world: World, **more: Any) -> AuditFinding:
    case = Case(world, "F01").fill(SITE).file_it()
    gate.open_finding(world.staff["auditor"], case.pk, **(FOUND | more))
    return AuditFinding.objects.get()


def act(world: World, role: str, name: str, **given: Any) -> AuditFinding:
    found = AuditFinding.objects.get()
    gate.move(world.staff[role], "finding", found.pk, name, **given)
    return AuditFinding.objects.get()


def soon() -> Any:
    return clock.today() + timedelta(days=30)


def test_a_draft_is_its_authors_alone_and_the_file_does_not_tell_of_it(world: World) -> None:
    found = drafted(world)
    before = Event.objects.filter(subject=key(found.application)).count()
    act(world, "auditor", "revise", **(FOUND | {"amount": Decimal("250.00"), "reason": FOUND["words"]}))
    colleague = world.staff["notifier"]
    hold(colleague, RoleKind.AUDITOR, world.region)
    for user in (world.staff["officer"], world.staff["decider"], colleague, world.managers["F01"]):
        assert not AuditFinding.objects.for_user(user).exists()
        with pytest.raises(NotFound):
            gate.move(user, "finding", found.pk, "send", answer_by=soon())
    assert Event.objects.filter(subject=key(found.application)).count() == before
    assert not findings.to_answer([world.region]).exists()
    assert act(world, "auditor", "discard").state == "discarded"
    assert not AuditFinding.objects.for_user(world.staff["officer"]).exists()
    assert verify().faults == []


def test_sent_answered_asked_again_and_closed(world: World) -> None:
    drafted(world)
    with pytest.raises(Denied, match="après aujourd’hui"):
        act(world, "auditor", "send", answer_by=clock.today())
    found = act(world, "auditor", "send", answer_by=soon())
    assert (found.state, found.number) == ("sent", f"C-{found.application.reference}-1")
    assert [row.pk for row in findings.to_answer([world.region])] == [found.pk]
    with pytest.raises(Denied, match="accepte le constat"):
        act(world, "officer", "answer", reason="Voici le relevé.")
    found = act(world, "officer", "answer", reason="Voici le relevé.", agreed=False)
    assert (found.state, found.agreed) == ("answered", False)
    act(world, "auditor", "ask_again", reason="Le relevé est illisible.", answer_by=soon())
    act(world, "decider", "answer", reason="Nouvelle copie.", agreed=True)
    with pytest.raises(Denied, match="dépasser le montant constaté"):
        act(world, "auditor", "close", reason="Soldé.", retained=Decimal("300.01"))
    found = act(world, "auditor", "close", reason="Corrigé de 120 €.", retained=Decimal("120.00"))
    assert (found.state, found.retained, found.ended_on) == ("closed", Decimal("120.00"), clock.today())
    with pytest.raises(TooLate):
        act(world, "auditor", "withdraw", reason="Trop tard.")
    assert verify().faults == []


def test_who_found_does_not_answer_and_who_answered_does_not_close(world: World) -> None:
    drafted(world)
    hold(world.staff["auditor"], RoleKind.OFFICER, world.region)
    hold(world.staff["officer"], RoleKind.AUDITOR, world.region)
    act(world, "auditor", "send", answer_by=soon())
    with pytest.raises(Forbidden, match="Une autre personne"):
        act(world, "auditor", "answer", reason="Je réponds à moi-même.", agreed=True)
    act(world, "officer", "answer", reason="Vu.", agreed=True)
    for name, given in (("close", {"retained": Decimal(0)}), ("withdraw", {}), ("ask_again", {"answer_by": soon()})):
        with pytest.raises(Forbidden, match="Une autre personne"):
            act(world, "officer", name, reason="Vu.", **given)


@pytest.mark.parametrize(
    "wrong", [{"kind": "?"}, {"title": " "}, {"asked": ""}, {"amount": Decimal("-1")}, {"words": ""}]
)
def test_a_finding_says_what_and_what_is_asked(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(Denied):
        drafted(world, **wrong)
    assert not AuditFinding.objects.exists()


def test_the_firms_draft_holds_no_finding(world: World) -> None:
    case = Case(world, "F01").fill(SITE)
    with pytest.raises((Denied, NotFound)):
        gate.open_finding(world.staff["auditor"], case.pk, **FOUND)


def told(template: str) -> tuple[emails.Mail, OutboxMessage]:
    message = OutboxMessage.objects.filter(template=template).latest("id")
    return emails.compose(message), message


def test_each_side_is_written_to_when_the_other_has_spoken_and_never_of_a_draft(world: World) -> None:
    found = drafted(world)
    act(world, "auditor", "revise", **(FOUND | {"reason": FOUND["words"]}))
    mails = OutboxMessage.objects.filter(template__startswith="finding")
    assert not mails.exists()
    found = act(world, "auditor", "send", answer_by=soon())
    mail, message = told("finding_sent")
    assert {world.staff["officer"].email, world.staff["decider"].email} <= set(mail.to)
    assert world.staff["auditor"].email not in mail.to
    assert found.number in mail.subject
    assert f"/{found.pk}/" in mail.body
    assert "300" not in mail.body + mail.subject
    assert (message.application, message.recipient) == (None, None)
    act(world, "officer", "answer", reason="Voici le relevé.", agreed=False)
    assert told("finding_answered")[0].to == [world.staff["auditor"].email]
    act(world, "auditor", "ask_again", reason="Illisible.", answer_by=soon())
    assert mails.filter(template="finding_sent").count() == 2


def test_who_follows_the_file_is_written_to_and_an_auditor_who_left_is_not(world: World) -> None:
    found = drafted(world)
    found.application.assigned_to = world.staff["decider"]
    found.application.save()
    act(world, "auditor", "send", answer_by=soon())
    assert set(told("finding_sent")[0].to) == {world.staff["decider"].email}
    act(world, "officer", "answer", reason="Vu.", agreed=True)
    world.staff["auditor"].roles.update(valid_to=clock.today() - timedelta(days=1))
    assert told("finding_answered")[0].to == []
