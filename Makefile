# Python 3.11 to 3.14 and make are all that is asked; everything else is set up here.
VENV := .venv
BIN := $(VENV)/bin
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
# The first Python on the path that fits; `make PYTHON=/path/to/python3 ...` names another one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	  "$$p" -c '$(FITS)' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UNINSTALLABLE := { echo "The pinned dependencies could not be installed. Is the network there? pip said why above; run make again when it is mended."; exit 2; }
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header pyproject.toml --group build

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test announce-skips check generate bench bench-matching lock clean

help: ## what can be asked of make
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /@/' | awk -F@ '{ printf "make %-12s %s\n", $$1, $$2 }'

# $(VENV)/.made holds the folder that the environment was made in and is written last. One that was left half made,
# lost its Python or was moved with its folder is not sound, and is made again.
ifneq ($(shell [ "`cat $(VENV)/.made 2>/dev/null`" = "`pwd`" ] && $(BIN)/python -c 'import pip' 2>/dev/null && echo sound),sound)
.PHONY: $(VENV)/.made
endif
$(VENV)/.made:
	@$(PYTHON) -c '$(FITS)' 2>/dev/null || { \
	  echo "LinMai needs Python 3.11 to 3.14; found: `$(PYTHON) --version 2>&1`. Name another one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: its modules venv and ensurepip are missing. On Debian or Ubuntu: apt install python3-venv"; exit 2; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "The virtual environment $(VENV) could not be made. Is the disk full, or the folder not yours? Python said why above."; exit 2; }
	@pwd > $@

# A stamp per lock file: pip runs again only when the lock or the project's metadata changed. --no-deps, because a lock
# names everything: without it, pip before 25 takes the newest release for `pydantic[email]`, which no lock can name.
$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing the pinned dependencies into $(VENV) ..."
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements.lock || $(UNINSTALLABLE)
	@$(PIP_INSTALL) --no-build-isolation --no-deps -e . || $(UNINSTALLABLE)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what tests and checks need into $(VENV) ..."
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-dev.lock || $(UNINSTALLABLE)
	@touch $@

setup: $(VENV)/.installed ## make .venv and install the pinned dependencies

setup-dev: $(VENV)/.installed-dev ## the same, with what tests and checks need

demo: setup ## load the demo district and serve its pages on 127.0.0.1
	$(BIN)/linmai demo

test: announce-skips setup-dev ## every test, on every engine that can be run here
	$(BIN)/python -m pytest -q -rs -n logical --maxprocesses 4 --dist loadfile

announce-skips:
	@skipped=; \
	command -v mvn >/dev/null || skipped="$$skipped; those on Neo4j, unless its files were downloaded before (no Maven)"; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || skipped="$$skipped; those in a browser (no Chromium)"; \
	if [ -n "$$skipped" ]; then echo "Tests that will be skipped: $${skipped#; }"; else echo "No test will be skipped: Maven and Chromium are here"; fi

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

lock: setup-dev ## pin the dependencies anew after a change of pyproject.toml (LOCK_FLAGS=--upgrade for newer ones)
	$(LOCK) $(LOCK_FLAGS) -o requirements.lock
	$(LOCK) $(LOCK_FLAGS) --group dev -o requirements-dev.lock

bench-matching: setup-dev ## the plan beside first come, greedy, pandas, linprog, network simplex and SQL
	$(BIN)/python -m benchmarks.matching

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks artifacts dist
