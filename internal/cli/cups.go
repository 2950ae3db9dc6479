package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"h48/engine/footprint"
	"h48/engine/place"
)

// Cups answers how many cups to order, from flags or from a small JSON file whose
// fields bear the flags' names.
type Cups struct {
	File       string   `arg:"" optional:"" help:"JSON file with the fields people, show_up, others, spare, confidence, pack, minimum, drinks, hours, per_guest, loss; flags that are given win. - reads standard input."`
	People     *int     `help:"People registered or invited."`
	ShowUp     *float64 `help:"Share of them who come, 0 to 1 (default 0.8)." placeholder:"SHARE"`
	Others     *int     `help:"People who come for sure: crew, partners, jury."`
	Spare      *int     `help:"Cups on top."`
	Confidence *float64 `help:"How sure to be that there are enough, between 0 and 1 (default 0.95)." placeholder:"SHARE"`
	Pack       *int     `help:"Cups are sold by so many."`
	Minimum    *int     `help:"Least the supplier prints."`
	Keep       bool     `help:"Everyone keeps their cup: no stock, no washing."`
	Drinks     *float64 `help:"Drinks a person takes in an hour; cups are then washed on site."`
	Hours      *float64 `help:"Hours a cup is away: in hand, dirty, washed, dried (default 1.5)."`
	PerGuest   *float64 `help:"Cups a guest uses when none is washed (default 3 to 5)." placeholder:"CUPS"`
	Loss       *float64 `help:"Share of cups that do not come back (default 0.07 to 0.30)." placeholder:"SHARE"`
	Lang       string   `help:"Language of the answer: en or fr." enum:"en,fr" default:"en"`
	JSON       bool     `name:"json" help:"Answer in JSON."`
}

// asked is what a file may hold.
type asked struct {
	People     int      `json:"people"`
	ShowUp     float64  `json:"show_up"`
	Others     int      `json:"others"`
	Spare      int      `json:"spare"`
	Confidence float64  `json:"confidence"`
	Pack       int      `json:"pack"`
	Minimum    int      `json:"minimum"`
	Keep       bool     `json:"keep"`
	Drinks     float64  `json:"drinks"`
	Hours      float64  `json:"hours"`
	PerGuest   *float64 `json:"per_guest"`
	Loss       *float64 `json:"loss"`
}

// maxCupsFile bounds the file: a dozen numbers.
const maxCupsFile = 1 << 20

// Run answers. It exits with 2 when a figure cannot be used.
func (c *Cups) Run(run *Run) error {
	q, err := c.ask(run)
	if err != nil {
		return Exit{2, err}
	}
	keepsake := footprint.Keepsake{
		People: q.People, ShowUp: q.ShowUp, Others: q.Others, Spare: q.Spare,
		Confidence: q.Confidence, Pack: q.Pack, Minimum: q.Minimum,
	}
	if q.Keep {
		o, err := keepsake.Order()
		if err != nil {
			return Exit{2, fmt.Errorf("counting the cups: %w", err)}
		}
		return c.answer(run, o, c.keepWords(keepsake, o))
	}
	stock := q.stock(keepsake)
	cups, err := stock.Cups()
	if err != nil {
		return Exit{2, fmt.Errorf("counting the cups: %w", err)}
	}
	return c.answer(run, cups, c.stockWords(stock, cups))
}

// ask reads the file, if any, puts the flags over it, and fills what is missing.
func (c *Cups) ask(run *Run) (asked, error) {
	q := asked{ShowUp: 0.8, Confidence: 0.95, Hours: 1.5}
	if c.File != "" {
		data, err := readSmall(run, c.File)
		if err != nil {
			return q, err
		}
		if err := decodeCups(data, &q); err != nil {
			return q, fmt.Errorf("reading %s: %w", c.File, err)
		}
	}
	over(&q.People, c.People)
	over(&q.ShowUp, c.ShowUp)
	over(&q.Others, c.Others)
	over(&q.Spare, c.Spare)
	over(&q.Confidence, c.Confidence)
	over(&q.Pack, c.Pack)
	over(&q.Minimum, c.Minimum)
	over(&q.Drinks, c.Drinks)
	over(&q.Hours, c.Hours)
	q.Keep = q.Keep || c.Keep
	if c.PerGuest != nil {
		q.PerGuest = c.PerGuest
	}
	if c.Loss != nil {
		q.Loss = c.Loss
	}
	if q.People == 0 && q.Others == 0 {
		return q, errors.New("for how many people? give --people, or a file with the field people")
	}
	return q, nil
}

// decodeCups reads the file's text; its errors say where.
func decodeCups(data []byte, q *asked) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("line 1, column 1: it is empty")
	}
	err := json.Unmarshal(data, q)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var offset int64
	switch {
	case err == nil:
		if name, at, twice := place.Twice(data); twice {
			return fmt.Errorf("line %d, column %d: the field %q stands twice", at.Line, at.Column, name)
		}
		return nil
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
		err = fmt.Errorf("%s is a %s, not a number of the kind that is asked", kind.Field, kind.Value)
	}
	at := place.At(data, int(offset)-1)
	return fmt.Errorf("line %d, column %d: %w", at.Line, at.Column, err)
}

// over replaces a value by a flag that was given.
func over[T any](value *T, flag *T) {
	if flag != nil {
		*value = *flag
	}
}

