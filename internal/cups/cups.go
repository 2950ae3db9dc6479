// Package cups follows the reusable cups of an edition: received from the supplier,
// handed out with a deposit or as a gift, returned, washed, broken, lost, kept.
//
// Everything is a ledger. A movement takes cups from one place to another and may take a
// deposit into the till or out of it; the sum of the movements is the stock, and the sum
// of the deposits is what is owed for the cups that are out. A mistake is undone by
// another movement. A deposit belongs to whoever brings the cup back, since friends
// return each other's cups. The package makes no claim about waste; that is
// engine/footprint's.
package cups

import (
	"time"

	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// ModelID names a model of cup.
type ModelID string

// Model is one kind of cup.
type Model struct {
	ID       ModelID
	Edition  edition.ID
	Name     string
	VolumeCl int
	// Deposit is in cents; 0 makes the cup a gift.
	Deposit int64
}

// Gift says whether the cup is given away.
func (m Model) Gift() bool { return m.Deposit == 0 }

// Place is where cups are.
type Place string

// The places. Only the supplier may owe cups.
const (
	Supplier Place = "supplier"
	Clean    Place = "clean"
	Out      Place = "out" // with somebody, against a deposit
	Dirty    Place = "dirty"
	Washing  Place = "washing"
	Kept     Place = "kept" // given away, or out and never returned
	Broken   Place = "broken"
	Lost     Place = "lost"
)

// Places lists the places in the order of a cup's life.
var Places = []Place{Clean, Out, Dirty, Washing, Kept, Broken, Lost}

// Kind is what a movement does.
type Kind string

// The kinds of movement.
const (
	Receive  Kind = "receive"   // supplier → clean
	HandOut  Kind = "hand_out"  // clean → out, the deposit comes in
	Give     Kind = "give"      // clean → kept, nothing comes in
	Exchange Kind = "exchange"  // a dirty cup for a clean one: out → dirty and clean → out
	Return   Kind = "return"    // out → dirty, the deposit goes back
	Break    Kind = "break"     // out → broken, the deposit stays
	Crack    Kind = "crack"     // clean → broken, in the store
	SendWash Kind = "send_wash" // dirty → washing
	BackWash Kind = "back_wash" // washing → clean
	Miss     Kind = "miss"      // clean → lost, found at a recount
	Find     Kind = "find"      // lost → dirty
	Keep     Kind = "keep"      // out → kept, at the close: the deposit is earned
	SendBack Kind = "send_back" // clean → supplier
)

// leg is one step of a movement; cents says what one cup does to the till, as a multiple
// of the deposit.
type leg struct {
	from, to Place
	deposits int64
}

// legs are the steps of each kind.
var legs = map[Kind][]leg{
	Receive: {{Supplier, Clean, 0}}, HandOut: {{Clean, Out, 1}}, Give: {{Clean, Kept, 0}},
	Exchange: {{Out, Dirty, 0}, {Clean, Out, 0}}, Return: {{Out, Dirty, -1}}, Break: {{Out, Broken, 0}},
	Crack: {{Clean, Broken, 0}}, SendWash: {{Dirty, Washing, 0}}, BackWash: {{Washing, Clean, 0}},
	Miss: {{Clean, Lost, 0}}, Find: {{Lost, Dirty, 0}}, Keep: {{Out, Kept, 0}}, SendBack: {{Clean, Supplier, 0}},
}

// Movement is one step of the ledger.
type Movement struct {
	ID       string
	Edition  edition.ID
	Model    ModelID
	Kind     Kind
	Quantity int
	From, To Place
	Cents    int64
	Person   string
	Note     string
	Undoes   string
	Actor    string
	At       time.Time
}

// Stock is how many cups of a model are where, and the money.
type Stock struct {
	Model Model
	At    map[Place]int
	// Till is what the deposits have left in the till, in cents; Owed is what the cups
	// that are out would take from it.
	Till, Owed int64
	// HandedOut, Returned and BrokenOut count cups with a deposit, over all time;
	// BrokenOut are those that broke in somebody's hands.
	HandedOut, Returned, BrokenOut int
}

// ReturnRate is the share of the cups handed out with a deposit that came back, whole or
// broken; ok is false while none was handed out. An exchange is not a handing out.
func (s Stock) ReturnRate() (rate float64, ok bool) {
	if s.HandedOut == 0 {
		return 0, false
	}
	return float64(s.Returned+s.BrokenOut) / float64(s.HandedOut), true
}

// add applies a movement to the stock.
func (s *Stock) add(m Movement) {
	s.At[m.From] -= m.Quantity
	s.At[m.To] += m.Quantity
	s.Till += m.Cents
	sign := 1
	if m.Undoes != "" {
		sign = -1
	}
	switch m.Kind { //nolint:exhaustive // the others count nothing
	case HandOut:
		s.HandedOut += sign * m.Quantity
	case Return:
		s.Returned += sign * m.Quantity
	case Break:
		s.BrokenOut += sign * m.Quantity
	}
	s.Owed = int64(s.At[Out]) * s.Model.Deposit
}

// short returns the first place that would owe cups; only the supplier may.
func (s *Stock) short() (Place, bool) {
	for _, p := range Places {
		if s.At[p] < 0 {
			return p, true
		}
	}
	return "", false
}

// movements are the steps of an act on n cups, without ids.
func movements(m Model, kind Kind, n int) ([]Movement, error) {
	steps, known := legs[kind]
	if !known {
		return nil, errs.New(errs.Invalid, "cups.kind_unknown")
	}
	if n < 1 || n > 1_000_000 {
		return nil, errs.Fields{{Name: "quantity", Key: "cups.quantity_range"}}
	}
	if m.Gift() && (kind == HandOut || kind == Return || kind == Exchange) {
		return nil, errs.New(errs.Conflict, "cups.is_gift")
	}
	var all []Movement
	for _, step := range steps {
		all = append(all, Movement{Edition: m.Edition, Model: m.ID, Kind: kind, Quantity: n, From: step.from, To: step.to,
			Cents: step.deposits * m.Deposit * int64(n)})
	}
	return all, nil
}

// undo is the movement that takes m back.
func undo(m Movement) Movement {
	return Movement{Edition: m.Edition, Model: m.Model, Kind: m.Kind, Quantity: m.Quantity, From: m.To, To: m.From,
		Cents: -m.Cents, Person: m.Person, Undoes: m.ID}
}
