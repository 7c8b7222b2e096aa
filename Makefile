# Needs make and Python 3.11 or newer; everything else goes into .venv. "make help" lists what there is.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# What a test needs of the system is installed beside .venv.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=2
endif
.PHONY: help run quick test soak lint format settings golden lock clean system

BIN := .venv/bin
# Which Python makes .venv: make run PYTHON=/opt/python3.12/bin/python3
PYTHON ?=
# More for pytest: make test PYTEST="tests/unit -k config"
PYTEST ?=
# How many processes share the whole of the tests, one more than processors, for some wait; a file's tests stay together.
PROCESSES ?= 3
# The settings module wants a site; tools that only look at the code stand without one.
NO_SITE := NEWSLETTER_CONFIG=:none:

help:
	@echo "make run       a practice site in demo/: sample posts, sample subscribers, mail into files"
	@echo "make quick     under three minutes: lint, types, floors, and the quick tests; before each commit"
	@echo "make test      everything that CI runs: lint, types, floors, all tests"
	@echo "make soak      the long tests"
	@echo "make lint      only the checks of the code"
	@echo "make format    put the code into the one format"
	@echo "make settings  write config.toml and docs/configuration.md out of newsletter/config/sections.py"
	@echo "make golden    draw the kept pictures of mails anew; look at each before you commit it"
	@echo "make lock      choose the versions of all dependencies anew"
	@echo "make clean     remove what these commands made: .venv, demo/ and caches"

# exec, so that Ctrl-C and a SIGTERM to make reach the program itself; it stops cleanly and make prints nothing.
run: .venv/run.stamp
	@test -f demo/config.toml || $(BIN)/newsletter init demo --sample --starting
	@cd demo && exec ../$(BIN)/newsletter run

# One run tells all: it goes on after what failed. The database tests run on PostgreSQL first, then everything
# on SQLite; pytest's closing line comes last. With PYTEST only the tests that it names. Hundreds of processes begin:
# without bytecode each would compile everything anew.
test: system .venv/dev.stamp
	@status=0; share=; unset PYTHONDONTWRITEBYTECODE; \
	if [ -z '$(PYTEST)' ]; then \
		$(MAKE) --no-print-directory lint || status=1; \
		share="-n $(PROCESSES) --dist loadfile --no-loadscope-reorder"; \
		$(BIN)/python -m pytest $$share --postgresql tests/integration || status=1; \
	fi; \
	$(BIN)/python -m pytest $$share $(PYTEST) || exit 1; \
	test $$status = 0 || { echo "These tests passed, but a check further up did not."; exit 1; }

# What is marked slow or long stays out, and so do browsers, PostgreSQL, processes killed, and programs of the system.
quick: .venv/dev.stamp
	@status=0; unset PYTHONDONTWRITEBYTECODE; \
	$(MAKE) --no-print-directory lint || status=1; \
	$(BIN)/python -m pytest -q -n $(PROCESSES) --dist loadfile -m 'not soak and not slow and not long' \
		$(if $(PYTEST),$(PYTEST),tests/unit tests/integration) || exit 1; \
	test $$status = 0 || { echo "These tests passed, but a check further up did not."; exit 1; }

soak: .venv/dev.stamp
	@$(BIN)/python -m pytest -m soak --timeout 7200 $(PYTEST)

# All four run, and the status says whether all passed.
lint: .venv/dev.stamp
	@status=0; \
	$(BIN)/ruff check --output-format concise . || status=1; \
	$(BIN)/ruff format --check --output-format concise . || status=1; \
	$(NO_SITE) $(BIN)/mypy --num-workers 2 || status=1; \
	$(NO_SITE) $(BIN)/lint-imports --no-logo || status=1; \
	exit $$status

format: .venv/dev.stamp
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

settings: .venv/dev.stamp
	@$(BIN)/python -m newsletter.config

golden: .venv/dev.stamp
	@GOLDEN=renew $(BIN)/python -m pytest -q tests/browser/test_mail_golden.py

# The second lock is held to the first, so that tests run on what users run on.
lock: .venv/dev.stamp
	@command -v uv > /dev/null || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@PATH="$$PWD/$(BIN):$$PATH"; \
	lock="uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml"; \
	$$lock --upgrade --group build -o requirements.lock && \
	$$lock --upgrade --group build --group dev --all-extras -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip checks every hash, and --no-build-isolation keeps the build from fetching anything that is not locked.
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
INSTALL_US := $(INSTALL) --no-deps --no-build-isolation -e .

.venv/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing what the newsletter needs into .venv"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL_US)
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "installing what the newsletter and its tests need into .venv"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL_US)
	@touch .venv/run.stamp $@

# A name on the path proves little (a shim of a version manager may run nothing), so each one is tried.
$(BIN)/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		command -v "$$python" > /dev/null || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || continue; \
		if ! "$$python" -c 'import ensurepip, venv' 2> /dev/null; then \
			echo "$$python cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; continue; \
		fi; \
		echo "making .venv with $$("$$python" --version)"; \
		rm -rf .venv && "$$python" -m venv .venv && exit 0; \
	done; \
	echo "No Python 3.11 or newer was found. Install one (https://www.python.org/downloads/)," >&2; \
	echo "or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	exit 1

# Only in CI: programs that some tests drive. Elsewhere those tests are skipped, and say what is missing.
system:
	@test "$${CI:-}" = true && test "$$(id -u)" = 0 && command -v apt-get > /dev/null || exit 0; \
	command -v chromium > /dev/null && command -v newsboat > /dev/null && command -v r2e > /dev/null && \
		command -v sfeed_update > /dev/null && command -v curl > /dev/null && \
		command -v spamassassin > /dev/null && exit 0; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq || apt-get update -qq || true; \
	for package in fonts-liberation fonts-dejavu-core chromium newsboat rss2email sfeed curl spamassassin; do \
		install="apt-get install -y -qq --no-install-recommends $$package"; \
		$$install > /dev/null || $$install > /dev/null || \
			echo "apt-get could not install $$package: the tests that drive it are skipped" >&2; \
	done
