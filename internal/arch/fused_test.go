package arch

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"
)

// Some processors multiply and add in one step and round once where others round twice.
// A result that hangs on the last bit would then differ from machine to machine, so no
// engine may leave the choice to the compiler: float64(a*b) + c forbids it (Go's
// specification, "Arithmetic operators"; docs/adr/0064-same-bytes.md). The compiler's own
// listing for such a processor says where it would.
func TestEngines_fuseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the engines for another processor")
	}
	t.Parallel()
	build := exec.CommandContext(t.Context(), "go", "build", "-gcflags=h48/engine/...=-S", "./engine/...")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := build.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing[:min(len(listing), 2000)])
	}
	if !regexp.MustCompile(`\bFMUL[DS]\b`).Match(listing) {
		t.Fatal("the listing holds no multiplication: the test reads the wrong text")
	}
	fused := regexp.MustCompile(`([\w./-]+\.go:\d+)\)\s+FN?M(?:ADD|SUB)[DS]\b`)
	var places []string
	for _, m := range fused.FindAllSubmatch(listing, -1) {
		places = append(places, string(m[1]))
	}
	slices.Sort(places)
	for _, place := range slices.Compact(places) {
		t.Errorf("%s: write float64(a*b) where the product is added to or taken from something", place)
	}
}
