package recap_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/recap"
)

// counted stands in for the rooms that know the facts.
type counted struct{ now recap.Figures }

func (c *counted) Figures(context.Context, sqldb.Querier, edition.ID) (recap.Figures, error) {
	return c.now, nil
}

// amiens are the figures of the real event, where 60 % and 30 % of 24 people were
// published; those shares are of 14 and 7 people, and 3 said something else.
func amiens() recap.Figures {
	return recap.Figures{Registered: 26, Came: 24, Teams: 6, Submitted: 6, Mentors: 8, Jurors: 5, Requests: 17, MedianWait: 4 * time.Minute,
		Meals: 120, CupsOut: 60, CupsBack: 52, Partners: []string{"Les Gobelets du Nord", "L’École"},
		Profiles: []recap.Count{{Label: "étudiants", N: 14}, {Label: "professionnels", N: 7}},
		Prizes:   []recap.Won{{Prize: "Premier prix", Cents: 5000_00, Team: "Les Voisins", Project: "Le *Guichet* malin"}}}
}

type bundle struct {
	*doortest.House
	recap *recap.Service
	facts *counted
}

func setup(t testing.TB, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, recap.Words, files.Words)
	b := bundle{House: h, facts: &counted{now: amiens()}}
	store, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b.recap = recap.NewService(db.DB, h.IDs, h.Editions, b.facts, store, h.Hub, h.Trail, h.Words)
	recap.Routes(h.Door, b.recap)
	h.Go(edition.Ends)
	return b
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (b bundle) text(t testing.TB) string {
	t.Helper()
	r, err := b.recap.Recap(t.Context(), b.DB, b.Boss, b.Edition.ID)
	must(t, err)
	return r.Text
}

func TestRows_addUpWhereThePublishedOnesDidNot(t *testing.T) {
	t.Parallel()
	f := amiens()
	var got []int
	for _, r := range recap.Rows(f.Profiles, f.People()) {
		got = append(got, r.N, r.Percent)
	}
	if diff := cmp.Diff([]int{14, 58, 7, 29, 3, 13}, got); diff != "" {
		t.Error(diff)
	}
}

// Percentages sum to 100 and none is a whole percent away from its share.
func TestPercentages_sumToAHundred(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		counts := rapid.SliceOf(rapid.IntRange(0, 10_000)).Draw(rt, "counts")
		total, sum := 0, 0
		for _, n := range counts {
			total += n
		}
		percent := recap.Percentages(counts)
		for i, p := range percent {
			sum += p
			if total > 0 && (p*total <= (counts[i]*100)-total || p*total >= counts[i]*100+total) {
				rt.Fatalf("%d of %d is not %d %%", counts[i], total, p)
			}
		}
		if want := map[bool]int{true: 100}[total > 0]; sum != want {
			rt.Fatalf("%v sums to %d", percent, sum)
		}
	})
}

// The table always has the line of the rest, and holds everybody once.
func TestRows_holdEverybodyOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		numbers := rapid.SliceOf(rapid.IntRange(0, 50)).Draw(rt, "numbers")
		people := rapid.IntRange(0, 300).Draw(rt, "people")
		var counts []recap.Count
		said := 0
		for _, n := range numbers {
			counts, said = append(counts, recap.Count{N: n}), said+n
		}
		rows, sum := recap.Rows(counts, people), 0
		for _, r := range rows {
			sum += r.N
		}
		if last := rows[len(rows)-1]; !last.Other || sum != max(people, said) {
			rt.Fatalf("%+v sum to %d of %d", rows, sum, people)
		}
	})
}

func TestWrite_keepsTheOrganisersEditsUnlessAsked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		if err := b.recap.Publish(ctx, b.Boss, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("publishing nothing: %v", err)
		}
		if err := b.recap.Write(ctx, b.Person("Paule Exemple"), id, false); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant writes: %v", err)
		}
		must(t, b.recap.Write(ctx, b.Boss, id, false))
		for _, want := range []string{"24 personnes y ont participé", "6 équipes ont travaillé, et toutes", `Le \*Guichet\* malin`, "Gobelets du Nord et L’École", "Et maintenant"} {
			if !strings.Contains(b.text(t), want) {
				t.Errorf("the draft lacks %q:\n%s", want, b.text(t))
			}
		}
		b.facts.now.Came = 25
		must(t, b.recap.Write(ctx, b.Boss, id, false))
		if !strings.Contains(b.text(t), "25 personnes") {
			t.Error("an untouched draft was not brought up to date")
		}
		must(t, b.recap.Edit(ctx, b.Boss, id, "Notre récit."))
		b.facts.now.Came = 23
		must(t, b.recap.Write(ctx, b.Boss, id, false))
		r, err := b.recap.Recap(ctx, db, b.Boss, id)
		must(t, err)
		if r.Text != "Notre récit." || r.Figures.Came != 23 {
			t.Errorf("%q with %d people", r.Text, r.Figures.Came)
		}
		must(t, b.recap.Write(ctx, b.Boss, id, true))
		if !strings.Contains(b.text(t), "23 personnes") {
			t.Error("asked for, and not written over")
		}
	})
}

