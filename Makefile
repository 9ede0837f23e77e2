# Two commands matter: `make run` and `make test`. Needs Python 3.11 or newer (with venv) and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ASSETS := lms/web/static/manifest.json
LANGUAGES := $(patsubst translations/%/LC_MESSAGES/messages.po,%,$(wildcard translations/*/LC_MESSAGES/messages.po))
PART ?= all
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Modules are compiled once and not by each of the hundreds of processes that tests start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test audit install lint bench screenshots reference assets messages language clean

run: $(STAMP) $(ASSETS)
	@test -f instance/keys/web.secret || $(BIN)/lms init --demo
	@$(BIN)/lms publish
	@$(BIN)/lms serve

install: $(STAMP) $(ASSETS)

$(STAMP): setup.cfg pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint .ci/constraints.txt --editable '.[dev]'
	touch $(STAMP)

$(ASSETS): $(STAMP) $(shell find lms/web/assets -type f 2>/dev/null) $(wildcard translations/*/LC_MESSAGES/*.po)
	@$(BIN)/python translations/build_backend.py
	@$(BIN)/python -m lms.web.assets

assets: $(STAMP)
	$(BIN)/python translations/build_backend.py
	$(BIN)/python -m lms.web.assets

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint lms/web/templates lms/services/templates --quiet

test: install lint
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not audit" --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/python -m tests.coverage_floor

audit: install
	$(BIN)/python -m tests.audit $(PART)

bench: install
	$(BIN)/python -m bench $(PART)

screenshots: install
	$(BIN)/python -m tests.screenshots screenshots

reference: install
	$(BIN)/python -m tests.reference
	$(BIN)/python -m tests.showcase
	$(BIN)/python -m tests.guide

# make language LANG=fr: the catalogue of a new language, and what is left to do (docs/languages.md).
language: $(STAMP)
	@test "$(origin LANG)" = "command line" || { echo "Say which language: make language LANG=fr"; exit 2; }
	@$(BIN)/python -m translations.language $(LANG)

messages: $(STAMP)
	$(BIN)/python -m babel.messages.frontend -q extract -F translations/babel.cfg -k N_ -k NN_:1,2 -k _ --no-location --sort-output --project=Vereda --copyright-holder=Vereda -o translations/messages.pot lms
	for each in $(LANGUAGES); do $(BIN)/pybabel -q update -N --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l $$each -i translations/messages.pot -o translations/$$each/LC_MESSAGES/messages.po; done

clean:
	rm -rf .venv lms/web/static build dist *.egg-info
