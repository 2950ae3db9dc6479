package registration_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/registration"
)

// upload previews a file.
func (d *desk) upload(file string) registration.Preview {
	d.T.Helper()
	p, err := d.Upload(d.T.Context(), d.Boss, d.Edition.ID, "inscriptions.csv", strings.NewReader(file))
	if err != nil {
		d.T.Fatal(err)
	}
	return p
}

// take imports a preview and returns it as it is afterwards.
func (d *desk) take(p registration.Preview, w registration.Welcome, leaveOut bool) registration.Preview {
	d.T.Helper()
	ctx := d.T.Context()
	if err := d.Import(ctx, d.Boss, d.Edition.ID, p.ID, w, leaveOut); err != nil {
		d.T.Fatal(err)
	}
	d.run()
	p, err := d.Preview(ctx, d.Boss, d.Edition.ID, p.ID)
	if err != nil {
		d.T.Fatal(err)
	}
	return p
}

func lines(n int) string {
	var file strings.Builder
	file.WriteString("email;name;profile\n")
	for i := range n {
		fmt.Fprintf(&file, "p%d@example.org;Personne Exemple %d;étudiant\n", i, i)
	}
	return file.String()
}

func TestImport_repeatChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		d.seats(3)
		p := d.upload(lines(5))
		if diff := cmp.Diff(registration.Report{Fresh: 5}, p.Report); diff != "" {
			t.Error(diff)
		}
		p = d.take(p, registration.Vouched, false)
		if diff := cmp.Diff(registration.Report{Fresh: 5, Waiting: 2}, p.Report); diff != "" || p.State != "done" || len(p.Candidates) != 0 {
			t.Error(diff, p)
		}
		if a, b := d.state("p2@example.org"), d.state("p3@example.org"); a != registration.Confirmed || b != registration.Waiting {
			t.Errorf("the order of the file was lost: %s, %s", a, b)
		}
		before, _, err := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		p = d.take(d.upload(lines(5)), registration.Invited, false)
		if diff := cmp.Diff(registration.Report{Same: 5}, p.Report); diff != "" {
			t.Error(diff)
		}
		after, _, err := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{})
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if len(d.letters) != 0 {
			t.Errorf("%d letters went out", len(d.letters))
		}
	})
}

// A wrong line keeps the whole file out, until the organiser has seen it and leaves it out.
func TestImport_nothingHalf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		p := d.upload(lines(2) + "nobody;Nul;étudiant\n")
		if err := d.Import(ctx, d.Boss, d.Edition.ID, p.ID, registration.Vouched, false); !errs.Is(err, errs.Invalid) {
			t.Fatalf("a file with a wrong line: %v", err)
		}
		d.run()
		if _, n, _ := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{}); n != 0 {
			t.Fatalf("%d lines of it came in", n)
		}
		p = d.take(p, registration.Vouched, true)
		if diff := cmp.Diff(registration.Report{Fresh: 2, LeftOut: 1}, p.Report); diff != "" || len(p.Problems) != 1 {
			t.Error(diff, p.Problems)
		}
		if err := d.Import(ctx, d.Boss, d.Edition.ID, p.ID, registration.Vouched, true); !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
			t.Errorf("the same preview twice: %v", err)
		}
	})
}

// What a line does not say stays as the person said it.
func TestImport_changesWhatTheFileSays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ctx := t.Context()
	in := asked(1)
	in.Trade, in.MealNote = "maçon", "sans arachide"
	if _, err := d.Add(ctx, d.Boss, d.Edition.ID, in); err != nil {
		t.Fatal(err)
	}
	p := d.take(d.upload("E-mail,Full name,Profile,Trade\nP1@example.org,Personne Exemple 1,professional,\n"), registration.Invited, false)
	if diff := cmp.Diff(registration.Report{Changed: 1}, p.Report); diff != "" {
		t.Error(diff)
	}
	all, _, err := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{Text: "EXEMPLE"})
	if err != nil || len(all) != 1 || all[0].Profile != registration.Professional || all[0].Trade != "maçon" || all[0].MealNote != "sans arachide" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestImport_invitedConfirmThemselves(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.take(d.upload(lines(2)), registration.Invited, false)
	if got := d.state("p1@example.org"); got != registration.Pending {
		t.Errorf("invited, they are %s", got)
	}
	if _, _, err := d.Confirm(t.Context(), d.Edition.ID, d.token("p1@example.org")); err != nil {
		t.Fatal(err)
	}
	if got := d.state("p1@example.org"); got != registration.Confirmed {
		t.Errorf("having confirmed, they are %s", got)
	}
}

func TestImport_onlyOrganisers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	who := d.Person("Paule Exemple")
	if _, err := d.Upload(t.Context(), who, d.Edition.ID, "x.csv", strings.NewReader(lines(1))); !errs.Is(err, errs.Forbidden) {
		t.Error(err)
	}
	if err := d.Export(t.Context(), who, d.Edition.ID, registration.Filter{}, d.Words.Locale(i18n.French), &bytes.Buffer{}); !errs.Is(err, errs.Forbidden) {
		t.Error(err)
	}
}

func TestExport_guardsFormulas(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	in := asked(1)
	in.Name, in.Trade, in.MealNote = "=HYPERLINK(1)", "@SUM(A1)", "halal"
	if _, err := d.Add(t.Context(), d.Boss, d.Edition.ID, in); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := d.Export(t.Context(), d.Boss, d.Edition.ID, registration.Filter{}, d.Words.Locale(i18n.French), &file); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"'=HYPERLINK(1)", "'@SUM(A1)", "confirmée"} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("%q is not in %s", want, file.String())
		}
	}
	if strings.Contains(file.String(), "halal") {
		t.Error("the meals are in the file")
	}
}

func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := newDesk(b, dbtest.SQLite(b))
		p := d.upload(lines(5000))
		b.StartTimer()
		if got := d.take(p, registration.Vouched, false); got.Report.Fresh != 5000 {
			b.Fatalf("%+v", got.Report)
		}
	}
}
