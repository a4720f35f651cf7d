# make run    install, read the sample documents once, and start the application
# make test   install with test extras, then lint, types, import rules and all tests
# make bench  measure speed on this machine, see docs/performance.md
# make clean  remove the virtual environment and caches; documents stay where they are

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Two processes, each with one thread for its models; a file of tests stays in one, which keeps what its tests share, and
# so do those that need a browser (tests/conftest.py).
# The exact runtime is the same everywhere, and no test's home has to measure which one is fastest. What is compiled once
# is kept: the tests start the command again and again.
COMPILED = PYTHONDONTWRITEBYTECODE=
PYTEST = $(COMPILED) FOOTNOTE_MODELS__THREADS=1 FOOTNOTE_MODELS__RUNTIME=torch-float32 OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run test types bench clean

run: $(VENV)/.installed
# Status 1: a file could not be read, as the scanned one without the ocr extra; the others are in.
	@$(BIN)/footnote ingest corpus/documents --if-empty || [ $$? -eq 1 ]
	@$(BIN)/footnote serve

test: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs 2 types $(VENV)/.compiled
ifeq ($(CHROMIUM),)
	@echo "No Chromium found: the browser tests are left out. Install Chromium to run them too."
	$(PYTEST) -m "not browser"
else
	$(PYTEST)
endif

types: $(VENV)/.installed-test
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed
	$(BIN)/python -m rag.bench

# The pip that comes with Python 3.11 takes twice as long to find the same packages.
$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footnote needs Python 3.11 or newer; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

# Tests import a part of what is installed: that is compiled then, which is quicker than to compile all of it before.
$(VENV)/.installed-test: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[test]'
	touch $(VENV)/.installed $@

# Once after an installation, and beside the types: else each process of the tests compiles all that they import. What
# goes wrong here the tests tell.
$(VENV)/.compiled: $(VENV)/.installed-test
	@$(COMPILED) $(BIN)/python -m pytest --collect-only --quiet > /dev/null || true
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
