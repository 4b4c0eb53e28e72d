"""Addresses of the administrator: people, money, rules, letters."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.manage import (
    absences,
    differences,
    envelopes,
    estimate,
    exchange,
    house,
    letters,
    people,
    schemes,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.people, name="manage-people"),
    path("personnes/proposer/", people.invite, name="manage-invite"),
    path("roles/<int:pk>/confirmer/", people.confirm, name="manage-role-confirm"),
    path("roles/<int:pk>/refuser/", people.decline, name="manage-role-decline"),
    path("roles/<int:pk>/terminer/", people.end, name="manage-role-end"),
    path("absences/", absences.absences, name="manage-absences"),
    path("absences/<int:pk>/annuler/", absences.cancel, name="manage-absence-cancel"),
    path("enveloppes/", envelopes.envelopes, name="manage-envelopes"),
    path("enveloppes/estimation/", estimate.budget_estimate, name="manage-estimate"),
    path("enveloppes/credits/", envelopes.budget, name="manage-budget"),
    path("enveloppes/virement/", envelopes.transfer, name="manage-transfer"),
    path("virements/<int:pk>/confirmer/", envelopes.confirm, name="manage-transfer-confirm"),
    path("virements/<int:pk>/refuser/", envelopes.decline, name="manage-transfer-decline"),
    path("ecarts/", differences.differences, name="manage-differences"),
    path("ecarts/verifier/", differences.check, name="manage-differences-check"),
    path("ecarts/<int:pk>/noter/", differences.note, name="manage-difference-note"),
    path("reglements/", schemes.versions, name="manage-versions"),
    path("reglements/proposer/", schemes.propose, name="manage-propose"),
    path("reglements/reprendre/", exchange.adopt, name="manage-adopt"),
    path("reglements/<int:pk>/fichier/", exchange.export, name="manage-export"),
    path("reglements/<int:pk>/completer/", exchange.complete, name="manage-complete"),
    path("reglements/<int:pk>/", schemes.version, name="manage-version"),
    path("reglements/<int:pk>/publier/", schemes.publish, name="manage-publish"),
    path("reglements/<int:pk>/comparer/", schemes.compare, name="manage-compare"),
    path("courriers/", letters.letters, name="manage-letters"),
    path("courriers/<int:pk>/renvoyer/", letters.again, name="manage-letter-again"),
    path("coordonnees/", house.contacts, name="manage-contacts"),
    path("coordonnees/<str:code>/", house.contact, name="manage-contact"),
    path("donnees-personnelles/", house.privacy, name="manage-privacy"),
    path("donnees-personnelles/<int:pk>/", house.answer, name="manage-privacy-answer"),
]
