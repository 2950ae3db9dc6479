package teaming

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
)

func TestScratch(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("INST"))
	in, err := Decode(b)
	if err != nil {
		t.Skip()
	}
	budget, _ := strconv.ParseFloat(os.Getenv("BUDGET"), 64)
	next := 0.0
	Form(context.Background(), in, Options{Budget: budget, Progress: func(p Progress) {
		if p.Done >= next {
			fmt.Printf("%.3f %d %d %d\n", p.Done*budget, p.Cost, p.Broken, p.Bound)
			next = p.Done + 0.03
		}
	}})
}
