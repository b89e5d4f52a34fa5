# Everything a developer does, by name. `make` alone lists it; docs/developer.md tells the rest.

PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
RUN    := $(VENV)/bin/python
LOCKS  := requirements/build.txt requirements/base.txt requirements/postgres.txt requirements/dev.txt
INS    := $(LOCKS:.txt=.in)
UV     := $(shell command -v uv 2>/dev/null)
FRONT  := $(shell find src/brandwacht/site/frontend -type f 2>/dev/null)

INSTALLED := $(VENV)/.installed
PACKAGE   := $(VENV)/.package
NODE      := node_modules/.installed
BUILT     := node_modules/.built

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test pictures check bench fmt lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(PACKAGE) $(BUILT) ## Install what the project needs, in .venv and node_modules; again is instant
	@:

demo: setup ## Fill a demo in .local/demo and serve it on http://127.0.0.1:8000 (PORT=... for another port)
	@BRANDWACHT_DEMO=1 BRANDWACHT_DATA=.local/demo $(VENV)/bin/brandwacht demo --serve --port $(PORT)

test: setup ## Run the tests on SQLite and PostgreSQL and in the browser (LEG=sqlite, COVERAGE=1, ARGS="tests/soc -k ...")
	@$(RUN) -m tools.testlegs $(addprefix --leg ,$(LEG)) $(if $(COVERAGE),--coverage) -- $(ARGS)

pictures: setup ## Play the journeys and renew the pictures in docs/images that README and handleiding show
	@BRANDWACHT_PICTURES=docs/images $(RUN) -m pytest tests/journeys -q -p no:cacheprovider
	@rm -f docs/images/*.pdf
	@$(RUN) -m tools.pictures docs/images

check: setup ## Check style, types, who imports whom, migrations, templates, texts, links
	@$(RUN) -m tools.checks

bench: setup ## Measure the headline figures and renew bench/RESULTS.md (QUICK=1: less of the same)
	@$(RUN) bench/run.py $(if $(QUICK),--quick)

fmt: setup ## Put code in its form: order of imports, layout
	@$(RUN) -m ruff check --quiet --select I,UP --fix src tests tools bench
	@$(RUN) -m ruff format src tests tools bench

lock: $(PACKAGE) ## Renew the lock files from requirements/*.in and package.json
	@$(if $(UV),true,test -x .local/uv/bin/uv || { $(RUN) -m venv .local/uv && .local/uv/bin/python -m pip install --quiet --disable-pip-version-check uv; })
	@set -e; for name in base postgres dev build; do \
	  $(or $(UV),.local/uv/bin/uv) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --upgrade \
	    --python-version 3.11 requirements/$$name.in --output-file requirements/$$name.txt; done
	@npm update --package-lock-only --ignore-scripts
	@git diff --stat -- requirements package-lock.json

clean: ## Remove what make made; data in var/ and .local/ stays
	rm -rf $(VENV) node_modules src/brandwacht/site/static/dist src/*.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

# A file per step, so that a step runs again only when what it reads has changed.

$(INSTALLED): $(LOCKS)
	@sh tools/prerequisites.sh python "$(PYTHON)"
	@echo "Python packages into $(VENV), by $(if $(UV),uv,pip) ..."
	@test -x $(RUN) || $(if $(UV),$(UV) venv --quiet --seed --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))
	@$(if $(UV),$(UV) pip install --quiet --python $(RUN),$(RUN) -m pip install --quiet --disable-pip-version-check --no-input) \
	  --no-deps --require-hashes $(addprefix -r ,$(LOCKS))
	@touch $@

$(PACKAGE): $(INSTALLED) pyproject.toml
	@$(if $(UV),$(UV) pip install --quiet --python $(RUN),$(RUN) -m pip install --quiet --disable-pip-version-check --no-input) \
	  --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE): package.json package-lock.json .npmrc
	@sh tools/prerequisites.sh node
	@echo "Node packages into node_modules ..."
	@npm ci --ignore-scripts --loglevel=error
	@touch $@

$(BUILT): $(NODE) $(FRONT)
	@echo "Styles and scripts into src/brandwacht/site/static/dist ..."
	@npm run --silent build
	@touch $@
