# Everything that is done often. `make` alone says what there is.
#
# Each target does its own set-up in .venv, from the exact versions in constraints.txt, and only once: stamps in .venv
# remember. Nothing but Python, make and (for `make test`) apt has to be on the machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python -m tools.node
CLIENT_SOURCES := $(shell find client_web/src client_web/build client_web/public 2>/dev/null) \
    $(wildcard client_web/.npmrc client_web/*.html client_web/*.json client_web/vite.config.ts)
BUILT_FROM := pyproject.toml constraints.txt hatch_build.py $(CLIENT_SOURCES)

# The second is for the build's own environment (hatchling, Node).
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak format clean chromium
.DELETE_ON_ERROR:

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo-ready ## Open the sample alley (ARGS="--port 8080 --bots 20")
	$(BIN)/yokocho demo $(ARGS)

# The tests start some two hundred servers, and each would compile its modules again.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.dev-ready chromium ## Run every test (ARGS="tests/world -k chat" for some of pytest's)
	$(NODE) vitest run
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev-ready ## Formats, lint, types, layers, generated code, bundle budget, package contents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.gen_wire --check
	$(BIN)/python -m tools.gen_identity --check
	$(NODE) biome ci $(if $(MAKE_TERMOUT),,--colors=off) .
	$(NODE) tsc --project tsconfig.json
	$(NODE) tsc --project tsconfig.tests.json
	$(BIN)/python -m tools.bundle_budget
	rm -rf dist
	$(BIN)/hatchling build
	$(BIN)/check-wheel-contents dist
	$(BIN)/python -m tools.check_sdist dist

bench: $(VENV)/.dev-ready ## Measure beside a C floor and Colyseus, write bench/out/report.md (20 minutes; ARGS=--quick: 6)
	$(BIN)/python -m bench.report $(ARGS)

soak: $(VENV)/.dev-ready ## Half an hour of visitors who come and go: does anything grow?
	$(BIN)/python -m bench.soak $(ARGS)

format: $(VENV)/.dev-ready ## Put every file into the house's form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(NODE) biome check --write .

clean: ## Remove what was made here, the virtual environment too
	rm -rf $(VENV) dist yokocho/static client_web/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python-ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Yokocho needs Python 3.11 or newer. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    tools/apt_install.sh "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --upgrade pip
	@touch $@

$(VENV)/.demo-ready: $(BUILT_FROM) | $(VENV)/.python-ready
	@echo "Setting up (the first time takes a minute)"
	@$(BIN)/python -m pip install -qq --editable .
	@touch $@

$(VENV)/.dev-ready: $(BUILT_FROM) | $(VENV)/.python-ready
	@echo "Setting up with the tools for tests (the first time takes two minutes)"
	@$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@ $(VENV)/.demo-ready

chromium:
	@command -v chromium >/dev/null 2>&1 || tools/apt_install.sh chromium
