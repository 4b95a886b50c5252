# Small Claims. `make` alone lists what can be made; every target sets up what it needs first.
STUDY ?= small
export STUDY

TARGETS := help setup paper notebooks status test check format verify reproduce data models records engine llama-tools bench lab \
  clean watch browse plan audit train-python train adapters asked-for Makefile
# Those whose names Make can carry, and that are no target: the others are run by npx small-claims run, and told by make status.
NOTEBOOKS := $(filter-out $(TARGETS),$(sort $(shell ls notebooks | sed -n 's/^\([A-Za-z0-9_][A-Za-z0-9_.-]*\)\.ipynb$$/\1/p')))
# Without the sub-make mark, so that make's own -j reaches the runner as a number in MAKEFLAGS.
CLI := node lib/dist/pipeline/cli.js
VENV := .venv
TRAIN_VENV := .venv-train
BENCH_VENV := .venv-bench
# A comma that does not part arguments.
, := ,
# The runner is compared with Jupyter's own; all else with what is in the larger environment.
BENCH_PYTHON := $(if $(filter-out runner,$(or $(BENCH),all)),$(BENCH_VENV)/.installed) $(if $(filter runner,$(or $(BENCH),runner)),$(VENV)/.installed)

# make -n does not only print the commands: what decides whether a notebook runs is asked, and does nothing.
DRY := $(if $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),--dry-run)
ASK := $(if $(DRY),+)

.DEFAULT_GOAL := help
.PHONY: $(filter-out Makefile,$(TARGETS)) $(NOTEBOOKS)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo "  make NAME         run one notebook: $(NOTEBOOKS)"
	@echo
	@echo "  STUDY=$(STUDY) (small or full)   -j N: N notebooks at a time"

setup:
	@command -v node >/dev/null || { echo "Node 20.19, or 22.12 or newer, is needed and was not found: https://nodejs.org" >&2; exit 1; }
	$(ASK)@node lib/setup.mjs $(DRY)

paper: setup ## run the notebooks that are not up to date and render the paper (HTML and PDF)
	$(ASK)@$(CLI) paper $(DRY)

watch: setup ## show the paper in a browser and render it again whenever it is saved
	@$(CLI) watch $(WATCH_OPTIONS)

browse: setup ## look through rows in a browser: text, gold, every system (RUN=healthver/rows/test, or "smollm2 8-shot")
	@$(CLI) browse $(RUN)

notebooks: setup ## run the notebooks that are not up to date
	$(ASK)@$(CLI) run $(DRY)

status: setup ## say what would run, and why, and run nothing (make -n paper says the same)
	@$(CLI) paper --dry-run

$(NOTEBOOKS): setup
	$(ASK)@$(CLI) run $@ $(DRY)

plan: setup ## say every step of STUDY, what it would take and cost, and what is missing here; run nothing
	@$(CLI) plan

audit: setup ## measure what a model could cheat with: make audit DATA=my.csv [TEST=test.csv] [AUDIT_OPTIONS=...]
	@test -n "$(DATA)" || { echo "Say which file: make audit DATA=my.csv, or DATA=train.csv TEST=test.csv" >&2; exit 2; }
	@mkdir -p build
	@$(CLI) audit "$(DATA)" $(if $(TEST),--test "$(TEST)") --out build/audit.html --json build/audit.json $(AUDIT_OPTIONS)

test: setup ## run the tests
	@node node_modules/typescript/bin/tsc -b lib/test
	@# Named after their sources: what an older checkout has compiled may lie there too.
	@node --test $$(cd lib/test && find . -name '*.test.ts' | sed 's#^\.#build/test#; s#ts$$#js#' | sort)

.PHONY: fuzz
fuzz: setup ## change every kind of file that users bring in every way it breaks, TIMES=5 times over, and see what comes of it
	@node node_modules/typescript/bin/tsc -b lib/test
	@node build/test/fuzz/main.js

check: setup ## type-check the notebooks' cells; see that outputs are stripped, imports in order, code tidy
	@node node_modules/typescript/bin/tsc -b lib/bench
	@# The script of the page of rows, against what is written into that page.
	@node node_modules/typescript/bin/tsc -p lib/browser
	@$(CLI) check

format: setup ## format the code and take the outputs out of the notebooks
	@node node_modules/@biomejs/biome/bin/biome check --write
	@$(CLI) format

