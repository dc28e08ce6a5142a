# Every command of this project. `make` alone lists them.
#
# All they need is .venv, which `environment` (to run) and `tools` (to develop) make by themselves.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-postgres test-browser test-wagtail-newest canaries bench check format lint \
	types imports audit mutants migration migrations words contract contract-drift requirements upgrade environment tools \
	clients wagtail-newest found

# PYTHON= names the Python to make the environment with, when `python3` is not the one.
starter = $(or $(PYTHON),python3)
python = .venv/bin/python
manage = DJANGO_SETTINGS_MODULE=genedge_site.settings.test $(python) manage.py
# What one process of the tests compiled is there for the next, whatever is usual here: without,
# each compiles all tests for itself, and each process that a test starts all of the site.
one_pytest = env PYTHONDONTWRITEBYTECODE= $(python) -m pytest
pytest = $(one_pytest) --numprocesses=auto --maxprocesses=8 --dist=worksteal

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## Start the site; PORT= and HOST= say where
	@exec $(python) -m genedge_site.launch --ends-with-parent

test: tools ## Run every test; TEST_DATABASE_URL= names a PostgreSQL to run them on
	$(pytest)

test-postgres: tools ## Run every test that asks a database on a PostgreSQL of its own, but for those in a browser
	scripts/with_postgres $(pytest) -m "not (browser or any_database or decided_in_python)"

test-browser: tools ## Run the tests that need Chromium, and fail without it
	REQUIRE_BROWSER=1 $(one_pytest) -m browser

test-wagtail-newest canaries: python = .venv-wagtail-newest/bin/python

test-wagtail-newest: wagtail-newest ## Run every test on the newest Wagtail, LTS or not
	$(pytest)

mutants: tools ## Change conditions, one at a time, and name those that no test notices; FILES= or BASE= says where
	$(python) -m tests.mutants $(if $(BASE),--base $(BASE)) $(if $(QUICK),--quick) \
		$(if $(TESTS),--tests $(TESTS)) -- $(FILES)

canaries: wagtail-newest ## Run the tests of docs/internals.md on the newest Wagtail
	$(one_pytest) tests/internals

bench: tools ## Measure the API beside stock grapple, what refusing, publishing and scheduling cost; BENCH_SIZES= and BENCH_SECONDS= shorten it
	scripts/with_postgres $(python) -m tests.benchmarks

check: export REQUIRE_BROWSER = 1
check: export REQUIRE_CLIENTS = 1
check: lint types imports migrations contract-drift audit clients test test-postgres canaries ## Everything, as CI does

format: tools ## Lay the code out, and mend what can be mended
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lint: tools ## Check how the code is laid out and written
	$(python) -m ruff format --check .
	$(python) -m ruff check .

types: tools ## Check the types
	$(python) -m mypy

imports: tools ## Check that imports go downward only
	.venv/bin/lint-imports

audit: tools ## Ask for known vulnerabilities of what is pinned, and write what the site is made of
	$(python) scripts/audit.py

migrations: tools ## Check that no migration is missing
	$(manage) makemigrations --check --dry-run

migration: tools ## Write a migration of the pages' models; name= says what it does
	$(manage) makemigrations pages --name $(or $(name),$(error Say what it does: make migration name=term))
	$(python) -m ruff check --quiet --fix pages/migrations
	$(python) -m ruff format --quiet pages/migrations

words: tools ## Compile the words of the admin
	$(python) -m babel.messages.frontend compile --domain django --directory cms/admin/locale

contract: tools ## Write the schema, and what clients know of it, that frontends read
	$(manage) export_schema

contract-drift: tools ## Check that what is written there is what the code has
	$(manage) export_schema --check

requirements: tools ## Pin the hand-written requirements, changing no more than they ask
	$(foreach name,requirements requirements-dev,$(python) -m uv pip compile $(name).in \
		--output-file $(name).txt --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make requirements" --quiet $(upgrade) &&) true
	$(python) -m uv pip compile requirements.in --override requirements-wagtail-newest.in \
		--output-file requirements-wagtail-newest.txt --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make requirements" --quiet $(upgrade)

upgrade: upgrade = --upgrade
upgrade: requirements ## Pin the newest versions that the hand-written requirements allow

environment: found
	@$(starter) scripts/bootstrap.py requirements.txt

tools: found
	@$(starter) scripts/bootstrap.py requirements.txt requirements-dev.txt

clients: tools tests/frontend_clients/node_modules ## Install the GraphQL clients that tests run

tests/frontend_clients/node_modules: tests/frontend_clients/package-lock.json
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --prefix tests/frontend_clients \
		--ignore-scripts --no-audit --no-fund
	@touch $@

wagtail-newest: found
	@VENV=.venv-wagtail-newest $(starter) scripts/bootstrap.py \
		requirements-wagtail-newest.txt requirements-dev.txt

found:
	@command -v $(starter) >/dev/null || \
		{ echo "GenEdge CMS needs Python 3.11 or later, and there is no $(starter)." >&2; exit 1; }
