package app_test

import (
	"testing"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/registration"
)

// Of two organisers one may be forgotten, and the other then stays: an edition always has
// somebody alive. Who is forgotten is planned with no more.
func TestForget_leavesTheEditionToSomebody(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	second, err := h.Editions.Grant(ctx, h.who["organiser"], h.edition.ID, "octave@example.org", "Octave Exemple", edition.Organiser)
	h.must(err)
	_, err = h.Forget(ctx, second.Actor(), second.ID)
	h.must(err)
	if err := h.Editions.Revoke(ctx, h.who["organiser"], h.edition.ID, h.who["organiser"].ID, edition.Organiser); err == nil {
		t.Error("the last organiser alive gave the role back")
	}

	for _, role := range []edition.Role{edition.Mentor, edition.Juror} {
		who := h.who[string(role)]
		_, err := h.Forget(ctx, who, who.ID)
		h.must(err)
	}
	mentors, err := h.Editions.Members(ctx, h.DB, h.edition.ID, edition.Mentor)
	h.must(err)
	if len(mentors) != 0 {
		t.Errorf("a forgotten mentor is still expected: %+v", mentors)
	}
	jurors, err := h.Jury.Jurors(ctx, h.DB, h.edition.ID)
	h.must(err)
	for _, j := range jurors {
		if j.Presence == jury.Present {
			t.Errorf("the jury waits for a forgotten juror: %+v", j)
		}
	}
}

// Who only waits for a seat takes part as well: the organisers whose event it is may have
// them forgotten, and those of another event may not without them.
func TestForget_asksThoseForWhomSomebodyWaits(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	octave := h.admin("octave@example.org", "Octave Exemple")
	lyon, err := h.Found(ctx, octave, app.Plan{Preset: "landlord", Edition: edition.Edition{Kind: edition.Hackathon, Slug: "lyon-2018",
		Name: "Hackathon de Lyon", Place: "Lyon", Host: "Un bailleur", Contact: "lyon@example.org", Zone: h.edition.Zone, Lang: i18n.French,
		Seats: 1, TeamMin: 1, TeamMax: 5, At: h.edition.At}})
	h.must(err)
	h.must(h.Editions.Publish(ctx, octave, lyon.ID))
	register := func(who account.Actor) registration.State {
		r, err := h.Registration.Register(ctx, who, lyon.ID, registration.Asked{Email: who.Email, Rules: true, Lang: i18n.French,
			Answers: registration.Answers{Name: who.Name, Profile: registration.Student, Meals: []registration.Meal{registration.Omnivore}}})
		h.must(err)
		return r.State
	}
	register(h.admin("prosper@example.org", "Prosper Premier"))
	who, err := h.Editions.Grant(ctx, h.who["organiser"], h.edition.ID, "wanda@example.org", "Wanda Attend", edition.Mentor)
	h.must(err)
	wanda := who.Actor()
	if state := register(wanda); state != registration.Waiting {
		t.Fatalf("there is one seat, and Wanda is %s", state)
	}
	olympe := h.who["organiser"]
	olympe.Admin = false
	if _, err := h.Forget(ctx, olympe, wanda.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("one organiser has somebody forgotten for whom another keeps a place: %v", err)
	}
	h.must(h.Editions.Revoke(ctx, h.who["organiser"], h.edition.ID, wanda.ID, edition.Mentor))
	octave.Admin = false
	if _, err := h.Forget(ctx, octave, wanda.ID); err != nil {
		t.Errorf("who waits for a seat cannot be forgotten: %v", err)
	}
}
