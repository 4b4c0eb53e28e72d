"""Every address of the house."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path

from backoffice.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("dossiers/<str:reference>/", home.file_page, name="file"),
    path("connexion/", auth.LoginView.as_view(redirect_authenticated_user=True), name="sign-in"),
    path("deconnexion/", auth.LogoutView.as_view(), name="sign-out"),
    path("langue/", include("django.conf.urls.i18n")),
]
