# Maven does the work; this is its short form.
.DEFAULT_GOAL := help
.PHONY: help fast check fmt demo soak clean

# Spotless needs Maven itself on JDK 25; `make JDK=/path/to/jdk` where it is elsewhere
JDK ?= $(firstword $(wildcard /usr/lib/jvm/*-25-* /usr/lib/jvm/*-25) $(JAVA_HOME))
MVN = JAVA_HOME=$(JDK) mvn
# `make fast M=ews` for one module and what it needs
M ?=
ONE = $(if $(M),-pl $(M) -am)

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-6s %s\n", $$1, $$2}'

fast: ## compile and unit tests without the judges; M=listener for one module
	$(MVN) -q -DskipChecks $(ONE) test

check: ## everything that the build server runs
	$(MVN) verify

fmt: ## format the sources
	$(MVN) -q spotless:apply

demo: ## the whole loop on this machine; ARGS="--faults --duration 60"
	bin/tidemark demo $(ARGS)

soak: ## the tests tagged soak, too
	$(MVN) -Psoak verify

clean: ## forget what was built
	$(MVN) -q clean
