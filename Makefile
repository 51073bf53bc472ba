# What a person runs: make run, make test, make bench; the README names them.

# The distribution's own Python where it is new enough: it was compiled for speed (PGO, LTO). One
# that a version manager built plainly takes a fifth longer for a print.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
export PYTHON
PORT ?= 8000
BIN := .venv/bin
# The newest that runs on Node 18.
LIGHTHOUSE := 12.8.2
# Servers that tests start and stop, and tests themselves, are compiled once and not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast bench pictures clean

run: .venv/run
	@$(BIN)/python -m caregiver_card.web.demo "http://127.0.0.1:$(PORT)"
	@PORT=$(PORT) CARD_PUBLIC_URL=$${CARD_PUBLIC_URL:-http://127.0.0.1:$(PORT)} $(BIN)/gunicorn wsgi:app

test: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist worksteal

# Without the browser and what takes seconds a test (the markers in pyproject.toml): under a minute.
test-fast: .venv/test
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not slow"

bench: .venv/bench
	$(BIN)/python -m tests.bench

# The README's pictures, made by the program itself.
pictures: .venv/test
	$(BIN)/python -m tests.pictures

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/run: pyproject.toml .ci/packages
	@bash .ci/packages run
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/test: .venv/run
	@bash .ci/packages test
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

.venv/bench: .venv/test
	@bash .ci/packages bench
	@npm install --silent --no-audit --no-fund --prefix .venv/lighthouse lighthouse@$(LIGHTHOUSE)
	@touch $@
