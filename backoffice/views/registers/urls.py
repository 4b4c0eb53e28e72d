"""Addresses of the national registers."""

from django.urls import URLPattern, URLResolver, path, re_path

from backoffice.views.registers import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="registers"),
    path("inscrire/<int:pk>/", pages.enter, name="register-enter"),
    path("publier/<int:pk>/", pages.publish, name="register-publish"),
    path("corriger/<int:pk>/", pages.correct, name="register-correct"),
    re_path(r"^(?P<key>[a-z-]+)\.(?P<form>xlsx|csv)$", pages.export, name="register-export"),
    path("<slug:key>/", pages.listing, name="register"),
]
