.DEFAULT_GOAL := help
SHELL := bash
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 2

SIGAP := .venv/bin/sigap

.PHONY: help run chat train test check bench lock audit clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/ready ## install, train if needed, start everything and print the address of the chat page
	@$(SIGAP) run

chat: .venv/ready ## the same, and chat in this terminal
	@$(SIGAP) run --chat

train: .venv/ready ## train the model if anything it depends on has changed
	@$(SIGAP) train

test: .venv/ready check train ## every check and every test; those that start whole servers get the machine for themselves
	@.venv/bin/pytest -m "not stack" --numprocesses auto --dist loadfile --no-loadscope-reorder
	@.venv/bin/pytest -m stack

check: .venv/ready ## style, types, the arrows between packages, and the content
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy sigap actions
	@.venv/bin/lint-imports
	@$(SIGAP) validate

bench: .venv/ready ## measure the choices of the pipeline side by side; writes docs/benchmark.md (REAL=file adds real messages)
	@$(SIGAP) bench $(if $(REAL),--real $(REAL))

lock: ## renew the locked requirements from requirements/*.in
	@tools/lock.sh

audit: ## look the locked requirements up among the published advisories
	@python3 tools/audit.py "$$(tools/uv.sh)"

clean: ## remove what was built: environment, models, local databases, logs
	@rm -rf .venv models/*.tar.gz models/fingerprint *.db *.db-shm *.db-wal logs .rasa

.venv/ready: requirements/runtime.txt requirements/dev.txt pyproject.toml tools/setup.sh
	@tools/setup.sh
