# What people do here. `make` lists it. Everything but `race` needs only Go.
export CGO_ENABLED = 0
TOOL = go tool -modfile=tools/go.mod

.PHONY: help build generate format check check-format check-vet check-static check-generated check-rules test race bench demo shots axe hooks

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' Makefile

build: ## the program, one static file: ./lectern
	go build -trimpath -ldflags='-s -w' -o lectern ./cmd/lectern

demo: ## run the demonstration section
	go run ./cmd/lectern demo

generate: ## write the Go code of the pages anew
	$(TOOL) templ generate

format: ## bring all Go code and pages into their form
	$(TOOL) gofumpt -w .
	$(TOOL) templ fmt api/web

check: check-format check-vet check-static check-generated check-rules ## all that is looked at before a commit

check-format: ## Go code is in gofumpt's form
	@unformed=$$($(TOOL) gofumpt -l .) && test -z "$$unformed" || { echo "not in gofumpt's form; make format:"; echo "$$unformed"; exit 1; }

check-vet: ## go vet
	go vet ./...

check-static: ## staticcheck
	$(TOOL) staticcheck ./...

# Pages are generated in a copy, so that looking changes nothing here. What the
# program itself prints (openapi.json, docs/lifecycle.md) is compared by tests
# with Golden in their names, which -update writes anew.
check-generated: ## the pages' Go code and the generated documents are current
	@copy=$$(mktemp -d) && trap 'rm -rf "$$copy"' EXIT && mkdir -p "$$copy/api/web" && cp go.mod "$$copy/" && \
	cp api/web/*.templ "$$copy/api/web/" && $(TOOL) templ generate -path "$$copy" -log-level error && \
	for f in api/web/*_templ.go "$$copy"/api/web/*_templ.go; do \
		cmp -s "api/web/$${f##*/}" "$$copy/api/web/$${f##*/}" || { echo "$${f##*/} is not current: make generate"; exit 1; }; done
	go test -run Golden $$(grep -rl --include='*_test.go' 'func Test[A-Za-z_]*Golden' . | xargs -n1 dirname | sort -u)

check-rules: ## import rules, comments, and what no file contains
	go test ./internal/archtest

test: ## every test; Postgres and a browser are used where they are installed
	go test ./...

race: ## the race detector on store and workflows (needs a C compiler); SQLite itself, translated from C, is not watched
	CGO_ENABLED=1 go test -race -gcflags='modernc.org/sqlite/lib=-race=false' -timeout 15m ./internal/store/... ./workflows/...

bench: ## the goals of speed and size, as a table; LECTERN_BENCH=quick takes six minutes instead of thirteen, CELLS=... measures some
	go test -run '^$$' -bench '$(or $(CELLS),.)' -benchtime 1x -timeout 60m ./internal/bench

AXE = e2e/node_modules/axe-core/axe.min.js
VALIDATOR = e2e/node_modules/html-validate/bin/html-validate.mjs

# npm does not see that a file of a package is gone, so that all is fetched anew.
FETCH = command -v npm >/dev/null || { echo "install npm first"; exit 1; }; \
	rm -rf e2e/node_modules && npm install --prefix e2e --no-audit --no-fund --no-package-lock

axe: $(VALIDATOR) ## fetch axe-core, which looks at pages for barriers, and html-validate, which reads them (needs npm)

$(AXE): e2e/package.json
	@$(FETCH)
	@touch -c $@

$(VALIDATOR): $(AXE)
	@test -f $@ || { $(FETCH); }
	@touch -c $@ $(AXE)

shots: ## screenshots of all pages into e2e/shots
	LECTERN_TEST_SHOTS="$(CURDIR)/e2e/shots" go test -count=1 ./e2e/...

hooks: ## make check before each of your commits
	git config core.hooksPath .githooks
