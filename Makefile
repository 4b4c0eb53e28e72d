# Every verb of the house; `make help` lists them. Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check office serve bench tour doctor pins messages clean

help: ## List the verbs
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/runtime ## Carry the demonstration files from application to ERDF workbook, into var/demo
	@$(RUN) tools/messages.py compile
	@DJANGO_SETTINGS_MODULE=backoffice.settings.dev $(RUN) manage.py demo

test: $(VENV)/dev ## Install what the tests need and run all of them
	@$(RUN) tools/run_tests.py

check: $(VENV)/dev ## The quality checks: style, types, layers, templates, migrations, deployment
	@$(RUN) tools/check.py

office: $(VENV)/dev ## Open the workbooks with LibreOffice: no sheet lost, same totals to the cent
	@GUICHET_TEST_DB=sqlite $(RUN) tools/office_check.py

serve: $(VENV)/runtime ## Start web, worker and scheduler on the demonstration's database
	@$(RUN) tools/messages.py compile
	@DJANGO_SETTINGS_MODULE=backoffice.settings.dev $(RUN) manage.py serve

bench: $(VENV)/dev ## Print ratios measured side by side in one run
	@GUICHET_TEST_DATABASE_URL=$$($(RUN) tools/postgres.py) DJANGO_SETTINGS_MODULE=backoffice.settings.test $(RUN) manage.py bench

tour: $(VENV)/dev ## Photograph each role's main page into docs/tour.md
	@$(RUN) tools/tour.py

doctor: $(VENV)/runtime ## Say what is wrong with the installation, and what to do
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-backoffice.settings.dev} $(RUN) manage.py doctor

pins: $(VENV)/dev ## Compile the hashed requirements again from pyproject.toml
	@$(RUN) -m pip install --quiet uv
	@$(VENV)/bin/uv pip compile pyproject.toml -o requirements.txt --generate-hashes --no-emit-index-url --no-annotate --universal --custom-compile-command "make pins" --quiet
	@$(VENV)/bin/uv pip compile pyproject.toml --extra test --extra quality -o requirements-dev.txt --generate-hashes --no-emit-index-url --no-annotate --universal --custom-compile-command "make pins" --quiet

messages: $(VENV)/dev ## Add the new sentences to the English catalogue
	@$(RUN) tools/messages.py update

clean: ## Remove what the verbs made
	rm -rf $(VENV) var staticfiles
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Guichet runs on…"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need…"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/runtime
