"""The engine's version: quoted by each frozen decision, raised when a rule's code changes its outcome."""

ENGINE_VERSION = "1"
