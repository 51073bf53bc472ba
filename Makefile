# What a person runs; docs/contributing.md and docs/operating.md say when.

# The distribution's own Python where it is new enough: it was compiled for speed (PGO, LTO). One
# that a version manager built plainly takes a fifth longer for a print.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
export PYTHON
PORT ?= 8000
BIN := .venv/bin
# The newest that runs on Node 18.
LIGHTHOUSE := 12.8.2
UV := 0.13.9
PIP_AUDIT := 2.10.1
ADVISORIES := https://pypi.org/pypi/Flask/3.1.3/json
# The lock files are whole: what is not in them is not wanted.
# Half as many again as there are processors: tests with servers and browsers wait a third of the time.
RUNNERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)))
QUIET := install --quiet --no-deps --disable-pip-version-check
# docopt serves the command line of num2words alone; it is no wheel, and would be built unlocked.
COMPILE = pip compile pyproject.toml --quiet --no-emit-package docopt --universal \
	--python-version 3.11 --generate-hashes --custom-compile-command "make lock" $(UPGRADE)
# Servers that tests start and stop, and tests themselves, are compiled once and not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast bench soak pictures lock audit clean

run: .venv/run
	@$(BIN)/python -m caregiver_card.web.demo "http://127.0.0.1:$(PORT)"
	@PORT=$(PORT) CARD_PUBLIC_URL=$${CARD_PUBLIC_URL:-http://127.0.0.1:$(PORT)} $(BIN)/gunicorn wsgi:app

test: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(RUNNERS) --dist worksteal

# Without the browser and what takes seconds a test (the markers in pyproject.toml).
test-fast: .venv/test
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not slow"

bench: .venv/bench
	$(BIN)/python -m tests.bench

# A country's cards, and ten minutes of everything at once: half an hour in all.
soak: .venv/bench
	$(BIN)/python -m tests.bench.scale
	$(BIN)/python -m tests.bench.soak

# The README's pictures, made by the program itself.
pictures: .venv/test
	$(BIN)/python -m tests.pictures

# Writes the lock files anew from pyproject.toml; what is locked stays unless UPGRADE=--upgrade.
lock: .venv/tools
	.venv/tools/bin/uv $(COMPILE) --group build --output-file requirements.lock
	.venv/tools/bin/uv $(COMPILE) --group build --extra test --constraint requirements.lock \
		--output-file tests/requirements.lock

# Whether an advisory is known against anything that is locked. Where they cannot be read, that is
# not known, and said: what pip-audit does not find it would otherwise pass over.
audit: .venv/tools
	@$(PYTHON) -c 'import json, urllib.request as web; json.load(web.urlopen("$(ADVISORIES)"))["info"]' \
		2>/dev/null || { echo "audit: pypi.org cannot be read from here; nothing was checked" >&2; exit 2; }
	.venv/tools/bin/pip-audit --strict --require-hashes --disable-pip --requirement tests/requirements.lock

.venv/tools: Makefile
	@test -x $@/bin/python || $(PYTHON) -m venv $@
	@$@/bin/pip install --quiet --disable-pip-version-check uv==$(UV) pip-audit==$(PIP_AUDIT)
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Every version and its hash stand in the lock files; nothing is looked up.
.venv/run: pyproject.toml requirements.lock .ci/packages
	@echo "Installing system packages that are missing, once."
	@bash .ci/packages run
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked Python packages into .venv, once: about a minute."
	@$(BIN)/pip $(QUIET) --require-hashes --requirement requirements.lock
	@$(BIN)/pip $(QUIET) --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run tests/requirements.lock tests/node/package-lock.json
	@echo "Installing what tests need, once: some minutes."
	@bash .ci/packages test
	@$(BIN)/pip $(QUIET) --require-hashes --requirement tests/requirements.lock
	@mkdir -p .venv/node && cp tests/node/package*.json .venv/node
	@npm ci --silent --no-audit --no-fund --prefix .venv/node
	@touch $@

.venv/bench: .venv/test
	@bash .ci/packages bench
	@npm install --silent --no-audit --no-fund --prefix .venv/lighthouse lighthouse@$(LIGHTHOUSE)
	@touch $@
