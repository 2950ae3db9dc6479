package bench_test

import (
	"os"
	"strings"
	"testing"

	"h48/engine/ranking/bench"
)

// On real panels ours finds the panel's verdict about as often as the raw mean when
// visits are spread evenly, and more often when it chooses them.
func TestRealPanels(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/skating.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	panels, err := bench.ReadPanels(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(panels) != 14 {
		t.Fatalf("%d panels", len(panels))
	}
	rows, err := bench.PlayPanels(t.Context(), panels, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]bench.Row{}
	for _, r := range rows {
		by[r.Method] = r
	}
	raw, even, ours := by["raw mean"], by["ours, even spread"], by["ours, floor 2"]
	if even.Best < raw.Best-raw.HalfWidth() || ours.Best <= raw.Best || ours.Best < 0.8 || ours.Covered < 0.88 {
		t.Errorf("raw %+v\neven %+v\nours %+v", raw, even, ours)
	}
}

func TestReadPanelsRefusesNonsense(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a word":         "segment,performance,judge,components,execution\ns,p,j,good,1\n",
		"too few fields": "segment,performance\ns,p\n",
		"an open quote":  "segment,performance,judge,components,execution\n\"s,p,j,1,1\n",
	} {
		if _, err := bench.ReadPanels(strings.NewReader(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// FuzzReadPanels holds that any bytes give an error or panels.
func FuzzReadPanels(f *testing.F) {
	f.Add("segment,performance,judge,components,execution\ns,p,j,1,1\ns,q,j,2,2\ns,p,k,1,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		panels, err := bench.ReadPanels(strings.NewReader(text))
		if err != nil && len(panels) > 0 {
			t.Fatal("panels and an error")
		}
	})
}
