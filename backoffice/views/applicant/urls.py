"""Addresses of this part of the house."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.applicant import bank, claim, documents, members, requests, review, start, steps

urlpatterns: list[URLPattern | URLResolver] = [
    path("nouvelle/<slug:code>/", start.start, name="start"),
    path("<str:reference>/etape/<slug:slug>/", steps.step, name="step"),
    path("<str:reference>/devis/", steps.quote, name="step-quote"),
    path("<str:reference>/devis/retirer/", steps.remove_line, name="remove-line"),
    path("<str:reference>/prestataire/", steps.provider, name="step-provider"),
    path("<str:reference>/groupement/", members.members, name="step-members"),
    path("<str:reference>/groupement/retirer/", members.remove_member, name="remove-member"),
    path("<str:reference>/pieces/", documents.documents, name="step-documents"),
    path("<str:reference>/pieces/retirer/", documents.remove_document, name="remove-document"),
    path("<str:reference>/relecture/", review.review, name="review"),
    path("<str:reference>/accuse/", review.submitted, name="submitted"),
    path("coordonnees-bancaires/", bank.choose, name="firm-banks"),
    path("coordonnees-bancaires/<int:company>/", bank.page, name="firm-bank"),
    path("coordonnees-bancaires/<int:company>/<int:pk>/retirer/", bank.withdraw, name="firm-bank-withdraw"),
    path("<str:reference>/pieces-demandees/", requests.answer, name="firm-answer"),
    path("<str:reference>/pieces-demandees/<int:pk>/retirer/", requests.answer_remove, name="firm-answer-remove"),
    path("<str:reference>/pieces-demandees/envoyer/", requests.answer_send, name="firm-answer-send"),
    path("<str:reference>/retirer/", requests.withdraw, name="firm-withdraw"),
    path("<str:reference>/resultats/", requests.results, name="firm-results"),
    path("<str:reference>/recours/", requests.appeal, name="firm-appeal"),
    path("<str:reference>/paiement/", claim.start, name="firm-claim-new"),
    path("<str:reference>/paiement/<int:number>/", claim.page, name="firm-claim"),
    path("<str:reference>/paiement/<int:number>/livrable/", claim.facts, name="firm-claim-facts"),
    path("<str:reference>/paiement/<int:number>/factures/ajouter/<int:line>/", claim.line_add, name="firm-line-add"),
    path("<str:reference>/paiement/<int:number>/factures/<int:pk>/", claim.line_edit, name="firm-line"),
    path(
        "<str:reference>/paiement/<int:number>/factures/<int:pk>/retirer/", claim.line_remove, name="firm-line-remove"
    ),
    path(
        "<str:reference>/paiement/<int:number>/pieces/<int:pk>/retirer/",
        claim.document_remove,
        name="firm-paper-remove",
    ),
    path("<str:reference>/paiement/<int:number>/deposer/", claim.submit, name="firm-claim-submit"),
    path("<str:reference>/paiement/<int:number>/repondre/", claim.answer, name="firm-claim-answer"),
    path("<str:reference>/paiement/<int:number>/retirer/", claim.withdraw, name="firm-claim-withdraw"),
]
