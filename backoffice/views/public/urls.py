"""Addresses that anybody may read before signing in."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.public import schemes, simulator

urlpatterns: list[URLPattern | URLResolver] = [
    path("aides/", schemes.schemes, name="schemes"),
    path("simulateur/<slug:code>/", simulator.simulator, name="simulator"),
]
