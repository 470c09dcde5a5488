# hallwatch: everything a person does with this folder. `make` alone lists it.
# Needs Python >= 3.11 with its venv module, and make. Everything else goes into .venv.

VENV := .venv
BIN := $(VENV)/bin
WEB := $(shell find dashboards/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
FAST := not live and not browser and not long
# As many tests at a time as there are cores; neighbours stay together as long as nobody is idle.
SPREAD := -n auto --maxprocesses 8 --dist worksteal

# What Python compiles is kept, once and inside .venv, also where the environment says otherwise: the tests start many
# processes, and each would compile every library anew.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test test-all test-long live browser bench oracle lint format wheel clean

help: ## list these targets
	@echo "hallwatch 政务大厅实时电子监察"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PYTHON=/path/to/python chooses the Python that .venv is made of (3.11 or newer)."

install: $(VENV)/installed ## set up .venv with hallwatch and its libraries (the others do it by themselves)

demo: $(VENV)/installed ## a simulated hall with the wall, stays up; ONCE=1 ends by itself
	@echo "==> hallwatch demo"
	@$(BIN)/hallwatch demo $(if $(ONCE),--once) $(ARGS)

test: $(VENV)/tools ## the quick tests; ARGS="-k name" goes on to pytest
	@echo "==> The quick tests"
	@$(BIN)/pytest -q -m "$(FAST)" $(SPREAD) $(ARGS)

test-all: $(VENV)/tools ## every test, also live, browser and long ones (skipped, with a word, where a tool is missing)
	@echo "==> Every test"
	@$(BIN)/pytest -q -rs $(ARGS)

test-long: $(VENV)/tools ## the tests that take minutes, then those of properties on examples never tried before
	@echo "==> The long tests"
	@$(BIN)/pytest -q -rs -m long $(ARGS)
	@echo "==> Properties, on new examples"
	@$(BIN)/pytest -q -m "hypothesis and $(FAST)" --hypothesis-profile any_machine $(SPREAD) $(ARGS)

live: $(VENV)/tools ## the tests against real servers
	@echo "==> The tests against real servers"
	@$(BIN)/pytest -q -rs -m live $(ARGS)

browser: $(VENV)/browser ## the pages in Chromium (the machine's own; installs playwright to drive it)
	@echo "==> The tests in a browser"
	@$(BIN)/pytest -q -rs -m browser $(ARGS)

bench: $(VENV)/installed ## measure; writes bench.json; BENCH=road picks one
	@echo "==> Benchmarks"
	@$(BIN)/python tests/bench/run.py $(BENCH)

oracle: $(VENV)/installed ## deadlines that a city computed, against ours; ARGS="--file F --hall H" for others
	@echo "==> Deadlines and verdicts of the City of Boston against ours"
	@$(BIN)/hallwatch oracle $(ARGS)

lint: $(VENV)/tools ## ruff, formatting, mypy, import contracts
	@echo "==> ruff check"
	@$(BIN)/ruff check .
	@echo "==> ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "==> mypy"
	@$(BIN)/mypy
	@echo "==> lint-imports"
	@$(BIN)/lint-imports

format: $(VENV)/tools ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel: $(VENV)/made ## build the wheel, front end included, into dist/
	@echo "==> Building the wheel into dist/"
	@$(BIN)/pip wheel . --no-deps --wheel-dir dist --build-constraint constraints.txt

clean: ## remove everything that was made here: .venv, caches, the built front end, dist; data stays
	@echo "==> Removing .venv, caches and built files"
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis bench.json
	@rm -rf dashboards/static dashboards/web/dist dashboards/web/node_modules *.egg-info
	@find streams sinks alerting dashboards deploy tests -type d -name __pycache__ -prune -exec rm -rf {} +

# The stamps live inside .venv, so that whoever removes .venv removes them as well.
# Nothing is compiled while installing: Python compiles what it imports, which is a fraction of what is installed.

$(VENV)/made:
	@set -e; \
	for candidate in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found="$$candidate"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "hallwatch needs Python 3.11 or newer; tried: $(or $(PYTHON),python3 python3.13 python3.12 python3.11)." >&2; \
	  echo "Say where it is: make PYTHON=/path/to/python3.11 …" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$found has no venv module. On Debian and Ubuntu it is the package python3-venv" >&2; \
	  echo "(apt install python3-venv); or choose another Python: make PYTHON=/path/to/python …" >&2; exit 1; \
	fi; \
	echo "==> Making .venv with $$("$$found" --version) ($$found)"; \
	"$$found" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --upgrade pip
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt dashboards/web_build.py $(WEB)
	@echo "==> Installing hallwatch and its libraries into .venv; the front end is built on the way (a minute at first)"
	@$(BIN)/pip install $(if $(wildcard $@),--quiet) --no-compile --constraint constraints.txt --build-constraint constraints.txt \
	  --editable .
	@touch $@

$(VENV)/tools: $(VENV)/installed
	@echo "==> Installing the tools for tests and checks into .venv"
	@$(BIN)/pip install --quiet --no-compile --constraint constraints.txt --group dev
	@touch $@

$(VENV)/browser: $(VENV)/tools
	@echo "==> Installing what drives a browser into .venv"
	@$(BIN)/pip install --quiet --no-compile --constraint constraints.txt --group browser
	@touch $@
