"""Addresses of the provider: his files, his answers, his accreditations."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.provider import accreditations, bank, complaints, confirmation, file, files

urlpatterns: list[URLPattern | URLResolver] = [
    path("", files.files, name="provider-files"),
    path("engagement/<str:token>/", confirmation.confirm, name="provider-confirm"),
    path("dossiers/<str:reference>/reponse/", file.answer, name="provider-answer"),
    path("dossiers/<str:reference>/rapport/", file.report, name="provider-report"),
    path("coordonnees-bancaires/", bank.choose, name="provider-banks"),
    path("coordonnees-bancaires/<int:pk>/", bank.page, name="provider-bank"),
    path("coordonnees-bancaires/<int:pk>/<int:change>/retirer/", bank.withdraw, name="provider-bank-withdraw"),
    path("reclamations/", complaints.complain, name="provider-complaints"),
    path("habilitations/", accreditations.accreditations, name="provider-accreditations"),
    path("habilitations/<int:pk>/demander/", accreditations.apply, name="provider-apply"),
    path("habilitations/demandes/<int:pk>/", accreditations.accreditation, name="provider-accreditation"),
    path("habilitations/demandes/<int:pk>/presentation/", accreditations.present, name="provider-present"),
    path("habilitations/demandes/<int:pk>/experts/", accreditations.add_expert, name="provider-expert"),
    path(
        "habilitations/demandes/<int:pk>/experts/<int:expert>/retirer/",
        accreditations.remove_expert,
        name="provider-expert-remove",
    ),
    path("habilitations/demandes/<int:pk>/pieces/", accreditations.add_document, name="provider-document-add"),
    path("habilitations/demandes/<int:pk>/deposer/", accreditations.hand_in, name="provider-hand-in"),
    path("habilitations/pieces/<int:pk>/", accreditations.document, name="accreditation-document"),
]
