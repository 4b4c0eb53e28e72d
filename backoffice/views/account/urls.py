"""Addresses of sign-in and of one's own account."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", auth.LoginView.as_view(redirect_authenticated_user=True), name="sign-in"),
    path("deconnexion/", auth.LogoutView.as_view(), name="sign-out"),
]
