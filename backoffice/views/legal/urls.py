"""Addresses of the pages that the law asks for, and of each person's own data."""

from django.urls import URLPattern, URLResolver, path

from backoffice.views.applicant import rights
from backoffice.views.legal import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("mentions-legales/", pages.notice, name="legal-notice"),
    path("confidentialite/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mes-donnees/", rights.page, name="rights"),
    path("mes-donnees/copie/", rights.export, name="rights-export"),
]
