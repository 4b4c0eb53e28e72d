"""Addresses that anybody may read before signing in."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.public import diagnosis, orientation, schemes, simulator

urlpatterns: list[URLPattern | URLResolver] = [
    path("aides/", schemes.schemes, name="schemes"),
    path("ai-je-droit/", orientation.orientation, name="orientation"),
    path("autodiagnostic/", diagnosis.diagnosis, name="self-diagnosis"),
    path("simulateur/<slug:code>/", simulator.simulator, name="simulator"),
]
