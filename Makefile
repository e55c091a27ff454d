# The commands of this project. `make run` and `make test` set up whatever they need first.
#   make run  [PHONE_PORT=8000] [RECORD_PORT=8001] [INSTANCE=instance]
#   make test | make lint | make bench | make words | make lock | make clean
#   make sbom  [SBOM=sbom.json]
#   make load  [FACTOR=1]
#   make mutants [MINUTES=60] [SEED=n]
#   make shots  [ONLY="desk cy 360 dark"]
#   make soak  [MINUTES=60 for each fault] [SEED=n] [SOAK_REPORT=soak.md]
# PYTHON=python3.12 chooses an interpreter; without it the newest of 3.11 or later is taken.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# The doors start a hundred times in the tests: compiled once, also where a machine says otherwise.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
INSTANCE ?= instance
PHONE_PORT ?= 8000
RECORD_PORT ?= 8001
# What the front-end build reads; when one of these changes, it runs again.
WORDS := translations/cy/LC_MESSAGES/messages
FRONT_END := $(shell find static -path static/built -prune -o -type f -print 2>/dev/null)

.PHONY: help setup setup-test browsers run test lint lint-python lint-js test-js test-python bench load shots sbom mutants soak words lock clean

help:
	@sed -n '2,9s/^# *//p' Makefile

# --- set up: each step leaves a stamp, so that the second time takes no time ------------------

$(VENV)/made:
	@python=$$(.ci/find-python $(PYTHON)); \
	"$$python" -m venv $(VENV) || { \
	  echo "Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; }
	@touch $@

$(VENV)/installed-run: $(VENV)/made requirements.lock
	@echo "Installing what the server needs …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

# A superset of the above in the same versions, so that the two never undo each other.
$(VENV)/installed-test: $(VENV)/installed-run requirements-dev.lock
	@echo "Installing what the checks need …"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/installed-sharelog: $(VENV)/installed-run pyproject.toml hatch_build.py
	@$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/installed: $(VENV)/installed-run package.json package-lock.json .npmrc
	@echo "Installing what the front end needs …"
	@.ci/npm ci --silent
	@touch $@

static/built/files.json: node_modules/installed $(FRONT_END)
	@.ci/npm run --silent build
	@touch $@

# A line that is not sure of itself is no translation: --use-fuzzy stays away.
$(WORDS).mo: $(VENV)/installed-run $(WORDS).po
	@$(VENV)/bin/pybabel --quiet compile --statistics --locale cy --input-file $(WORDS).po --output-file $@

.venv-mutants/installed: $(VENV)/installed-sharelog requirements-mutants.lock
	@"$$(.ci/find-python $(PYTHON))" -m venv .venv-mutants
	@PIP_DISABLE_PIP_VERSION_CHECK=1 .venv-mutants/bin/pip install --quiet --require-hashes -r requirements-mutants.lock
	@.venv-mutants/bin/pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/installed-sharelog static/built/files.json $(WORDS).mo

setup-test: $(VENV)/installed-test setup

browsers: $(VENV)/installed-test
	@.ci/find-browsers $(VENV)/bin/python

# --- run ---------------------------------------------------------------------------------------

run: setup
	@if [ ! -e "$(INSTANCE)/settings.toml" ]; then \
	  SHARELOG_INSTANCE="$(INSTANCE)" $(VENV)/bin/sharelog demo; fi
	@SHARELOG_INSTANCE="$(INSTANCE)" exec $(VENV)/bin/sharelog serve \
	  --phone-port $(PHONE_PORT) --record-port $(RECORD_PORT)

# --- check: the quick ones first, and stop at the first that fails ------------------------------

test: lint browsers test-js test-python

lint: lint-python lint-js

lint-python: $(VENV)/installed-test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

lint-js: $(VENV)/installed-run node_modules/installed
	@.ci/npm run --silent check
	@echo "tsc and biome: nothing found"

test-js: lint-js setup
	@.ci/npm test --silent
	@echo "JavaScript tests: passed"

# One more than there are cores: much of the time is spent waiting for browsers and for the disk.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
test-python: setup-test browsers
	@$(VENV)/bin/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 1

# --- the rest ----------------------------------------------------------------------------------

# Prints figures of this machine; compare the rows of one run, not runs.
bench: setup-test browsers
	@$(VENV)/bin/python -m bench.intake
	@$(VENV)/bin/python -m bench.inputs
	@$(VENV)/bin/python -m bench.matching
	@$(VENV)/bin/python -m bench.overview
	@$(VENV)/bin/python -m bench.review
	@$(VENV)/bin/python -m bench.verify 50000
	@$(VENV)/bin/python -m bench.phone

# Both doors under load on this machine, in eight to eleven minutes; leave it alone meanwhile. FACTOR makes every
# row longer at the same rate.
FACTOR ?= 1
load: setup-test
	@$(VENV)/bin/python -m bench.load $(FACTOR)

# Every fault as often as its table says, at most MINUTES each; SEED gives a run again. The report
# is a table with its date and seed.
MINUTES ?= 60
SOAK_REPORT ?= soak.md
soak: setup-test browsers
	@SOAK=1 SOAK_MINUTES=$(MINUTES) FAULT_SEED=$(SEED) SOAK_REPORT=$(SOAK_REPORT) \
	  $(VENV)/bin/python -m pytest tests/faults tests/inputs -q -o faulthandler_timeout=0 --numprocesses $(WORKERS) --dist worksteal
	@echo "The report is in $(SOAK_REPORT)."

# Small changes of the code, in a copy: which share of a sample the tests notice, and which not.
mutants: .venv-mutants/installed setup
	@.venv-mutants/bin/python -m bench.mutants $(MINUTES) $(or $(SEED),20261126)

# Pictures of every state into ./shots. ONLY narrows it: words of readme, practice, phone, desk; en, cy;
# 360, desktop, large; light, dark. Whatever is not named is made in all its kinds.
shots: setup-test browsers
	@$(VENV)/bin/python -m bench.shots $(ONLY)

# Every locked package with its hashes, in CycloneDX; the same locks give the same bytes.
SBOM ?= sbom.json
sbom: setup-test
	@$(VENV)/bin/python -m bench.sbom $(SBOM)

# What is marked in the sources goes into the catalogue: no guesses, no places in files, no leftovers.
words: $(VENV)/installed-run
	@scratch=$$(mktemp); trap 'rm -f "$$scratch"' EXIT; \
	$(VENV)/bin/python -m babel.messages.frontend --quiet extract --mapping-file babel.cfg \
	  --no-location --sort-output --project Sharelog --output-file "$$scratch" .; \
	$(VENV)/bin/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
	  --width 100 --locale cy --input-file "$$scratch" --output-file $(WORDS).po
	@$(MAKE) --no-print-directory $(WORDS).mo

# Resolves again to what pyproject.toml names; afterwards read the difference before committing it.
lock:
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	"$$(.ci/find-python $(PYTHON))" -m venv "$$scratch" && "$$scratch/bin/pip" install --quiet uv; \
	set -- pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml; \
	"$$scratch/bin/uv" "$$@" --extra frontend --output-file requirements.lock; \
	"$$scratch/bin/uv" "$$@" --extra frontend --extra dev --output-file requirements-dev.lock; \
	"$$scratch/bin/uv" "$$@" --extra frontend --extra dev --extra mutants --output-file requirements-mutants.lock
	@.ci/npm install --package-lock-only

clean:
	@rm -rf $(VENV) .venv-mutants node_modules static/built dist shots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
