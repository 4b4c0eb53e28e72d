"""Addresses of what is declared to the Union."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.declarations import operation, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="declarations"),
    path("operations/<int:pk>/", operation.sheet, name="operation"),
    path("operations/<int:pk>/demander/", pages.claim_new, name="operation-claim-new"),
    path("demandes/<int:pk>/", pages.claim, name="operation-claim"),
    path("demandes/<int:pk>/lignes/<int:line>/", pages.line_act, name="operation-claim-line"),
    path("demandes/<int:pk>/<slug:name>/", pages.claim_act, name="operation-claim-act"),
    path("programmes/<int:pk>/reprendre/", pages.firms_new, name="firms-declare"),
    path("programmes/<int:pk>/preparer/", pages.application_new, name="payment-application-new"),
    path("paiements/<int:pk>/", pages.application, name="payment-application"),
    path("paiements/<int:pk>/<slug:name>/", pages.application_act, name="payment-application-act"),
]
