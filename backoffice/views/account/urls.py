"""Addresses of sign-in and of one's own account.

The `account_…` names are those by which the account library finds its own pages.
"""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path

from backoffice.demo.world import ACCOUNTS
from backoffice.views.account import interests, language, mails, profile, representation
from backoffice.views.account.sign_up import sign_up

sign_in = account.LoginView.as_view(extra_context={"demo_accounts": ACCOUNTS})

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", sign_in, name="sign-in"),
    path("connexion/", sign_in, name="account_login"),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", account.confirm_login_code, name="account_confirm_login_code"),
    path("deconnexion/", account.logout, name="sign-out"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("compte-ferme/", account.account_inactive, name="account_inactive"),
    path("inscription/", sign_up, name="sign-up"),
    path("inscription/", sign_up, name="account_signup"),
    path("inscription/adresse/", account.email_verification_sent, name="account_email_verification_sent"),
    path("mot-de-passe/oubli/", account.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oubli/code/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oubli/nouveau/",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "mot-de-passe/oubli/fait/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("mon-compte/", profile.profile, name="account"),
    path("mon-compte/", profile.profile, name="account_email"),
    path("mon-compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("mon-compte/premier-mot-de-passe/", account.password_set, name="account_set_password"),
    path("mon-entreprise/", representation.my_firm, name="my-firm"),
    path("mon-compte/interets/", interests.interests, name="interests"),
    path("courriels/", mails.caught, name="mails"),
    path("langue/setlang/", language.set_language, name="set_language"),
]
