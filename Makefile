# The targets of a developer's day; "make" alone lists them.

VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 20s
OUT         ?= pcapdiag
SYSTEMS     := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
RACE        ?= $(shell command -v "$$(go env CC)" >/dev/null && echo -race)

# What "./..." leaves out: folders named testdata.
PACKAGES := ./... ./testdata/generate ./testdata/agreement ./testdata/hostile ./testdata/falsepositives ./testdata/lab/traffic ./testdata/bench/...

.DEFAULT_GOAL := help
.PHONY: help build binary release test race lint fmt fuzz cover generate docs corpus bench hostile lab fresh manifests cloud vuln licences tools check clean falsepositives

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: binary ## build ./pcapdiag, static, with its version in it

release: ## build dist/ for every system: the same bytes wherever it is built
	rm -rf dist && mkdir -p dist
	VULN=required .ci/vuln
	go run ./docs/licences >dist/LICENCES
	@set -e; for system in $(SYSTEMS); do \
		out=dist/pcapdiag-$(VERSION)-$${system%/*}-$${system#*/}; \
		case $$system in windows/*) out=$$out.exe ;; esac; \
		echo "$$out"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} $(MAKE) --no-print-directory binary OUT=$$out; \
	done
	cd dist && sha256sum pcapdiag-* LICENCES >SHA256SUMS

binary:
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=$(VERSION)" -o $(OUT) ./cmd/pcapdiag

test: ## run the tests
	go test $(PACKAGES)

race: ## run the tests with the race detector, where there is the C compiler it needs, and those that it is too slow for without
	go test $(RACE) ./...
	go test -run 'TestCancel|TestWorkIsLinear|AllocatesNothing|AllocateNothing' ./analyzer ./analyzer/detectors

lint: ## go vet and staticcheck
	go vet $(PACKAGES)
	go run $(STATICCHECK) $(PACKAGES)

fmt: ## format the code
	gofmt -w analyzer cmd decoders docs testdata

fuzz: ## run each fuzz target for FUZZTIME (20s)
	@.ci/fuzz $(FUZZTIME)

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

bench: ## measure beside other programs: PAGE=file for the page, SMALL=1 to try it, KEEP=dir to keep the captures
	go run ./testdata/bench $(if $(PAGE),-page $(PAGE)) $(if $(SMALL),-small) $(if $(KEEP),-keep $(KEEP))

hostile: ## analyse every capture below CORPUS=dir under the race detector, within bounds
	go run ./testdata/hostile $(if $(PAGE),-page $(PAGE)) $(CORPUS)

lab: ## record the captures of testdata/lab afresh, as root, and compare what is diagnosed
	@dir=$$(mktemp -d) && testdata/lab/record.sh "$$dir" && \
		PCAPDIAG_LAB="$$dir" go test -count 1 -run '^TestLab$$' -v ./cmd/pcapdiag && \
		rm -r "$$dir" || { echo "the captures are kept in $$dir" >&2; exit 1; }

falsepositives: ## list what captures without an incident below CORPUS=dir report, with the reasons
	go run ./testdata/falsepositives $(if $(PAGE),-page $(PAGE)) $(CORPUS)

fresh: ## fail where formatting, go.mod or a generated file is stale
	@out=$$(gofmt -l analyzer cmd decoders docs testdata); \
		if [ -n "$$out" ]; then echo "not formatted, run make fmt:"; echo "$$out"; exit 1; fi
	go mod tidy -diff
	go run ./testdata/generate -check
	go run ./docs/generate -check

vuln: ## look for known vulnerabilities in what the program calls
	@.ci/vuln

licences: ## list the licences of the modules in the program, and fail at one that is not allowed
	@go run ./docs/licences -check

cloud: ## vet, test and build pcapdiag-cloud, a module of its own
	go -C cmd/pcapdiag-cloud vet ./...
	go -C cmd/pcapdiag-cloud run $(STATICCHECK) ./...
	go -C cmd/pcapdiag-cloud test ./...
	CGO_ENABLED=0 go -C cmd/pcapdiag-cloud build -trimpath -ldflags "-s -w" -o ../../dist/pcapdiag-cloud .

manifests: ## hold the examples for Kubernetes and GitHub to their schemas
	go -C docs/manifests vet ./...
	go -C docs/manifests test ./...

tools: ## install what the tests compare with, where that can be done
	@.ci/tools

check: tools fresh lint manifests cloud licences vuln race build ## everything the gate runs
	$(MAKE) fuzz FUZZTIME=300x

clean: ## delete what was built
	rm -rf pcapdiag dist
