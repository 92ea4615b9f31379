# What README names. Everything is installed into .venv from hashed locks; nothing else is touched.

PYTHON ?= python3
SEEDS ?= 20
JOBS ?= 300
BIN := .venv/bin
export PORT RADIOGRAPHS DEMO_PASSWORD RADRATE_TEST_IMAGES

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-all chaos lint lock

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: .venv/runtime  ## run RadRate here with example data (PORT, RADIOGRAPHS, DEMO_PASSWORD)
	@$(BIN)/python manage.py demo

demo-reset: .venv/runtime  ## delete what the demo keeps under var/
	@$(BIN)/python -m radrate.embedded wipe
	@rm -rf var

test: .venv/development  ## everything that must hold before a change lands
	@$(BIN)/python -m tests.run

test-all: .venv/development  ## the same with the long ones
	@$(BIN)/python -m tests.run --all

chaos: .venv/development  ## campaigns under random faults (SEEDS, JOBS); minutes a seed
	@$(BIN)/python -m tests.faults.chaos --seeds $(SEEDS) --jobs $(JOBS)

lint: .venv/development  ## style, types, templates, import contracts
	@$(BIN)/python -m tests.run --lint

lock:  ## resolve the locks anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --group dev pyproject.toml -c requirements.lock \
	    -o requirements-dev.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "RadRate needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock | .venv/bin/python
	@echo "Installing RadRate's libraries into .venv"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on \
	    --require-hashes -r requirements.lock
	@touch $@

.venv/development: requirements.lock requirements-dev.lock | .venv/bin/python
	@echo "Installing RadRate's libraries and tools into .venv"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on \
	    --require-hashes -r requirements-dev.lock
	@touch $@
