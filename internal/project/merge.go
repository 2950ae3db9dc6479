package project

import (
	"slices"
	"strings"
)

// merge joins what two people made of the same base, part by part: a part that only one
// of them changed is theirs. clash names the parts that both changed in different ways;
// there merged keeps what is there already (theirs).
func merge(base, mine, theirs Content) (merged Content, clash []string) {
	merged = theirs
	pick := func(name string, changed, same, untouched bool, take func()) {
		switch {
		case !changed || same:
		case untouched:
			take()
		default:
			clash = append(clash, name)
		}
	}
	pick("title", mine.Title != base.Title, mine.Title == theirs.Title, theirs.Title == base.Title,
		func() { merged.Title = mine.Title })
	pick("pitch", mine.Pitch != base.Pitch, mine.Pitch == theirs.Pitch, theirs.Pitch == base.Pitch,
		func() { merged.Pitch = mine.Pitch })
	pick("description", mine.Description != base.Description, mine.Description == theirs.Description,
		theirs.Description == base.Description, func() { merged.Description = mine.Description })
	pick("challenge", mine.Challenge != base.Challenge, mine.Challenge == theirs.Challenge,
		theirs.Challenge == base.Challenge, func() { merged.Challenge = mine.Challenge })
	pick("links", !slices.Equal(mine.Links, base.Links), slices.Equal(mine.Links, theirs.Links),
		slices.Equal(theirs.Links, base.Links), func() { merged.Links = mine.Links })
	return merged, clash
}

// Line is a line of a comparison: Sign is ' ' for one that stayed, '-' for one that
// went, '+' for one that came.
type Line struct {
	Sign byte
	Text string
}

// mostCells bounds the work of a comparison.
const mostCells = 4_000_000

// Diff compares two texts line by line: the longest common subsequence stays (Hunt and
// McIlroy, "An Algorithm for Differential File Comparison", 1976). Texts with too many
// different lines are shown one after the other.
func Diff(before, after string) []Line {
	a, b := lines(before), lines(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out := signed(nil, ' ', a[:head])
	out = middle(out, a[head:len(a)-tail], b[head:len(b)-tail])
	return signed(out, ' ', a[len(a)-tail:])
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func signed(out []Line, sign byte, texts []string) []Line {
	for _, t := range texts {
		out = append(out, Line{sign, t})
	}
	return out
}

// middle compares what is between the common head and tail.
func middle(out []Line, a, b []string) []Line {
	if len(a)*len(b) > mostCells {
		return signed(signed(out, '-', a), '+', b)
	}
	// common[i][j] is how many lines a[i:] and b[j:] have in common.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, Line{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, Line{'-', a[i]})
			i++
		default:
			out = append(out, Line{'+', b[j]})
			j++
		}
	}
	return signed(signed(out, '-', a[i:]), '+', b[j:])
}
