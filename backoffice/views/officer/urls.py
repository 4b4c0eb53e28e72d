"""Addresses of the region’s work on its files and on its providers’ accreditations."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.officer import accreditations, acts, appeals, bank, bulk, irregularities, ownership, recoveries

urlpatterns: list[URLPattern | URLResolver] = [
    path("lot/", bulk.bulk, name="bulk"),
    path("lot/resultat/", bulk.result, name="bulk-result"),
    path("habilitations/", accreditations.index, name="accreditations"),
    path("habilitations/<int:pk>/", accreditations.detail, name="accreditation"),
    path("habilitations/<int:pk>/acte/<str:name>/", accreditations.act, name="accreditation-act"),
    path("coordonnees/", bank.changes, name="bank-changes"),
    path("coordonnees/<int:pk>/", bank.change, name="bank-change"),
    path("coordonnees/<int:pk>/repondre/", bank.answer, name="bank-change-answer"),
    path("recouvrements/", recoveries.recoveries, name="recoveries"),
    path("recouvrements/<str:number>/", recoveries.recovery, name="recovery"),
    path("recouvrements/<str:number>/acte/<str:name>/", recoveries.act, name="recovery-act"),
    path("irregularites/", irregularities.listing, name="irregularities"),
    path("irregularites/registre.<str:form>", irregularities.export, name="irregularities-export"),
    path("irregularites/<str:number>/", irregularities.irregularity, name="irregularity"),
    path("irregularites/<str:number>/acte/<str:name>/", irregularities.act, name="irregularity-act"),
    path("<str:reference>/irregularite/", irregularities.open_, name="irregularity-open"),
    path("<str:reference>/indu/", recoveries.open_, name="recovery-open"),
    path("<str:reference>/entreprise/", ownership.owners, name="file-owners"),
    path("<str:reference>/entreprise/lien/", ownership.correct, name="file-owners-correct"),
    path("<str:reference>/entreprise/operation/", ownership.restructure, name="file-restructuring"),
    path("<str:reference>/recours/", appeals.appeal, name="appeal-answer"),
    path("<str:reference>/acte/<str:name>/", acts.act, name="file-act"),
    path("<str:reference>/mention/<str:kind>/", acts.record, name="file-record"),
    path("<str:reference>/confirmer/", acts.confirm, name="file-confirm"),
    path("<str:reference>/pieces/", acts.preview, name="request-preview"),
    path("<str:reference>/pieces/courrier.pdf", acts.letter, name="request-letter"),
    path("<str:reference>/pieces/envoyer/", acts.send, name="request-send"),
    path("<str:reference>/paiement/<int:number>/acte/<str:name>/", acts.claim_act, name="claim-act"),
    path("<str:reference>/paiement/<int:number>/lignes/", acts.claim_lines, name="claim-lines"),
    path("<str:reference>/paiement/<int:number>/sur-place/", acts.claim_visit, name="claim-visit"),
    path("<str:reference>/paiement/<int:number>/pieces/", acts.preview, name="claim-request-preview"),
    path("<str:reference>/paiement/<int:number>/pieces/courrier.pdf", acts.letter, name="claim-request-letter"),
    path("<str:reference>/paiement/<int:number>/pieces/envoyer/", acts.send, name="claim-request-send"),
]
