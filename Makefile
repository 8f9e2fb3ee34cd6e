# Two commands: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.made-from
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help run test check format lock bench torture lighthouse clean needs-python

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

needs-python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer" >&2; exit 1; }

run: needs-python ## Start the whole site with demo content; Ctrl-C stops it
	@$(PYTHON) -m tools.launch

$(READY): requirements.lock | needs-python
	@$(PYTHON) -m tools.launch --install-only
	@touch $@

test: $(READY) ## Run all tests; ARGUMENTS="-k basket" runs some
	@$(BIN)/python -m tests.run $(ARGUMENTS)

check: $(READY) ## Check style, types, templates, layers, migrations and settings
	@$(BIN)/python -m tools.check

format: $(READY) ## Lay out the Python files
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: $(READY) ## Pin what pyproject.toml asks for, with hashes and without a host's name
	$(COMPILE) pyproject.toml --group dev -o requirements.lock
	$(COMPILE) pyproject.toml -c requirements.lock -o requirements-production.lock

bench: $(READY) ## Measure the main pages, or with ARGUMENTS=money settlements, mails and orders
	@$(BIN)/python -m tools.bench $(ARGUMENTS)

torture: $(READY) ## Sell while everything is killed and stopped at random, then audit money and mails
	@$(BIN)/python -m tools.torture $(ARGUMENTS)

lighthouse: $(READY) ## Rate the main pages with Lighthouse (needs npx and Chromium)
	@$(BIN)/python -m tools.lighthouse $(ARGUMENTS)

clean: ## Remove the environment, the database and everything else that was made here
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
