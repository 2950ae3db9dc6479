package ui

import (
	"strconv"
	"strings"
)

// Field is one question of a form, with what the reader answered and what is wrong.
type Field struct {
	Name     string
	ID       string // "f-" + Name where empty
	Label    string
	Hint     string
	Error    string // in words; "" where the answer is right
	Value    string // as typed; for [Checkbox], ticked unless empty; for [DateTime], see [LocalTime]
	Required bool
	Disabled bool

	Kind         string // of an [Input]: text (the default), email, tel, url, number, search, password, date
	Autocomplete string // the HTML token: "email", "given-name", "one-time-code"
	InputMode    string // which keyboard a phone shows: numeric, decimal, email, url
	Pattern      string
	Placeholder  string
	Min, Max     string
	Step         string
	MaxLength    int // in characters; 0 sets no limit
	Rows         int // of a [TextArea]; 4 where 0
	Short        bool
	List         []string   // suggestions under an [Input]
	Attrs        templAttrs // further attributes of the control
}

// Option is one possible answer.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Icon     string
	Disabled bool
}

// LabelOf is the label of the option with the value, or the value itself for one that is
// gone.
func LabelOf(all []Option, value string) string {
	for _, o := range all {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

func (f Field) kind() string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

// describedBy names the elements that explain the field: its hint, then its error.
func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.id()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.id()+"-error")
	}
	return strings.Join(ids, " ")
}

// attributes are those that every control of the field shares.
func (f Field) attributes() templAttrs {
	all := templAttrs{"name": f.Name, "id": f.id()}
	for name, value := range map[string]string{
		"aria-describedby": f.describedBy(), "autocomplete": f.Autocomplete, "inputmode": f.InputMode,
		"pattern": f.Pattern, "placeholder": f.Placeholder, "min": f.Min, "max": f.Max, "step": f.Step,
	} {
		if value != "" {
			all[name] = value
		}
	}
	if f.MaxLength > 0 {
		all["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.Error != "" {
		all["aria-invalid"] = "true"
	}
	if len(f.List) > 0 {
		all["list"] = f.id() + "-list"
	}
	all["required"], all["disabled"] = f.Required, f.Disabled
	for name, value := range f.Attrs {
		all[name] = value
	}
	return all
}

// wrong keeps the fields that have an error, for the summary over the form.
func wrong(fields []Field) []Field {
	var bad []Field
	for _, f := range fields {
		if f.Error != "" {
			bad = append(bad, f)
		}
	}
	return bad
}

// ScaleData is a row of numbers to choose from.
type ScaleData struct {
	From, To  int
	Low, High string // what the ends mean
	Weight    string // beside the label: "30 %"
	// Words says what each point means, from From on: the one chosen is shown at once.
	Words []string
	// None is the answer of who cannot say, after the numbers: its value and label.
	None Option
	// Keeps shows what became of the answer, in a form with data-taps.
	Keeps bool
}

// words is what the point means, "" where nobody said.
func (s ScaleData) words(n int) string {
	if i := n - s.From; i >= 0 && i < len(s.Words) {
		return s.Words[i]
	}
	return ""
}

// chosen is what the value means.
func (s ScaleData) chosen(value string) string {
	n, err := strconv.Atoi(value)
	if err != nil {
		return ""
	}
	return s.words(n)
}

func (s ScaleData) points() []int {
	var all []int
	for n := s.From; n <= s.To; n++ {
		all = append(all, n)
	}
	return all
}

// Needed is the field as one that must be answered.
func (f Field) Needed() Field {
	f.Required = true
	return f
}
