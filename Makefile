# Everything a developer or CI does, by name; `make help` lists it.
PYTHON ?= python3
VENV := .venv
TOOL := $(VENV)/bin/schema-tool
STAMP := $(VENV)/.installed
# pip's own chatter is of interest only when it fails
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check

.PHONY: help apply test check lint types reset stop cases pairs states torture docs clean

help: ## list the targets
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

apply: $(STAMP) ## set up, start the embedded server, apply all migrations to it
	@echo "environment  $(VENV) ($$($(VENV)/bin/python --version))"
	@$(TOOL) apply --local --with-roles

test: $(STAMP) ## run every test on real servers
	@$(VENV)/bin/python -m pytest

check: $(STAMP) lint types test ## exactly what CI runs

lint: $(STAMP) ## style and dangers of the SQL, style of the Python
	@$(TOOL) lint
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check

types: $(STAMP) ## check the types
	@$(VENV)/bin/mypy

reset: $(STAMP) ## drop and rebuild the local database
	@$(TOOL) reset --local --with-roles

stop: ## stop the embedded server
	@if [ -x $(TOOL) ]; then $(TOOL) server stop; fi

docs: $(STAMP) ## write the generated parts of README anew
	@$(VENV)/bin/python -m tests.meta.readme

bench-%: $(STAMP) ## bench-NAME: print the ratios of tests/benchmarks/NAME.py
	@$(VENV)/bin/python -m tests.benchmarks.$* $(SIZES)

cases: $(STAMP) ## run every pair of schemas of tests/cases, both ways, on every server: make cases MAJORS=18 GO_ON=1
	@for major in $(or $(MAJORS),$$($(VENV)/bin/python -m tests.meta.kinds --majors)); do \
		SCHEMA_TOOL_CASES=$$major SCHEMA_TOOL_CASES_GO_ON=$(GO_ON) $(VENV)/bin/python -m pytest --tb=short tests/integration/test_cases.py & \
		running="$$running $$!"; done; failed=0; for each in $$running; do wait $$each || failed=1; done; \
		$(VENV)/bin/python -m tests.meta.kinds; $(VENV)/bin/python -m tests.meta.readme; exit $$failed

pairs: $(STAMP) ## diff random pairs of schemas: make pairs SEED=7 COUNT=1000
	@$(VENV)/bin/python -m tests.integration.pairs --keep-going --seed $(or $(SEED),1) --count $(or $(COUNT),100)

states: $(STAMP) ## diff what the case folders hold, each with others, parts and changes of it: make states SEED=7 COUNT=1000
	@$(VENV)/bin/python -m tests.integration.pairs --states --keep-going --seed $(or $(SEED),1) --count $(or $(COUNT),100)

torture: $(STAMP) ## kill runs at random instants: make torture SEED=7
	@$(VENV)/bin/python -m tests.integration.apply.torture --seed $(or $(SEED),1)

clean: stop ## remove the environment and caches; the local database stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "schema-tool needs Python 3.11 or newer; this is $$($(PYTHON) --version): make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])') (or your system's package of that name)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --editable '.[dev]'
	@# pip compiles what it installs, but for an editable package; half of a short command's time
	@$(VENV)/bin/python -m compileall -q schema_tool
	@touch $@
