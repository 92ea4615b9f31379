# What README names. Everything is installed into .venv from hashed locks; nothing else is touched.

PYTHON ?= python3
SEEDS ?= 20
JOBS ?= 300
RATINGS ?= 10000
BIN := .venv/bin
TORCH := torch==2.13.0
export PORT RADIOGRAPHS DEMO_PASSWORD RADRATE_TEST_IMAGES

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset experiments test test-all chaos chaos-ratings lint lock

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: .venv/runtime  ## run RadRate here with example data (PORT, RADIOGRAPHS, DEMO_PASSWORD)
	@$(BIN)/python manage.py demo

demo-reset: .venv/runtime  ## delete what the demo keeps under var/
	@$(BIN)/python -m radrate.embedded wipe
	@rm -rf var

experiments: .venv/runtime  ## the five experiments of the paper on films of your own (RADIOGRAPHS)
	@$(BIN)/python manage.py experiments "$${RADIOGRAPHS:?RADIOGRAPHS must name a folder of radiographs}"

test: .venv/development  ## everything that must hold before a change lands
	@$(BIN)/python -m tests.run

test-all: test .venv/diffusers  ## the same, then the long ones; installs torch for the CPU
	@$(BIN)/python -m tests.run --long

chaos: .venv/development  ## campaigns under random faults (SEEDS, JOBS); minutes a seed
	@$(BIN)/python -m tests.faults.chaos --seeds $(SEEDS) --jobs $(JOBS)

chaos-ratings: .venv/development  ## ratings on a network that fails (RATINGS); a quarter of an hour
	@$(BIN)/python -m tests.chaos.ratings --ratings $(RATINGS)

lint: .venv/development  ## style, types, templates, import contracts
	@$(BIN)/python -m tests.run --lint

lock:  ## resolve the locks anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --extra openai pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --extra openai --group dev pyproject.toml \
	    -c requirements.lock -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --extra openai --extra diffusers pyproject.toml \
	    -c requirements-dev.lock --no-emit-package torch -o requirements-diffusers.lock

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

# The lock has all but torch, whose builds for CPU and GPU differ in their hashes.
.venv/diffusers: requirements-diffusers.lock .venv/development
	@echo "Installing diffusers and torch into .venv"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on \
	    --require-hashes --no-deps -r requirements-diffusers.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on $(TORCH)
	@touch $@
