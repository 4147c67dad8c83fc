# The two commands are `make demo` and `make test`. Everything lives in .venv; nothing else on the machine is changed,
# unless `make test` finds no Chromium: then it installs one.
PYTHON ?= $(shell command -v python3.14 || command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test lint bench pictures clean

demo: .venv/app  ## opens the application in a browser
	$(BIN)/streamlit run app.py

test: lint chromium  ## everything: style, types, layers, laws, pages, a real browser
	$(BIN)/pytest $(PYTEST_FLAGS)

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/tests  ## prints and stores the measurements of README.md
	$(BIN)/python -m genlab bench

pictures: .venv/tests chromium  ## the home page's pictures from the shipped checkpoints, README's screenshot
	$(BIN)/python -m docs.pictures

.PHONY: chromium
chromium: .venv/tests
	@$(BIN)/python tests/browser/chromium.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3 ..."; exit 1; }
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
