"""The embedded default: SQLite, a broker of files, mail to files; no server, no key, no network."""

import os

from .base import *  # noqa: F403
from .base import VAR_DIR, filesystem_broker, sqlite

DEBUG = os.environ.get("GUICHET_DEBUG") == "1"
SECRET_KEY = "dev-only-" + "0" * 48
GUICHET_HASH_SALT = "dev-only-salt"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
GUICHET_SIMULATED_CLOCK = True

# Everything this place writes is under one folder, so that the demonstration can begin anew.
HOME = VAR_DIR / os.environ.get("GUICHET_HOME", "demo")
HOME.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": sqlite(HOME / "guichet.sqlite3")}
GUICHET_DOCUMENTS_DIR = HOME / "documents"
GUICHET_SEALS_DIR = HOME / "seals"
GUICHET_WORK_DIR = HOME / "work"

# `demo` leaves how many seconds its calendar is behind the real one; the screens go on from its last day.
_clock = HOME / "clock"
GUICHET_CLOCK_BEHIND = int(_clock.read_text(encoding="ascii")) if _clock.is_file() else 0

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = filesystem_broker(HOME / "broker")

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
