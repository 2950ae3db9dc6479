package mentoring

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// slotRows is how many slots the form has room for.
const slotRows = 4

// offerForm is a mentor's offer as the page asks for it.
type offerForm struct {
	Themes ui.Field
	Known  []Theme
	Chosen []string
	Slots  [slotRows][2]ui.Field
	Wrong  ui.Field // what is wrong with the slots together
}

func (f offerForm) fields() []ui.Field {
	all := []ui.Field{f.Themes, f.Wrong}
	for _, slot := range f.Slots {
		all = append(all, slot[:]...)
	}
	return all
}

// filled is how many rows there are up to the last one that says something.
func (f offerForm) filled() int {
	n := 0
	for i, slot := range f.Slots {
		if slot[0].Value+slot[1].Value != "" {
			n = i + 1
		}
	}
	return n
}

func (h handlers) showOffer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := h.offerPage(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (h handlers) offerPage(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	me, known, err := h.s.Offered(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	form := offerForm{Themes: v.Field(r, wrong, "themes", "mentoring.my_themes"), Wrong: v.Field(r, wrong, "slots", "mentoring.slots"), Known: known}
	for _, t := range me.Themes {
		form.Chosen = append(form.Chosen, string(t.ID))
	}
	if wrong != nil {
		form.Chosen = door.Texts(r, "themes")
	}
	for i := range form.Slots {
		n := strconv.Itoa(i)
		from, to := v.Field(r, wrong, "from_"+n, "mentoring.from"), v.Field(r, wrong, "to_"+n, "mentoring.to")
		if wrong == nil && i < len(me.Slots) {
			from.Value, to.Value = ui.LocalTime(v.L, me.Slots[i].From), ui.LocalTime(v.L, me.Slots[i].To)
		}
		form.Slots[i] = [2]ui.Field{from, to}
	}
	return func() templ.Component {
		return offerPage(v.Page(v.L.T("mentoring.offer"), Topic(v.Edition.ID)), form, v.URL)
	}, nil
}

func (h handlers) offer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var themes []ThemeID
	for _, id := range door.Texts(r, "themes") {
		themes = append(themes, ThemeID(id))
	}
	slots, err := readSlots(r, v)
	if err == nil {
		err = h.s.Offer(r.Context(), v.Actor, v.Edition.ID, who(r, v), themes, slots)
	}
	if err != nil {
		page, failed := h.offerPage(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "mentoring.said.offered")
	return v.Go(w, r, v.URL("help", "queue"))
}

// readSlots reads the rows of the form; an empty row is none.
func readSlots(r *http.Request, v *door.Visit) ([]Slot, error) {
	var all []Slot
	var wrong errs.Fields
	for i := range slotRows {
		n := strconv.Itoa(i)
		if !door.Has(r, "from_"+n) && !door.Has(r, "to_"+n) {
			continue
		}
		all = append(all, Slot{From: door.MustMoment(r, v.L, "from_"+n, &wrong), To: door.MustMoment(r, v.L, "to_"+n, &wrong)})
	}
	return all, wrong.Err()
}

// duty turns a mentor's sign; who still helps is shown what is open.
func (h handlers) duty(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	on := door.Has(r, "on")
	err := h.s.Duty(r.Context(), v.Actor, v.Edition.ID, who(r, v), on)
	if v.Is(edition.Organiser) && who(r, v) != v.Actor.ID {
		if err != nil {
			page, failed := h.boardPage(r, v, nil)
			if failed != nil {
				return failed
			}
			return v.Again(w, r, err, page)
		}
		return v.Go(w, r, v.URL("help", "board"))
	}
	done := "mentoring.said.off_duty"
	if on {
		done = "mentoring.said.on_duty"
	}
	return h.after(w, r, v, err, done)
}

// lines are the lines of a text that hold something.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