verify: setup ## find what was changed by hand, then score a random sample of the records again
	@$(CLI) verify

reproduce: setup ## make all again from data and models and compare (NB=04-artifact for one, MODELS=ID,ID or none)
	@$(CLI) reproduce $(NB) $(if $(MODELS),--models $(MODELS))

data: setup ## download the datasets and check them
	@$(CLI) data

models: setup ## download the models of the study that run here and check them
	@$(CLI) models

records: setup ## score every run of the study that has no record yet (hours on a CPU; RUNS=healthver for some by name)
	@$(CLI) records $(RUNS)

# A wrong name is told before some minutes of installing.
asked-for: setup
	@$(CLI) train $(ENTRY) $(if $(SEED),--seed $(SEED)) --dry-run

train-python: $(TRAIN_VENV)/.installed ## install the Python that trains and stop there (Python 3.10 or newer)

train: asked-for $(TRAIN_VENV)/.installed ## fine-tune what the study asks for and is missing (hours on a CPU; ENTRY=ID for one, SEED=N for one of its seeds)
	@$(CLI) train $(ENTRY) $(if $(SEED),--seed $(SEED))

adapters: asked-for $(TRAIN_VENV)/.installed ## the same, then convert, compare and put each adapter into data/adapters
	@$(CLI) adapters $(ENTRY) $(if $(SEED),--seed $(SEED))

engine: setup ## build llama.cpp for this processor, to score up to twice as fast (git, CMake, a C++ compiler; ten minutes)
	@$(CLI) engine

llama-tools: setup ## build llama.cpp's own bench and server (needs git, CMake and a C++ compiler; ten minutes)
	@$(CLI) llama-tools

bench: setup ## compare speed with other programs on this machine, lib/bench/README.md tells how (BENCH=NAME: one alone)
	@$(MAKE) --silent --no-print-directory $(BENCH_PYTHON) || echo "measuring without the programs in Python" >&2
	@node node_modules/typescript/bin/tsc -b lib/bench
	@node build/bench/main.js $(BENCH)

# A Python environment of what the first prerequisite lists. $(1): what is told of it.
define install_python
	@command -v python3 >/dev/null || { echo "Python 3 was not found: https://www.python.org" >&2; exit 1; }
	@echo "installing $(1) ..."
	@python3 -m venv $(@D)
	@# JupyterLab brings scripts for Node that must not be taken for ES modules, as all in this project are.
	@echo '{}' > $(@D)/package.json
	@$(@D)/bin/pip install -qq --disable-pip-version-check -r $<
	@# What is installed: a record of an encoder names these versions.
	@cp $< $@
endef

$(BENCH_VENV)/.installed: requirements/bench.txt
	$(call install_python,what is compared with into $(BENCH_VENV) (once$(,) some minutes$(,) 2 GB$(,) with CUDA several more))

$(TRAIN_VENV)/.installed: requirements/train.txt
	$(call install_python,what trains into $(TRAIN_VENV) (once$(,) some minutes$(,) 2 GB$(,) with CUDA several more: requirements/train.txt))

lab: setup $(VENV)/.installed ## open the notebooks in JupyterLab (needs Python 3.10 or newer)
	@mkdir -p notebooks/scratch
	@JUPYTER_PATH="$$($(CLI) kernelspec)" JUPYTER_CONFIG_PATH=lib/python/jupyter $(VENV)/bin/jupyter lab \
	  --notebook-dir=notebooks \
	  --KernelSpecManager.allowed_kernelspecs=tslab --MultiKernelManager.default_kernel_name=tslab $(LAB_OPTIONS)

$(VENV)/.installed: requirements/lab.txt
	$(call install_python,JupyterLab into $(VENV) (once$(,) about a minute))

# A name that nothing here is called. Make would ask it how to make this file, too.
Makefile: ;
.DEFAULT:
	+@node lib/unknown-target.mjs '$(subst ','\'',$@)' $(NOTEBOOKS) $$(awk -F ':' '/^[a-z-]+:.*## / { print $$1 }' Makefile)

clean: ## delete what the notebooks and the paper have made (not the downloads, not the records, not figures/)
	@rm -rf build lib/dist lib/.dist.* paper/paper.html paper/paper.pdf ro-crate-metadata.json
