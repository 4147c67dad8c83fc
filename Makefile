# The two commands are `make demo` and `make test`. Everything lives in .venv; nothing else on the machine is changed,
# unless `make test` finds no Chromium: then it installs one.
# The first that runs (a shim may be found and refuse), is new enough and can make an environment.
SUITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  if $$p -c '$(SUITS)' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
# Checks the types of the browser's modules, which their comments say; it keeps to .venv and asks no network.
DENO := DENO_DIR=$(CURDIR)/.venv/deno DENO_NO_UPDATE_CHECK=1 $(BIN)/deno

.PHONY: demo test lint bench pictures clean

demo: .venv/app  ## opens the application in a browser
	$(BIN)/streamlit run app.py

test: lint chromium  ## everything: style, types, layers, laws, pages, a real browser
	$(BIN)/pytest -n 3 --dist worksteal $(PYTEST_FLAGS)

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(DENO) check --quiet genlab/ui
	$(DENO) lint --quiet genlab/ui

bench: .venv/tests  ## prints and stores the measurements of README.md
	$(BIN)/python -m genlab bench

pictures: .venv/tests chromium  ## the home page's pictures from the shipped checkpoints, README's screenshot
	$(BIN)/python -m docs.pictures

.PHONY: chromium
chromium: .venv/tests
	@$(BIN)/python tests/browser/chromium.py

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3-venv);" \
	  "name one with: make PYTHON=/path/to/python3 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# Stamps: a second run installs nothing and asks nobody.
.venv/app: requirements.txt constraints.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

.venv/tests: requirements-dev.txt requirements.txt constraints.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@ .venv/app

clean:
	rm -rf .venv
