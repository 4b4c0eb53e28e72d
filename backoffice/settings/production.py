"""Production: everything from the environment; an unsafe default is refused at start."""

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from .base import *  # noqa: F403
from .base import VAR_DIR

env = Env()


def secret(name: str) -> str:
    """A secret of at least 50 characters that is not one of the development ones."""
    value = env.str(name, "")
    if len(value) < 50 or value.startswith(("dev-only", "test-only")):
        raise ImproperlyConfigured(f"{name} must hold a secret of at least 50 characters.")
    return value


def required(name: str) -> str:
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def hosts() -> list[str]:
    given: list[str] = env.list("GUICHET_ALLOWED_HOSTS", [])
    names = [name for name in given if name]
    if not names or "*" in names:
        raise ImproperlyConfigured("GUICHET_ALLOWED_HOSTS must name the hosts served, without « * ».")
    return names


DEBUG = False
SECRET_KEY = secret("GUICHET_SECRET_KEY")
GUICHET_HASH_SALT = secret("GUICHET_HASH_SALT")
ALLOWED_HOSTS = hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

required("GUICHET_DATABASE_URL")
DATABASES = {"default": env.dj_db_url("GUICHET_DATABASE_URL", conn_max_age=60)}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("GUICHET_DATABASE_URL must name a PostgreSQL database in production.")

CELERY_BROKER_URL = required("GUICHET_BROKER_URL")
# Sign-in attempts are counted in the cache, so every web process must share one.
CACHES = {"default": env.dj_cache_url("GUICHET_CACHE_URL", CELERY_BROKER_URL)}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("GUICHET_TRUSTED_PROXIES", 1)
GUICHET_COMPANY_DIRECTORY = env.str("GUICHET_COMPANY_DIRECTORY", "open")
GUICHET_COMPANY_SEARCH_URL = env.str("GUICHET_COMPANY_SEARCH_URL", "https://recherche-entreprises.api.gouv.fr")
GUICHET_DOCUMENTS_DIR = env.path("GUICHET_DOCUMENTS_DIR", VAR_DIR / "documents")
GUICHET_SEAL_ADDRESSES = env.list("GUICHET_SEAL_ADDRESSES", [])
GUICHET_SEALS_DIR = env.path("GUICHET_SEALS_DIR", VAR_DIR / "seals")
# Optional: who time-stamps the daily seals, and what signs them (README, « Seals »).
GUICHET_TIMESTAMP_URL = env.str("GUICHET_TIMESTAMP_URL", "")
GUICHET_TIMESTAMP_ROOTS = env.str("GUICHET_TIMESTAMP_ROOTS", "")
GUICHET_SEAL_KEY = env.str("GUICHET_SEAL_KEY", "")
GUICHET_SEAL_KEY_PASSWORD = env.str("GUICHET_SEAL_KEY_PASSWORD", "")
GUICHET_SEAL_CERTIFICATE = env.str("GUICHET_SEAL_CERTIFICATE", "")
GUICHET_WORK_DIR = env.path("GUICHET_WORK_DIR", VAR_DIR / "work")

# Where the source of this installation can be had, which the licence asks for: `doctor` reminds of it.
GUICHET_SOURCE_URL = env.str("GUICHET_SOURCE_URL", GUICHET_SOURCE_URL)  # noqa: F405

# Where e-mails send their readers.
GUICHET_BASE_URL = env.str("GUICHET_BASE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}")
required("GUICHET_EMAIL_URL")
globals().update(env.dj_email_url("GUICHET_EMAIL_URL"))
DEFAULT_FROM_EMAIL = required("GUICHET_FROM_EMAIL")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("GUICHET_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
