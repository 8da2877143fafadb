# What a person types. Each target installs or builds what it stands on first; the work is in eng/.

MAKEFLAGS += --no-print-directory
.PHONY: help run test conformance walls stress chaos soak receipts conservation bench check build native native-asan deps deps-extra test-v2 fuzz clean

help:
	@echo 'make run         run examples/hello.py in a sandbox and print its output and receipt'
	@echo 'make test        build everything and run all tests; ONLY=GLOB picks test projects and scripts by name'
	@echo 'make conformance tries every attack of tests/Conformance and prints families and profiles; PROFILES=... names some'
	@echo 'make walls       tries every attack without every wall; make conformance does so for those that a wall is marked to hold'
	@echo 'make stress      a minute of each class of stress-ng in a slot: nothing outside changes, and what a neighbour feels'
	@echo 'make chaos       kill processes at random under load for 60 s; TIME=N and SEED=N change that'
	@echo 'make soak        50,000 runs of every outcome, and what grows with them; RUNS=N for another number'
	@echo 'make receipts    kill worker, manager and database on the way of receipts for 60 s; TIME=N, SEED=N'
	@echo 'make conservation  5,000 runs, and whether receipts and overhead add up to what was used; RUNS=N'
	@echo 'make bench       measure latency, throughput and density; ARGS=... goes to the benchmark program'
	@echo 'make check       formatting, analyzers, warnings of every C compiler here, shellcheck'
	@echo 'make build       bin/sandcastle and bin/kubectl-sandcastle (native), bin/sandcastled'
	@echo 'make native      artifacts/native: the jail; native-asan: the same under sanitizers'
	@echo 'make test-v2     every attack, and the tests of cgroups, limits and receipts, on a unified cgroup v2 hierarchy in two virtual machines; FULL=1: all in both'
	@echo 'make fuzz        the parsers of the jail, SECONDS=60 each; TARGET=NAME picks one of native/jail/fuzz'
	@echo 'make deps        what building and running needs; deps-extra: what only widens the tests'
	@echo 'make clean       remove artifacts/ and bin/'

run: deps native
	@eng/run.sh

test: deps native native-asan build
	@eng/test.sh

conformance: deps native build
	@eng/conformance.sh

walls: deps native build
	@SANDCASTLE_WALLS=$(or $(WALLS),all) eng/conformance.sh --filter-method '*Attack_without*'

stress: deps native build
	@eng/stress.sh

chaos: deps native build
	@SANDCASTLE_CHAOS_SEED=$(SEED) SANDCASTLE_CHAOS_SECONDS=$(TIME) eng/faults.sh chaos

soak: deps native build
	@SANDCASTLE_SOAK_RUNS=$(or $(RUNS),50000) eng/faults.sh soak

receipts: deps native build
	@SANDCASTLE_CHAOS_SEED=$(SEED) SANDCASTLE_RECEIPTS_SECONDS=$(or $(TIME),60) eng/faults.sh receipts

conservation: deps native build
	@SANDCASTLE_CONSERVATION_RUNS=$(or $(RUNS),5000) eng/faults.sh conservation

bench: deps native build
	@eng/bench.sh $(ARGS)

check: deps
	@eng/check.sh

build: deps native
	@eng/build.sh

native: deps
	@$(MAKE) -s -C native/jail

native-asan: deps
	@$(MAKE) -s -C native/jail asan

deps:
	@eng/deps.sh

deps-extra: deps
	@eng/deps.sh extra

test-v2: deps native build
	@eng/test-v2.sh uml
	@eng/test-v2.sh qemu

fuzz: deps
	@eng/fuzz.sh $(or $(SECONDS),60) $(TARGET)

clean:
	rm -rf artifacts bin
