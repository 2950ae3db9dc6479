package crew

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
)

var saturday = time.Date(2018, 5, 19, 0, 0, 0, 0, time.UTC)

func at(hour float64) time.Time { return saturday.Add(time.Duration(hour * float64(time.Hour))) }

func shift(id string, post PostID, from, to float64, wanted int) Shift {
	return Shift{ID: ShiftID(id), Post: post, Start: at(from), End: at(to), Wanted: wanted}
}

func member(name string, free ...Span) Member {
	return Member{ID: account.ID(name), Name: name, Offer: Offer{Free: free, Said: saturday}}
}

var always = Span{at(-48), at(96)}

func kinds(faults []Fault) []Kind {
	var all []Kind
	for _, f := range faults {
		all = append(all, f.Kind)
	}
	return all
}

// What is wrong with Ana on the night watch, whatever else she does.
func TestFaults(t *testing.T) {
	t.Parallel()
	night := shift("night", "watch", 22, 26, 2)
	base := func(m Member, others ...Shift) []Kind {
		r := NewRota(usualBook, []Post{{ID: "watch", Skill: "Premiers secours"}}, append([]Shift{night}, others...), []Member{m}, nil)
		return kinds(r.Faults(m, night, others))
	}
	able := member("Ana", always)
	able.Offer.Skills = []string{"premiers secours "}
	with := func(change func(o *Offer)) Member {
		m := able
		change(&m.Offer)
		return m
	}
	for name, c := range map[string]struct {
		got, want []Kind
	}{
		"nothing":           {base(able), nil},
		"lacks the skill":   {base(member("Ana", always)), []Kind{Unable}},
		"has not answered":  {base(with(func(o *Offer) { o.Said = time.Time{} })), []Kind{Silent}},
		"leaves at one":     {base(with(func(o *Offer) { o.Free = []Span{{at(8), at(25)}} })), []Kind{Away}},
		"never there":       {base(with(func(o *Offer) { o.Never = []PostID{"watch"} })), []Kind{Refuses}},
		"rather elsewhere":  {base(with(func(o *Offer) { o.Rather = []PostID{"watch"} })), []Kind{Rather}},
		"two places":        {base(able, shift("bar", "bar", 20, 23, 1)), []Kind{Double}},
		"four hours' rest":  {base(able, shift("bar", "bar", 30, 32, 1)), []Kind{Rest}},
		"right after":       {base(able, shift("bar", "bar", 20, 22, 1)), nil},
		"three in a row":    {base(able, shift("bar", "bar", 21, 22, 1), shift("door", "door", 20, 21, 1)), nil},
		"seven hours a row": {base(able, shift("bar", "bar", 20, 22, 1), shift("door", "door", 19, 20, 1)), []Kind{Row}},
		"more than she can": {base(with(func(o *Offer) { o.Most = 3 })), []Kind{TooMuch}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The words that an organiser reads: three can, four are wanted, and what keeps the others.
func TestHoles_sayWho(t *testing.T) {
	t.Parallel()
	night := shift("night", "watch", 22, 26, 4)
	members := []Member{member("Ana", always), member("Bilal", always), member("Cléo", always), member("Dora", Span{at(8), at(20)}), {ID: "Emil", Name: "Emil"}}
	r := NewRota(usualBook, []Post{{ID: "watch"}}, []Shift{night, shift("bar", "bar", 21, 24, 1)}, members,
		[]Duty{{Shift: "night", Who: "Ana", Planned: true}, {Shift: "bar", Who: "Bilal", Planned: true}})
	got := r.Holes()
	want := []Hole{{Shift: night, Missing: 3, Can: 3, Able: 1, Why: []Because{{Silent, 1}, {Away, 1}, {Double, 1}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if least := r.Standing().Least; least < 1 {
		t.Errorf("three people fill four places, it says: %d stay open at least", least)
	}
}

// crew draws a crew, its posts and what people say.
func drawRota(t *rapid.T) Rota {
	var all []Shift
	posts := []Post{{ID: "a"}, {ID: "b", Skill: "son"}, {ID: "c"}}
	for i := range rapid.IntRange(1, 14).Draw(t, "shifts") {
		from := float64(rapid.IntRange(0, 60).Draw(t, "from"))
		all = append(all, shift(fmt.Sprint("s", i), posts[rapid.IntRange(0, 2).Draw(t, "post")].ID, from, from+float64(rapid.IntRange(1, 5).Draw(t, "hours")), rapid.IntRange(1, 3).Draw(t, "wanted")))
	}
	var members []Member
	var duties []Duty
	for i := range rapid.IntRange(1, 8).Draw(t, "people") {
		from := float64(rapid.IntRange(-10, 40).Draw(t, "free from"))
		m := member(fmt.Sprint("m", i), Span{at(from), at(from + float64(rapid.IntRange(4, 70).Draw(t, "free for")))})
		m.Offer.Most = rapid.IntRange(0, 12).Draw(t, "most")
		if rapid.Bool().Draw(t, "skilled") {
			m.Offer.Skills = []string{"Son"}
		}
		if rapid.Bool().Draw(t, "refuses") {
			m.Offer.Never = []PostID{"c"}
		}
		if rapid.IntRange(0, 3).Draw(t, "silent") == 0 {
			m.Offer.Said = time.Time{}
		}
		members = append(members, m)
		for _, s := range all {
			switch rapid.IntRange(0, 9).Draw(t, "known") {
			case 0:
				duties = append(duties, Duty{Shift: s.ID, Who: m.ID, Planned: true, Locked: true})
			case 1:
				duties = append(duties, Duty{Shift: s.ID, Who: m.ID, Told: true, No: saturday})
			case 2:
				duties = append(duties, Duty{Shift: s.ID, Who: m.ID, Planned: true})
			}
		}
	}
	return NewRota(usualBook, posts, all, members, duties)
}

// Whatever the organiser locked and people said, what the planner adds keeps every rule,
// the locked stay, nobody works where they refused, and no plan is better than the bound.
func TestMake_keepsEveryRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRota(t)
		few := rapid.Bool().Draw(t, "few")
		seats, err := r.Make(t.Context(), at(20), few, 0.002, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		fixed := r.problemOf(at(20), few, true).fixed
		planned := r.with(seats)
		for shift, people := range planned.Broken() {
			for who, faults := range people {
				if !slices.Contains(fixed, Seat{shift, who}) {
					t.Errorf("%s on %s: %v", who, shift, kinds(faults))
				}
			}
		}
		for _, seat := range fixed {
			if !slices.Contains(seats, seat) {
				t.Errorf("%v was locked and is gone", seat)
			}
		}
		for _, s := range planned.Shifts {
			if n := len(planned.On(s.ID)); n > s.Wanted && n > len(slices.DeleteFunc(slices.Clone(fixed), func(f Seat) bool { return f.Shift != s.ID })) {
				t.Errorf("%s has %d people for %d", s.ID, n, s.Wanted)
			}
		}
		if st := planned.Standing(); len(fixed) == 0 && st.Open < st.Least {
			t.Errorf("%d open, at least %d must be", st.Open, st.Least)
		}
	})
}

// Where somebody drops out of a full plan, filling in changes little.
func TestMake_fewChanges(t *testing.T) {
	t.Parallel()
	var all []Shift
	var members []Member
	for i := range 12 {
		all = append(all, shift(fmt.Sprint("s", i), "a", float64(4*i), float64(4*i+4), 2))
	}
	for i := range 10 {
		members = append(members, member(fmt.Sprint("m", i), always))
	}
	r := NewRota(usualBook, []Post{{ID: "a"}}, all, members, nil)
	first, err := r.Make(t.Context(), at(-1), false, 0.05, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	r = r.with(first)
	if open := r.Standing().Open; open != 0 {
		t.Fatalf("%d places are open", open)
	}
	for i, d := range r.Duties {
		if d.Who == "m3" {
			r.Duties[i].Planned, r.Duties[i].No = false, saturday
		}
	}
	r.Members[3].Offer.Never = []PostID{"a"}
	r = r.indexed()
	before := r.Standing().Open
	second, err := r.Make(t.Context(), at(-1), true, 0.05, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, s := range second {
		if d, ok := r.duty(s.Who, s.Shift); !ok || !d.Planned {
			changed++
		}
	}
	if open := r.with(second).Standing().Open; open != 0 || changed > before+2 {
		t.Errorf("%d places were free; %d are open and %d seats changed", before, open, changed)
	}
}

func TestHours_cut(t *testing.T) {
	t.Parallel()
	h := Hours{Start: at(22), End: at(31), Wanted: 2, Every: 4 * time.Hour}
	var got []string
	for _, s := range h.cut() {
		got = append(got, s.Start.Format("15:04")+"–"+s.End.Format("15:04"))
	}
	if diff := cmp.Diff([]string{"22:00–02:00", "02:00–07:00"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Parts of a day that somebody ticks on a phone, on the night when the clocks go back too.
func TestParts_wholeDays(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	night := parts(time.Date(2018, 10, 27, 20, 0, 0, 0, paris), time.Date(2018, 10, 28, 8, 0, 0, 0, paris), paris)
	if len(night) != 4 || !joined(night)[0].To.Equal(time.Date(2018, 10, 28, 9, 0, 0, 0, paris)) || len(joined(night)) != 1 {
		t.Errorf("%v", night)
	}
}
