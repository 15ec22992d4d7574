# Feathercut's one door: people and .ci/run call the same commands.
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# The Python that .venv is made with; the newest that is found where it is empty.
PYTHON ?=
# The PyTorch that .venv-train gets, as pip reads it; a build for the processor where it is empty.
TORCH ?=
# The photo that `make run` cuts out.
PHOTO ?= examples/photos/astronaut.jpg

# Weights stay below the project; the tests share them.
export FEATHERCUT_CACHE ?= $(CURDIR)/.cache/weights
export FEATHERCUT_TEST_WEIGHTS ?= $(FEATHERCUT_CACHE)

python := .venv/bin/python
python_train := .venv-train/bin/python

.PHONY: help setup setup-train run page app test test-train check fix golden docs bench release clean anew

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s%s\n", $$1, $$2}'

setup: .venv/made-in ## make .venv with everything in it (PYTHON=... chooses the Python)
	@:

# A folder that was moved or copied needs its environment made anew.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(shell pwd))
.venv/made-in: anew
endif
.venv/made-in: pyproject.toml
	@sh scripts/setup.sh "$(PYTHON)"

setup-train: setup .venv-train/made-in ## make .venv-train, which has PyTorch (TORCH='torch==...' chooses the build)
	@:

ifneq ($(shell cat .venv-train/made-in 2>/dev/null),$(shell pwd))
.venv-train/made-in: anew
endif
.venv-train/made-in: pyproject.toml
	@sh scripts/setup_train.sh "$(TORCH)"

run: setup ## cut out an example photo, or PHOTO=path; the result and a sheet go to out/
	@$(python) scripts/run.py "$(PHOTO)"
	@sh scripts/page.sh if-node

page: setup ## build the browser page into the package; `.venv/bin/feathercut app` opens it
	@sh scripts/page.sh build

app: setup ## the browser page, live: what is changed in web/ shows at once
	@sh scripts/page.sh app

test: setup ## run all tests; t=name runs those whose name has it
	@sh scripts/page.sh browser
	@sh scripts/page.sh build
	@$(if $(t),:,sh scripts/page.sh test)
	@$(python) -m pytest $(if $(t),-k "$(t)")

# Threads that wait for each other sleep: beside other work they would use up what that needs.
test-train: setup-train ## run the tests of training; t=name runs those whose name has it
	@OMP_WAIT_POLICY=PASSIVE $(python_train) -m pytest tests/train src/feathercut/train $(if $(t),-k "$(t)")

check: setup setup-train ## check format, lint, types, layers, licences of dependencies, generated pages, deploy/
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy --exclude '^(src/feathercut|tests)/train/'
	$(python_train) -m mypy --cache-dir .mypy_cache/train src/feathercut/train tests/train
	$(python) -m pytest tests/test_layers.py
	$(python) scripts/licences.py
	$(python_train) scripts/licences.py
	$(python) scripts/docs.py --check
	$(python_train) scripts/networks_page.py --check
	$(python) scripts/deploy.py
	sh scripts/page.sh check

fix: setup ## repair format and lint
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	cd web && npm run --silent fix

golden: setup ## compute the numbers in golden/ anew, after a kernel changed on purpose
	@$(python) scripts/golden.py

docs: setup setup-train ## write the generated pages anew and run what the docs say; fails where a page was out of date
	@status=0; $(python) scripts/docs.py || status=1; $(python_train) scripts/networks_page.py || status=1; $(python) -m pytest tests/test_docs.py || status=1; exit $$status

bench: setup ## compare with rembg on this machine (installs it below .bench the first time)
	@$(python) -m bench

release: setup ## check that version and changelog agree, and build into dist/
	@$(python) scripts/release.py

clean: ## remove the environment, results and caches; downloaded weights stay
	rm -rf .venv .venv-train .bench out dist .mypy_cache .pytest_cache .ruff_cache web/node_modules web/dist src/feathercut/app/page
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
