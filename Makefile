# Everything sets itself up in .venv; all that is needed beforehand is Python 3.11 or newer, make and pip.

TITLE    ?= The Last Lighthouse
CHAPTERS ?= 1
WORDS    ?= 260
VOICE    ?=
OUT      ?=
FOLDER   ?= tests
PYTHON   ?= python3
VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Node trusts its own list of certificates otherwise, and not what this machine trusts.
NPM      := cd widgets && PATH="$(abspath $(BIN)):$$PATH" NODE_OPTIONS=--use-system-ca npm --loglevel=error
CHROMIUM := $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))
# What tests look at films and pages with; storyreel itself needs neither.
MISSING  := $(strip $(if $(CHROMIUM),,chromium) $(if $(shell command -v ffprobe),,ffmpeg))

export TITLE

.PHONY: help film test soak check widgets bench gallery format clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

film: $(VENV)/.film ## make a film: TITLE="..." [CHAPTERS=1] [WORDS=260] [VOICE=none] [OUT=film.mp4]
	@$(BIN)/storyreel title "$$TITLE" --chapters "$(CHAPTERS)" --words "$(WORDS)" \
	  $(if $(VOICE),--voice "$(VOICE)") $(if $(OUT),--out "$(OUT)")

test: $(VENV)/.dev $(VENV)/.widgets programs ## run the whole suite, or one folder: FOLDER=tests/memo
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(FOLDER) $(ARGS)

check: $(VENV)/.dev $(VENV)/.widgets ## format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(NPM) run check
	@$(NPM) run current
	@$(BIN)/python tests/supply/check.py licences audit

widgets: $(VENV)/.widgets ## build the studio's front end into storyreel/studio/static
	@$(NPM) run build

bench: $(VENV)/.dev ## measure what we claim: [ARGS="--quick"] [ARGS="--hour"] [ARGS="encoding memory"]
	@$(BIN)/python benchmarks/run.py $(ARGS)

soak: $(VENV)/.dev ## every fault in its long form, then an hour's film under kills: hours [ARGS="--chapters 3 --words 60"]
	@$(PIP) --editable '.[dev,fuzz]'
	@$(BIN)/python -m pytest -m soak --timeout 0 $(FOLDER)
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile searching $(FOLDER)
	@$(BIN)/python benchmarks/long_film.py $(ARGS)

gallery: $(VENV)/.dev ## paint sixty prompts on one page, gallery/index.html: [ARGS="--size 1920x1080"]
	@$(BIN)/python benchmarks/gallery.py $(ARGS)

format: $(VENV)/.dev ## put the code in its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove what was installed; films stay
	rm -rf $(VENV) widgets/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "storyreel needs Python 3.11 or newer; choose one with  make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian and Ubuntu:  apt-get install python3-venv"; exit 2; }
	@touch $@

$(VENV)/.film: $(VENV)/.python pyproject.toml constraints.txt
	@echo "installing storyreel and its offline crew into $(VENV) (about 300 MB, once) ..."
	@$(PIP) --editable '.[offline]'
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml constraints.txt
	@echo "installing storyreel and its test tools into $(VENV) (once) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.film

$(VENV)/.widgets: $(VENV)/.dev widgets/package-lock.json
	@echo "installing the front end's build and test tools into widgets/node_modules (once) ..."
	@$(NPM) ci
	@touch $@

.PHONY: programs
programs:
ifneq ($(MISSING),)
	@echo "installing $(MISSING) from the system's packages (once) ..."
	@$(if $(filter 0,$(shell id -u)),,sudo )sh -c 'apt-get -q update >/dev/null && DEBIAN_FRONTEND=noninteractive \
	  apt-get -qy install --no-install-recommends $(MISSING) libatomic1 >/dev/null' || \
	  { echo "$(MISSING) could not be installed: install it, then run  make test  again"; exit 2; }
endif
