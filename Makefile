# Two commands do all the set-up: `make story` and `make test`. Neither installs anything twice.

PYTHON ?= python3
BIN := .venv/bin
TOUCHED := .venv/.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check
STORY := out/the-gift-of-the-magi

.PHONY: story test lint types tests bench format clean

story: $(TOUCHED)/base  ## a finished audio story from examples/, with what a plain install brings
	$(BIN)/wavagent make examples/the-gift-of-the-magi.txt -o $(STORY)

test: lint types tests bench  ## all that must hold before a commit

lint: $(TOUCHED)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(TOUCHED)/dev
	$(BIN)/mypy

tests bench: export PYTHONDONTWRITEBYTECODE =  # they start hundreds of processes, each of which would compile wavagent
tests: $(TOUCHED)/dev  ## a file of tests at a time on each core; memory is for four that have torch
	$(BIN)/pytest -q --durations=5 -n auto --maxprocesses=4 --dist loadfile

bench: $(TOUCHED)/dev  ## every benchmark, at its smallest: that it runs, not how fast
	$(BIN)/python -m benchmarks.smoke

format: $(TOUCHED)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(TOUCHED)/base: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@mkdir -p $(TOUCHED) && touch $@

$(TOUCHED)/dev: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable ".[dev]"
	@mkdir -p $(TOUCHED) && touch $@ $(TOUCHED)/base

clean:
	rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