func readSmall(run *Run, name string) ([]byte, error) {
	in := run.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("opening the file: %w", err)
		}
		defer f.Close()
		in = f
	}
	return readAtMost(in, maxCupsFile)
}

func (q asked) stock(k footprint.Keepsake) footprint.Stock {
	s := footprint.Stock{
		Keepsake: k, Drinks: footprint.Exactly(q.Drinks), Hours: footprint.Exactly(q.Hours),
		PerGuest: footprint.CupsPerGuest().Value, Buffer: footprint.Buffer().Value,
		Loss: footprint.LossShare().Value, UsualLoss: footprint.UsualLoss,
	}
	if q.PerGuest != nil {
		s.PerGuest = footprint.Exactly(*q.PerGuest)
	}
	if q.Loss != nil {
		s.Loss, s.UsualLoss = footprint.Exactly(*q.Loss), *q.Loss
	}
	return s
}

func (c *Cups) answer(run *Run, figures any, words string) error {
	text := []byte(words)
	if c.JSON {
		var err error
		if text, err = json.Marshal(figures); err != nil {
			return fmt.Errorf("writing the answer: %w", err)
		}
		text = append(text, '\n')
	}
	if _, err := run.Out.Write(text); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func (c *Cups) keepWords(k footprint.Keepsake, o footprint.Order) string {
	var b strings.Builder
	if c.Lang == "fr" {
		fmt.Fprintf(&b, "Commandez %d gobelets.\n", o.Order)
		fmt.Fprintf(&b, "De %.0f à %.0f personnes viendront, neuf fois sur dix ; %d gobelets suffisent avec une confiance de %.4g %%.\n", o.Come.Lo, o.Come.Hi, o.Need, 100*k.Confidence)
		if o.Surplus > 0 {
			fmt.Fprintf(&b, "%d de plus que le besoin, à cause du lot ou du minimum du fournisseur : prévoyez leur usage.\n", o.Surplus)
		}
		return b.String() + "Un gobelet offert n'est pas, à lui seul, une économie de déchets ou de carbone.\n"
	}
	fmt.Fprintf(&b, "Order %d cups.\n", o.Order)
	fmt.Fprintf(&b, "%.0f to %.0f people will come, nine times in ten; %d cups are enough with %.4g %% confidence.\n", o.Come.Lo, o.Come.Hi, o.Need, 100*k.Confidence)
	if o.Surplus > 0 {
		fmt.Fprintf(&b, "%d more than needed, because of the pack or the supplier's minimum: plan a use for them.\n", o.Surplus)
	}
	return b.String() + "A cup given away is not, by itself, a saving of waste or carbon.\n"
}

// breakEven says after how many uses a cup has cost the climate less than disposables.
func (c *Cups) breakEven() string {
	made, thrown, washed := footprint.ReusableCarbon(), footprint.DisposableCarbon(), footprint.WashCarbon()
	own, always := footprint.BreakEvenRange(made.Value, thrown.Value, washed.Value)
	known := footprint.BreakEvenPublished()
	most := fmt.Sprintf("%.0f", own.Hi)
	if c.Lang == "fr" {
		if !always {
			most = "jamais"
		}
		return fmt.Sprintf("Carbone : un gobelet lavé (électricité seule) a coûté moins que des jetables après %.0f à %s utilisations, selon ces facteurs ; les études donnent %.0f à %.0f (%s).\n",
			own.Lo, most, known.Value.Lo, known.Value.Hi, known.Source)
	}
	if !always {
		most = "never"
	}
	return fmt.Sprintf("Carbon: a washed cup (electricity alone) beats disposables after %.0f to %s uses by these factors; studies give %.0f to %.0f (%s).\n",
		own.Lo, most, known.Value.Lo, known.Value.Hi, known.Source)
}

func (c *Cups) stockWords(s footprint.Stock, n footprint.Cups) string {
	sources := strings.Join([]string{footprint.LossShare().Source, footprint.ReusableCarbon().Source,
		footprint.DisposableCarbon().Source, footprint.WashCarbon().Source}, " ; ")
	if s.Drinks.Hi == 0 {
		sources = footprint.CupsPerGuest().Source + " ; " + sources
	}
	if c.Lang == "fr" {
		return fmt.Sprintf("Commandez %d gobelets.\n"+
			"Pour %d personnes : %.0f à %.0f gobelets en service, %.0f à %.0f en réserve pour ceux qui ne reviennent pas, soit %.0f à %.0f en tout (confiance %.4g %%).\n"+
			"%sSources : %s\n", n.Order, n.Come, n.Use.Lo, n.Use.Hi, n.Reserve.Lo, n.Reserve.Hi, n.Total.Lo, n.Total.Hi, 100*s.Confidence, c.breakEven(), sources)
	}
	return fmt.Sprintf("Order %d cups.\n"+
		"For %d people: %.0f to %.0f cups in use, %.0f to %.0f in reserve for those that do not come back, %.0f to %.0f in all (%.4g %% confidence).\n"+
		"%sSources: %s\n", n.Order, n.Come, n.Use.Lo, n.Use.Hi, n.Reserve.Lo, n.Reserve.Hi, n.Total.Lo, n.Total.Hi, 100*s.Confidence, c.breakEven(), sources)
}
