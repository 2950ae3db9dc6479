package ui

import "testing"

// StaticFile is a file as it is served.
func StaticFile(t testing.TB, name string) []byte {
	a, known := assets().files[name]
	if !known {
		t.Fatalf("there is no %s", name)
	}
	return a.plain
}
