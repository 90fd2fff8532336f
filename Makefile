# Needs Debian, make, Python 3.11 or later; `make test` also root, to install a browser and a server.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
JOBS ?= 2
PYTEST_ARGS ?=
unexport PYTHONDONTWRITEBYTECODE # or each server that a test starts would compile the portal anew

# What the tests need of Debian, and how to see that it is there.
DEBIAN_PACKAGES := chromium chromium-headless-shell curl postgresql fonts-dejavu-core
DEBIAN_PRESENT := test -x /usr/bin/chromium && test -x /usr/lib/chromium/chromium-headless-shell && \
  test -x /usr/bin/curl && ls /usr/lib/postgresql/*/bin/postgres

##@ Using it

.PHONY: run
run: $(VENV)/.run ## install what is missing and open the demo house on 127.0.0.1:8080
	@exec $(BIN)/zhkh-portal demo

.PHONY: install
install: $(VENV)/.run ## only install, into .venv

##@ Checking it

.PHONY: test
test: lint pytest ## everything: style, types, import contracts, tests

.PHONY: lint
lint: $(VENV)/.test ## style, types and import contracts
	@echo "== ruff check";    $(BIN)/ruff check --no-cache .
	@echo "== ruff format";   $(BIN)/ruff format --no-cache --check .
	@echo "== mypy --strict"; $(BIN)/mypy
	@echo "== lint-imports";  $(BIN)/lint-imports --no-cache --no-logo

.PHONY: pytest
pytest: system $(VENV)/.test ## the tests alone: make pytest PYTEST_ARGS="tests/domain -k rounding"
	@echo "== pytest";        $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

.PHONY: test-full
test-full: ## the same with larger counts, and the mutations
	@ZHKH_TEST_FULL=1 $(MAKE) --no-print-directory test mutation

.PHONY: mutation
mutation: $(VENV)/.test ## change the domain's code and see that a test notices
	@rm -rf mutants
	@$(BIN)/mutmut run
	@$(BIN)/mutmut export-cicd-stats
	@$(BIN)/python -m tests.mutation

.PHONY: bench
bench: system $(VENV)/.test ## measurements: how fast, how much memory
	@$(BIN)/python -m tests.bench

.PHONY: bench-full
bench-full: system $(VENV)/.test ## the same, a month of 1 000 000 accounts, and 240 phones on networks that fail at random
	@ZHKH_TEST_FULL=1 $(BIN)/pytest -n 2 --dist load tests/browser/test_random_network.py
	@ZHKH_TEST_FULL=1 $(BIN)/python -m tests.bench

.PHONY: pictures
pictures: system $(VENV)/.test ## what every page looks like, as PNG
	@$(BIN)/python -m tests.pictures

.PHONY: icons
icons: system $(VENV)/.test ## the home screen's icons, from static/icons/icon.svg
	@$(BIN)/python -m tests.pictures.icons

##@ Working on it

.PHONY: format
format: $(VENV)/.test ## put the code into shape
	@$(BIN)/ruff check --no-cache --fix-only .
	@$(BIN)/ruff format --no-cache .

.PHONY: lock
lock: $(VENV)/lock/bin/uv ## resolve the dependencies anew (every hash, any platform, no addresses)
	@$(UV_COMPILE) --extra build pyproject.toml -o requirements.lock
	@$(UV_COMPILE) --extra build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	@! grep -n '://' requirements.lock requirements-test.lock

.PHONY: clean
clean: ## forget everything that was installed or built here
	@rm -rf $(VENV) dist mutants .mypy_cache .ruff_cache .hypothesis

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- how ---------------------------------------------------------------------------------------

UV_COMPILE := UV_FIND_LINKS= $(VENV)/lock/bin/uv pip compile --no-config --quiet --upgrade \
  --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11+"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { apt-get -qq update && \
	  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "== installing into $(VENV): a minute, the first time"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "== installing into $(VENV), with what the tests need: a minute, the first time"
	@$(PIP) install --require-hashes -r requirements-test.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@

$(VENV)/lock/bin/uv: | $(BIN)/python
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --quiet install uv

.PHONY: system
system:
	@$(DEBIAN_PRESENT) >/dev/null 2>&1 || { echo "== installing $(DEBIAN_PACKAGES)"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
	  apt-get -qq install -y --no-install-recommends $(DEBIAN_PACKAGES); }
