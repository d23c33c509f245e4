# A thin layer over kit.py, which does the work and needs no make: python kit.py lesson3.
#
# course/command_table.py lists the targets, their purpose and their variables. `make help` prints
# that table, and kit.py reports an unknown target or variable before anything is installed or run.
#
# Values reach kit.py as environment variables, never as text of a command: make takes them
# literally (`value`, so $(shell …) in one is only characters). Only variables of make's command
# line become options; the environment counts only for PYTHON and TORCH_INDEX.

given := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(given),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))
export TRIPTYCH_GIVEN := $(given)
export TRIPTYCH_GOALS := $(MAKECMDGOALS)

# Spelt out for shells that complete targets; some are also names of folders.
targets := help lesson1 lesson2 lesson3 lesson4 lesson5 lesson6 lesson7 lesson8 lab notebooks check1 check2 \
	check3 check4 check5 check6 check7 check8 rehearse grade exercises translations site slides playground compare \
	side-by-side native compare-records diverge port relay bench bench-growth differences check-adapter drift ledger test test-all \
	mutants lint sbom audit data lock doctor setup clean

# Whether PYTHON is a Python that can read kit.py; kit.py itself reports an unsupported version.
readable := print(__import__("sys").version_info >= (3, 8))

# The recipe of every target. A name that is not in the list never becomes text of a command.
define run
@python="$${PYTHON:-python3}"; command -v "$$python" >/dev/null || \
	{ echo "error: there is no $$python: set PYTHON=, as in make lesson1 PYTHON=python3.12" >&2; exit 2; }; \
	test -z "$$PYTHON" || test "$$("$$python" -c '$(readable)' 2>/dev/null)" = True || \
	{ echo "error: $$python is no Python that can read kit.py: expected 3.11, 3.12 or 3.13," \
	"as in make lesson1 PYTHON=python3.12" >&2; exit 2; }; \
	"$$python" kit.py make $(filter $(targets),$@)
endef

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: $(targets) always
$(targets): ; $(run)
%: always ; $(run)
Makefile: ;
