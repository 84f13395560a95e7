# Everything a person needs: make run, make demo, make test. Needs Python 3.11+, git and a network the first time.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test soak check format bench clean

run: .venv/ready
	@$(BIN)/lockwright

# People, staff and a case in every state; both apps over SSH on this machine. make demo HOME_FOLDER=dir
demo: .venv/ready
	@$(BIN)/lockwright-admin $(if $(HOME_FOLDER),--home $(HOME_FOLDER)) demo run

test: .venv/ready-dev
	$(BIN)/python -m pytest -n 4 --dist worksteal

# The same races, kills and fuzz at the full count of the issues.
soak: .venv/ready-dev
	LOCKWRIGHT_SOAK=1 $(BIN)/python -m pytest -n 4 --dist worksteal --timeout 7200
	$(BIN)/python -m bench desk --scale 10

check: .venv/ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev
	$(BIN)/python -m bench

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lockwright needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }  # half of one would stand in the way (Debian: apt install python3-venv)

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	@echo "Setting up (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@
