# The targets of a developer's day; "make" alone lists them.

VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 20s
RACE        ?= $(shell command -v "$$(go env CC)" >/dev/null && echo -race)

# What "./..." leaves out: folders named testdata.
PACKAGES := ./... ./testdata/generate ./testdata/agreement ./testdata/hostile

.DEFAULT_GOAL := help
.PHONY: help build test race lint fmt fuzz cover generate docs corpus hostile fresh tools check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./pcapdiag, static, with its version in it
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=$(VERSION)" -o pcapdiag ./cmd/pcapdiag

test: ## run the tests
	go test ./...

race: ## run the tests with the race detector, where there is the C compiler it needs
	go test $(RACE) ./...

lint: ## go vet and staticcheck
	go vet $(PACKAGES)
	go run $(STATICCHECK) $(PACKAGES)

fmt: ## format the code
	gofmt -w analyzer cmd decoders docs testdata

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@set -e; for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$pkg; \
		done; \
	done

cover: ## say how much of the code the tests run
	@mkdir -p dist
	go test -coverpkg ./... -coverprofile dist/cover.out ./...
	@go tool cover -func dist/cover.out | tail -1

generate: ## write the captures of testdata from their packet scripts
	go run ./testdata/generate

docs: ## write docs/issues and docs/rules from the catalogue and the rules
	go run ./docs/generate

corpus: ## compare with tshark over every capture below CORPUS=dir
	go run ./testdata/agreement $(if $(PAGE),-page $(PAGE)) $(CORPUS)

hostile: ## analyse every capture below CORPUS=dir under the race detector, within bounds
	go run ./testdata/hostile $(if $(PAGE),-page $(PAGE)) $(CORPUS)

fresh: ## fail where formatting, go.mod or a generated file is stale
	@out=$$(gofmt -l analyzer cmd decoders docs testdata); \
		if [ -n "$$out" ]; then echo "not formatted, run make fmt:"; echo "$$out"; exit 1; fi
	go mod tidy -diff
	go run ./testdata/generate -check
	go run ./docs/generate -check

tools: ## install what the tests compare with, where that can be done
	@.ci/tools

check: tools fresh lint race build ## everything the gate runs

clean: ## delete what was built
	rm -rf pcapdiag dist
