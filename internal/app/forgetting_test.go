package app_test

import (
	"testing"

	"h48/internal/edition"
	"h48/internal/jury"
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
