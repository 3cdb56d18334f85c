# Every chore of the project in one word. On systems without make, the README has the plain commands.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests that compute run beside each other, one more than there are processors; the others mostly wait, so that more may.
# What bounds times and mostly waits is marked (`pytest.mark.waiting`), three of them run beside each other, and nothing else.
# What measures times is marked, too (`pytest.mark.alone`), and nothing runs beside it.
COMPUTING := tests/apvserver tests/docs tests/servermanager
BESIDE := 'not deep and not alone and not waiting'
WINDOWS := $(HOME)/.cache/async-paraview-windows
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test test-deep test-windows check format docs bench clean

help:
	@echo "make demo       a picture of real data, frog.png"
	@echo "make test       the tests"
	@echo "make test-deep  long fuzzing, chaos and sweep tests as well"
	@echo "make test-windows  the tests on a Windows Python in wine, and docs/platforms.md (WINDOWS=DIRECTORY keeps it)"
	@echo "make check      style, types, import arrows"
	@echo "make docs       the site of documents, docs/_build/html/index.html"
	@echo "make bench      measure transports and interactivity, and write docs/benchmarks.md"
	@echo "make clean      remove the environment and caches"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[examples,fast]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(PIP) install 'pip>=25.1'
	$(PIP) install --editable '.[examples,fast,formats,gui,html,metrics,mpi,notebook,raytracing,repl,video,web]' --group dev
	@touch $@ $(VENV)/demo.stamp

demo: $(VENV)/demo.stamp
	$(BIN)/apvpython examples/quickstart.py --output frog.png

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -m $(BESIDE) $(COMPUTING) --numprocesses auto --maxprocesses 4 --dist worksteal
	$(BIN)/python -m pytest -m $(BESIDE) $(COMPUTING:%=--ignore %) --numprocesses 4 --dist worksteal
	$(BIN)/python -m pytest -m 'not deep and waiting' --numprocesses 3 --dist worksteal
	$(BIN)/python -m pytest -m 'not deep and alone'

test-deep: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --timeout 1800

# Wine is slow in what passes between processes: four times as long for everything, unless told otherwise.
test-windows: $(VENV)/dev.stamp
	APV_TEST_TIME_FACTOR=$${APV_TEST_TIME_FACTOR:-4} $(BIN)/python -m tests.windows --place '$(WINDOWS)'

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/docs.stamp: $(VENV)/demo.stamp
	$(PIP) install 'pip>=25.1'
	$(PIP) install --editable '.[raytracing]' --group docs
	@touch $@

docs: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet docs docs/_build/html

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench transport --json .benchmarks/transport.json
	$(BIN)/python -m bench interactivity --json .benchmarks/interactivity.json
	$(BIN)/python -m bench report --json .benchmarks/interactivity.json --json .benchmarks/transport.json

clean:
	rm -rf $(VENV) docs/_build docs/_gallery .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
