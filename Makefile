# Every verb of this project. `make` alone prints them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
PYTEST := $(BIN)/python -m pytest

.PHONY: help run test check faults bench load scale lock lab clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(STAMP) ## all pages of all 27 countries, from nothing; only what is stale is made
	@$(BIN)/ncc init --if-missing --sample
	@$(BIN)/ncc run

test: $(STAMP) ## environment and all tests
	@$(PYTEST) -n 2 --dist worksteal

check: $(STAMP) ## format, lint, types, floors: seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) -q tests/test_floors.py tests/test_notebooks.py tests/test_docs.py

faults: $(STAMP) ## the long faults: writers killed a thousand times
	$(PYTEST) -q tests/faults --long

bench: $(STAMP) ## side by side: our batch against xargs, papermill and nbconvert
	$(BIN)/python tests/bench/batch.py

load: $(STAMP) ## the form under load: time to a working control, CPU, memory, many people saving
	$(BIN)/python tests/bench/forms.py

scale: $(STAMP) ## the map at scale: import, first view and filters at 1 000, 10 000 and 100 000
	$(BIN)/python tests/bench/scale.py
	$(BIN)/python tests/bench/served_map.py --rows 100000

lab: $(STAMP) ## open the workbooks in JupyterLab
	@$(BIN)/ncc lab

lock: ## pin what is installed now, without addresses
	$(BIN)/python -m pip freeze --exclude-editable | grep -v ' @ ' > requirements.lock

clean: ## take the environment away; the store and the pages stay
	rm -rf $(VENV)

$(STAMP): pyproject.toml requirements.lock $(wildcard ncc_kernel/briefs/templates/ncc_brief/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make run PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (a minute or two, once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@# jsonschema compiles a grammar of internationalised addresses whenever it is imported, if it finds
	@# this optional package: 1.4 s for each kernel, papermill and nbconvert, for a check nobody asks for.
	@$(BIN)/python -m pip uninstall --quiet --yes rfc3987-syntax 2>/dev/null
	@touch $@
