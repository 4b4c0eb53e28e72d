"""The English pages need the compiled catalogue, which is not kept in the repository."""

from __future__ import annotations

from tools import messages

messages.compile_catalogue()
