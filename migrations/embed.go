// Package migrations holds the schema: one set of files for SQLite and PostgreSQL, named
// by the moment they were written, applied in that order and never changed afterwards.
package migrations

import "embed"

// FS has the migrations.
//
//go:embed *.sql
var FS embed.FS
