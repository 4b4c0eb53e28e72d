"""Tests: PostgreSQL by default, SQLite on demand (GUICHET_TEST_DB=sqlite); nothing leaves the house.

`GUICHET_TEST_DATABASE_URL` names the server; without it `make test` finds the machine's own or starts
one from a pip package (see tools/postgres.py).
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from environs import Env

from .base import *  # noqa: F403
from .base import sqlite

env = Env()
SCRATCH = Path(tempfile.mkdtemp(prefix="guichet-test-"))

SECRET_KEY = "test-only-" + "0" * 48
GUICHET_HASH_SALT = "test-only-salt"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
GUICHET_SIMULATED_CLOCK = True
GUICHET_DOCUMENTS_DIR = SCRATCH / "documents"
GUICHET_SEALS_DIR = SCRATCH / "seals"
GUICHET_WORK_DIR = SCRATCH / "work"
STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if os.environ.get("GUICHET_TEST_DB") == "sqlite":
    DATABASES = {"default": sqlite(SCRATCH / "live.sqlite3") | {"TEST": {"NAME": SCRATCH / "test.sqlite3"}}}
else:
    url = env.str("GUICHET_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    served: dict[str, Any] = dict(env.dj_db_url("GUICHET_TEST_DATABASE_URL", url))
    # A test's rows need not outlive a power cut: a commit does not wait for the disk.
    unhurried = served.get("OPTIONS", {}) | {"options": "-c synchronous_commit=off"}
    DATABASES = {"default": served | {"OPTIONS": unhurried}}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No count of attempts from one test to the next: the tests of the limits bring their own cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