// From the first draft to the public page and back, by the pages.
func TestPages_publishAndTakeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		boss, public := b.Client(b.Boss), b.Client(account.Actor{})
		post := func(path string, form url.Values, want int, contains string) {
			t.Helper()
			if status, body := boss.Post("/e/amiens-2018/recap/"+path, form); status != want || !strings.Contains(body, contains) {
				t.Fatalf("%s: %d, want %d and %q", path, status, want, contains)
			}
		}
		hidden := func() {
			t.Helper()
			for _, path := range []string{"", "/numbers.csv"} {
				if status, _ := public.Get("/e/amiens-2018/recap" + path); status != 404 {
					t.Errorf("the public sees the draft%s: %d", path, status)
				}
			}
		}
		post("write", nil, 200, "Premier prix")
		hidden()
		post("edit", url.Values{"text": {strings.Repeat("é", 6000)}}, 422, "dépasse 10")
		post("edit", url.Values{"text": {"Quel **week-end** ! <script>"}}, 200, "enregistré")
		post("publish", nil, 200, "<strong>week-end</strong>")
		status, body := public.Get("/e/amiens-2018/recap")
		for _, want := range []string{"14 (58", "7 (29", "3 (13", "Autre / non précisé", "5\u202f000", "<strong>week-end</strong>"} {
			if status != 200 || !strings.Contains(body, want) {
				t.Errorf("%d, or the page lacks %q", status, want)
			}
		}
		if strings.Contains(body, "! <script>") {
			t.Error("HTML in the text is HTML on the page")
		}
		if _, csv := public.Get("/e/amiens-2018/recap/numbers.csv"); !strings.Contains(csv, "étudiants;14;58") || !strings.Contains(csv, "participants;24;") {
			t.Error(csv)
		}
		post("unpublish", nil, 200, "Publier le récit")
		hidden()
	})
}

// form is a picture as a browser sends it.
func form(t testing.TB, fields map[string]string, content []byte) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		must(t, w.WriteField(name, value))
	}
	part, err := w.CreateFormFile("picture", "photo.png")
	must(t, err)
	_, err = part.Write(content)
	must(t, err, w.Close())
	return w.FormDataContentType(), b.String()
}

func TestPictures_needADescriptionAndConsent(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss, public := b.Client(b.Boss), b.Client(account.Actor{})
	var dot bytes.Buffer
	must(t, png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))))
	send := func(fields map[string]string, content []byte) (int, string) {
		contentType, body := form(t, fields, content)
		return boss.Do("POST", "/e/amiens-2018/recap/pictures", contentType, body)
	}
	whole := map[string]string{"alt": "Deux équipes autour d’une table", "consent": "signé à l’accueil", "credit": "Zoé Exemple"}
	for name, c := range map[string]struct {
		fields  map[string]string
		content []byte
	}{"no description": {map[string]string{"consent": "oui"}, dot.Bytes()}, "no consent": {map[string]string{"alt": "x"}, dot.Bytes()},
		"no picture": {whole, nil}, "a page": {whole, []byte("<html>")}} {
		if status, _ := send(c.fields, c.content); status != 422 {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, body := send(whole, dot.Bytes()); status != 200 || !strings.Contains(body, "signé") {
		t.Fatalf("a whole picture: %d", status)
	}
	must(t, b.recap.Write(t.Context(), b.Boss, b.Edition.ID, false))
	pictures, err := b.recap.Pictures(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	path := "/e/amiens-2018/recap/pictures/" + pictures[0].ID
	if status, _ := public.Get(path); status != 404 {
		t.Errorf("the public sees a picture of a draft: %d", status)
	}
	must(t, b.recap.Publish(t.Context(), b.Boss, b.Edition.ID))
	if status, body := public.Get(path); status != 200 || body != dot.String() {
		t.Errorf("the picture: %d", status)
	}
	if _, body := public.Get("/e/amiens-2018/recap"); !strings.Contains(body, "Deux équipes autour") || strings.Contains(body, "signé") {
		t.Error("the page lacks the description or publishes the consent")
	}
	must(t, b.recap.DropPicture(t.Context(), b.Boss, b.Edition.ID, pictures[0].ID))
	if status, _ := public.Get(path); status != 404 {
		t.Errorf("a picture that was dropped: %d", status)
	}
}

func TestAPI_writesEditsAndPublishes(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss := b.Client(b.Boss)
	for _, c := range []struct {
		method, path, body string
		contains           string
	}{
		{"POST", "", `{}`, `{"key":"other","n":3,"percent":13}`},
		{"PUT", "", `{"text":"À nous."}`, `"edited":true`},
		{"POST", "/publication", ``, `"public":true`},
		{"GET", "", ``, `À nous.`},
		{"DELETE", "/publication", ``, `"public":false`},
	} {
		if status, body := boss.Do(c.method, "/api/v1/e/amiens-2018/recap"+c.path, "application/json", c.body); status != 200 || !strings.Contains(body, c.contains) {
			t.Errorf("%s %s: %d %s", c.method, c.path, status, body)
		}
	}
}
