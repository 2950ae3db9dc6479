# H48: every command that a developer or an operator needs. `make help` lists them.
GO ?= go
export CGO_ENABLED = 0

.PHONY: help demo build setup test check lint gen verify bench screenshots fuzz clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: ## hold the hackathon of Amiens on http://localhost:4848, with invented people
	$(GO) run ./cmd/h48 demo

build: ## build the one binary, ./h48
	$(GO) build -trimpath -ldflags '-s -w' -o h48 ./cmd/h48

setup: ## install what the tests need: Debian's postgresql, chromium, poppler-utils, qpdf
	@sh tools/setup.sh

test: setup verify ## install what is needed and pass every test, on SQLite and PostgreSQL, with the real browser
	H48_NEED_PG=1 H48_NEED_CHROMIUM=1 $(GO) run ./internal/kit/sqldb/pgrun $(GO) test -shuffle=on -timeout 20m ./...

check: lint ## format, vet, lint and unit tests, in under two minutes
	$(GO) test -short ./...

lint: bin/staticcheck
	@test -z "$$(gofmt -l cmd engine internal migrations tools)" || { gofmt -l cmd engine internal migrations tools; echo 'not gofmt-ed'; exit 1; }
	$(GO) vet ./...
	bin/staticcheck ./...

gen: bin/templ ## write the Go code of the pages again
	bin/templ generate -path internal

verify: gen ## see that the generated code is what the pages say
	@git diff --exit-code --stat -- '*_templ.go' || { echo 'the generated code is old: commit what make gen wrote'; exit 1; }

bench: ## measure, and write the figures' tables
	$(GO) test -run '^$$' -bench . -benchtime 1x ./internal/bench
	$(GO) test -run '^$$' -bench OneMoreVisit -benchtime 100x ./engine/ranking

screenshots: setup ## take the guides' pictures from the demo
	H48_SCREENSHOTS=docs/pictures $(GO) test -count=1 -run TestScreenshots ./internal/e2e

bin/templ bin/staticcheck: tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../bin/ github.com/a-h/templ/cmd/templ honnef.co/go/tools/cmd/staticcheck

clean: ## remove what was built
	rm -rf bin h48
