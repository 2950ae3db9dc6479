package jury

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// Criterion is one line of the rubric.
type Criterion struct {
	ID          string
	Name        string
	Description string
	// Levels says what each level of the scale means, the least first; a level may be "",
	// and all of them may be missing.
	Levels []string
	// Min and Max are the scale's ends; both 0 mean 1 to 5.
	Min, Max int
	Weight   int // in any unit; only the proportions count
	// Prize is the prize for which alone a bonus criterion counts, "" for all others.
	Prize string
}

// Level is what a mark means, "" where nobody said.
func (c Criterion) Level(mark int) string {
	if i := mark - c.Min; i >= 0 && i < len(c.Levels) {
		return c.Levels[i]
	}
	return ""
}

// HasWords says whether any level has its words.
func (c Criterion) HasWords() bool {
	return slices.ContainsFunc(c.Levels, func(s string) bool { return s != "" })
}

// Limits of a rubric: a sheet has to fit a phone's screen, and a level a line.
const (
	MostCriteria = 12
	mostScale    = 20
	MostWorded   = 10 // levels that the form asks words for
	MostWords    = 200
)

func checkCriteria(all []Criterion) error {
	if len(all) > MostCriteria || !slices.ContainsFunc(all, func(c Criterion) bool { return c.Prize == "" }) {
		return errs.New(errs.Invalid, "jury.criteria_number", "most", MostCriteria)
	}
	var wrong errs.Fields
	for i, c := range all {
		switch {
		case strings.TrimSpace(c.Name) == "":
			wrong.Add(FieldName("name", i), "error.required")
		case slices.ContainsFunc(all[:i], func(o Criterion) bool { return strings.EqualFold(o.Name, c.Name) }):
			wrong.Add(FieldName("name", i), "jury.criterion_twice")
		}
		if c.Weight < 1 || c.Weight > 1000 {
			wrong.Add(FieldName("weight", i), "jury.weight_range")
		}
		if c.Min < 0 || c.Max <= c.Min || c.Max > mostScale {
			wrong.Add(FieldName("max", i), "jury.scale_range")
		}
		for k, words := range c.Levels {
			if len([]rune(words)) > MostWords {
				wrong.Add(FieldName("level"+strconv.Itoa(k+c.Min), i), "jury.level_long", "most", MostWords)
			}
		}
	}
	return wrong.Err()
}

// FieldName is the name of a criterion's question in the form of the rubric.
func FieldName(name string, i int) string { return name + "_" + strconv.Itoa(i) }

// tidy gives a criterion its usual scale and as many levels as the scale has, or none.
func (c Criterion) tidy() Criterion {
	if c.Min == 0 && c.Max == 0 {
		c.Min, c.Max = 1, 5
	}
	c.Name, c.Description = strings.TrimSpace(c.Name), strings.TrimSpace(c.Description)
	levels := make([]string, max(0, c.Max-c.Min+1))
	for i := range min(len(levels), len(c.Levels)) {
		levels[i] = strings.TrimSpace(c.Levels[i])
	}
	c.Levels = levels
	if !c.HasWords() {
		c.Levels = nil
	}
	return c
}

// common are the criteria that count for every prize.
func common(all []Criterion) []Criterion {
	return slices.DeleteFunc(slices.Clone(all), func(c Criterion) bool { return c.Prize != "" })
}

// Shares are the criteria's weights as shares of all that count together. A bonus
// criterion's share is of the common criteria and itself.
func Shares(all []Criterion) []float64 {
	common := 0
	for _, c := range all {
		if c.Prize == "" {
			common += c.Weight
		}
	}
	out := make([]float64, len(all))
	for i, c := range all {
		whole := common
		if c.Prize != "" {
			whole += c.Weight
		}
		out[i] = float64(c.Weight) / float64(max(whole, 1))
	}
	return out
}

// Worded gives a criterion of the landlord's rubric, by its key, what it means and what
// each level means; one that the rubric does not know stays as it is.
func Worded(l ui.Locale, key string, c Criterion) Criterion {
	about := "jury.rubric." + key + ".about"
	if !l.Has(about) {
		return c
	}
	c.Description, c.Levels = l.T(about), nil
	for n := 1; n <= 5; n++ {
		c.Levels = append(c.Levels, l.T("jury.rubric."+key+"."+strconv.Itoa(n)))
	}
	return c
}

// Landlord is the rubric that a social landlord can begin with: the use first, then
// whether it can be done and go on.
func Landlord(l ui.Locale) []Criterion {
	var all []Criterion
	for _, c := range []struct {
		key    string
		weight int
	}{{"useful", 30}, {"feasible", 25}, {"original", 15}, {"business", 15}, {"quality", 15}} {
		all = append(all, Worded(l, c.key, Criterion{Name: l.T("jury.rubric." + c.key), Min: 1, Max: 5, Weight: c.weight}))
	}
	return all
}

// describe is the rubric in the words of the trail.
func describe(all []Criterion) string {
	parts := make([]string, len(all))
	for i, c := range all {
		parts[i] = fmt.Sprintf("%s %d (%d–%d)", c.Name, c.Weight, c.Min, c.Max)
	}
	return strings.Join(parts, "; ")
}

// differences are the lines of two rubrics that are not the same, each in full: what
// everybody reads of an amendment.
func differences(before, after []Criterion) (was, is string) {
	full := func(all []Criterion) []string {
		lines := make([]string, len(all))
		for i, c := range all {
			lines[i] = fmt.Sprintf("%d. %s %d (%d–%d)", i+1, c.Name, c.Weight, c.Min, c.Max)
			for _, words := range append([]string{c.Description}, c.Levels...) {
				if words != "" {
					lines[i] += " · " + words
				}
			}
		}
		return lines
	}
	a, b := full(before), full(after)
	only := func(of, not []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(of), func(line string) bool { return slices.Contains(not, line) }), "\n")
	}
	return only(a, b), only(b, a)
}
