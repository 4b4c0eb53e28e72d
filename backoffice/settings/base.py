"""Settings common to every place; what differs is in dev, test and production."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "viewflow",
    "viewflow.workflow",
    "django_fsm",
    "django_htmx",
    "allauth",
    "allauth.account",
    "regions",
    "applications",
    "workflows",
    "reporting",
    "backoffice",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backoffice.views.account.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backoffice.views.resume.LostSessionMiddleware",
    "backoffice.views.base.RefusalMiddleware",
]

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["backoffice.templatetags.words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backoffice.context.guichet",
            ],
        },
    },
]

AUTH_USER_MODEL = "regions.User"
AUTHENTICATION_BACKENDS = ["workflows.auth.ScopeBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Sign-in by password or by a code sent by e-mail; an address is proved before the account works.
ACCOUNT_ADAPTER = "backoffice.views.account.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "backoffice.views.account.forms.SignInForm",
    "signup": "backoffice.views.account.forms.SignUpForm",
    "request_login_code": "backoffice.views.account.forms.AskCodeForm",
    "confirm_login_code": "backoffice.views.account.forms.CodeForm",
    "confirm_email_verification_code": "backoffice.views.account.forms.AddressCodeForm",
    "reset_password": "backoffice.views.account.forms.RecoveryForm",
    "confirm_password_reset_code": "backoffice.views.account.forms.RecoveryCodeForm",
    "reset_password_from_key": "backoffice.views.account.forms.NewPasswordForm",
    "change_password": "backoffice.views.account.forms.ChangePasswordForm",
    "set_password": "backoffice.views.account.forms.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Guichet – "
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "request_login_code": "20/m/ip,3/m/key"}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "guichet.sweep", "schedule": 60.0},
    "nightly": {"task": "guichet.nightly", "schedule": 24 * 3600.0},
    "redraw": {"task": "guichet.redraw_samples", "schedule": 24 * 3600.0},
    "purge": {"task": "guichet.purge_reports", "schedule": 24 * 3600.0},
}

GUICHET_VERSION = "0.1.0"
GUICHET_SOURCE_URL = "https://example.org/guichet"
HOME = VAR_DIR
GUICHET_DOCUMENTS_DIR = VAR_DIR / "documents"
GUICHET_SEALS_DIR = VAR_DIR / "seals"
GUICHET_WORK_DIR = VAR_DIR / "work"  # files being written; may be emptied while no worker runs
GUICHET_SIMULATED_CLOCK = False
GUICHET_CLOCK_BEHIND = 0  # seconds; only a demonstration lives in the past
GUICHET_SEAL_ADDRESSES: list[str] = []
GUICHET_TIMESTAMP_URL = ""  # an RFC 3161 authority; empty: seals are not time-stamped
GUICHET_TIMESTAMP_ROOTS = ""  # PEM file of the roots that its certificate must lead to
GUICHET_SEAL_KEY = ""  # PEM file of the key that signs the seals; empty: they are not signed
GUICHET_SEAL_KEY_PASSWORD = ""
GUICHET_SEAL_CERTIFICATE = ""  # PEM file: the key's certificate, then those between it and its root
GUICHET_HASH_SALT = ""
GUICHET_MAIL_DOMAIN = "guichet.invalid"
GUICHET_BASE_URL = "http://127.0.0.1:8000"
GUICHET_COMPANY_DIRECTORY = "local"
GUICHET_COMPANY_SEARCH_URL = "https://recherche-entreprises.api.gouv.fr"

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = "guichet@example.org"


def sqlite(path: Path) -> dict[str, object]:
    """SQLite with write-ahead log; IMMEDIATE takes the write lock at BEGIN, so no upgrade deadlock."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def filesystem_broker(folder: Path) -> dict[str, object]:
    """Celery's transport without a server: messages are files in one folder."""
    queue, control = folder / "queue", folder / "control"
    for path in (queue, control):
        path.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": 0.02,
    }
