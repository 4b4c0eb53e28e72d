"""Every address of the house, one file of addresses per kind of reader."""

from django.urls import URLPattern, URLResolver, include, path

from backoffice.views import documents, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("dossiers/<str:reference>/", home.file_page, name="file"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("lots/<str:number>/fichier/", documents.batch_file, name="batch-file"),
    path("", include("backoffice.views.account.urls")),
    path("", include("backoffice.views.public.urls")),
    path("", include("backoffice.views.legal.urls")),
    path("demandes/", include("backoffice.views.applicant.urls")),
    path("instruction/", include("backoffice.views.officer.urls")),
    path("paiements/", include("backoffice.views.payments.urls")),
    path("audit/", include("backoffice.views.auditor.urls")),
    path("rapports/", include("backoffice.views.auditor.report_urls")),
    path("registres/", include("backoffice.views.registers.urls")),
    path("declarations/", include("backoffice.views.declarations.urls")),
    path("prestataire/", include("backoffice.views.provider.urls")),
    path("administration/", include("backoffice.views.manage.urls")),
    path("langue/", include("django.conf.urls.i18n")),
]
