# Python 3.11+ and make are all that is asked; everything else is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check generate bench clean

help: ## what can be asked of make
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \
	  || { echo "LinMai needs Python 3.11 to 3.14; found $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

# A stamp per lock file: pip runs again only when the lock or the project's metadata changed.
$(VENV)/.installed: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.installed ## make .venv and install the pinned dependencies

setup-dev: $(VENV)/.installed-dev ## the same, with what tests and checks need

demo: setup ## load the demo district and serve its pages on 127.0.0.1
	$(BIN)/linmai demo

test: setup-dev ## every test, on both engines
	$(BIN)/python -m pytest -q

check: setup-dev ## style, types, dependency direction, freshness of generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m graph.generate --check

generate: setup ## write graph/queries.py and the generated pages of docs/
	$(BIN)/python -m graph.generate

bench: setup-dev ## ours beside what a user would do instead
	$(BIN)/python -m benchmarks

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis artifacts
