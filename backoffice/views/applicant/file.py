"""The firm’s page of its own file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.models import Application
from workflows import queues


def page(request: HttpRequest, file: Application) -> HttpResponse:
    """Where the file is, who has it now, what is due, what happened."""
    return render(request, "home/file.html", {"file": file, "history": queues.history(file)})
