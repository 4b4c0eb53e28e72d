"""Addresses that anybody may read before signing in."""

from django.urls import URLPattern, URLResolver, path, re_path

from backoffice.views.public import diagnosis, figures, operations, orientation, schemes, simulator

urlpatterns: list[URLPattern | URLResolver] = [
    path("aides/", schemes.schemes, name="schemes"),
    path("ai-je-droit/", orientation.orientation, name="orientation"),
    path("autodiagnostic/", diagnosis.diagnosis, name="self-diagnosis"),
    path("chiffres/", figures.listing, name="figures"),
    path("chiffres/<slug:code>/", figures.scheme, name="figures-of"),
    re_path(r"^chiffres/(?P<code>[-\w]+)\.(?P<form>xlsx|csv)$", figures.file, name="figures-file"),
    path("subventions/<str:code>.csv", figures.subsidies, name="subsidies-file"),
    path("operations-feder/", operations.listing, name="published-operations"),
    re_path(r"^operations-feder\.(?P<form>xlsx|csv)$", operations.file, name="published-operations-file"),
    path("simulateur/<slug:code>/", simulator.simulator, name="simulator"),
]
