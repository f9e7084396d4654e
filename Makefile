# Two commands set a fresh machine up: `make demo` runs the main job, `make test` passes the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test lint bench conformance docs site audit clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

demo: $(VENV)/.ready  ## write the example to demo/ and dry-run it
	$(BIN)/codemerge demo demo

test: $(VENV)/.ready  ## all tests
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.ready  ## style, types, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.ready  ## accuracy and speed, beside peers; writes docs/benchmarks.md
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python benchmarks/run.py --check

conformance: $(VENV)/.ready  ## have other people's validators judge our exports; writes docs/conformance.md
	$(BIN)/python benchmarks/conformance/run.py --record docs/conformance.md

docs: $(VENV)/.ready  ## write the generated pages again, and the modules made of the report's templates
	$(BIN)/python -m codemerge.reference

site: $(VENV)/.ready  ## build the documentation as a site in build/site, strictly
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	$(BIN)/zensical build --strict --clean

audit: $(VENV)/.ready  ## wheels installed without index, SBOM, known vulnerabilities; all below build/audit
	$(BIN)/python benchmarks/audit.py

clean:
	rm -rf $(VENV) demo build dist
