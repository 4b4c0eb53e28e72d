"""Addresses of the auditor: he reads, asks for reports, and changes nothing."""

from django.urls import URLPattern, URLResolver, path, re_path

from backoffice.views.auditor import files, lists, packs, payments, reports, samples, seals

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.start, name="audit"),
    path("operations/", reports.ask, name="audit-operations"),
    path("operations.csv", reports.operations_csv, name="audit-operations-csv"),
    path("dossiers-d-audit/", packs.ask, name="audit-packs"),
    path("echantillons/", samples.listing, name="audit-samples"),
    re_path(r"^echantillons\.(?P<form>xlsx|csv)$", samples.export_all, name="audit-samples-export"),
    path("echantillons/nouveau/", samples.ask, name="audit-sample-new"),
    path("echantillons/<int:pk>/", samples.sample, name="audit-sample"),
    path("echantillons/<int:pk>/population.csv", samples.export, name="audit-sample-population"),
    path("echantillons/<int:pk>/tirer-a-nouveau/", samples.again, name="audit-sample-again"),
    path("echantillons/<int:pk>/resultats/", samples.enter, name="audit-sample-results"),
    path("echantillons/<int:pk>/conclusion/", samples.conclude, name="audit-sample-conclusion"),
    path("dossiers/<str:reference>/", files.file, name="audit-file"),
    path("dossiers/<str:reference>/decisions/<int:pk>/", files.decision, name="audit-decision"),
    path("sceaux/", seals.listing, name="audit-seals"),
    path("sceaux/<int:pk>/<slug:kind>/", seals.download, name="audit-seal-file"),
    path("mandats/<str:number>/", payments.payment, name="audit-payment"),
    path("bordereaux/<str:number>/", payments.batch, name="audit-batch"),
    path("retours/<int:pk>/fichier/", payments.return_file, name="audit-return-file"),
    re_path(r"^(?P<key>[a-z-]+)\.(?P<form>xlsx|csv)$", lists.export, name="audit-export"),
    path("<slug:key>/", lists.listing, name="audit-list"),
]
