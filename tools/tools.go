//go:build tools

// Package tools names the tools whose versions go.mod keeps.
package tools

import (
	_ "github.com/a-h/templ/cmd/templ"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
