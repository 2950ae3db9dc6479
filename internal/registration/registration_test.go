package registration

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb/dbtest"
)

// both are the languages, with the words of the rooms that a file is read with.
func both(t testing.TB) []i18n.Locale {
	t.Helper()
	words, err := i18n.New(Words, sheet.Words, account.Words)
	if err != nil {
		t.Fatal(err)
	}
	return []i18n.Locale{words.Locale(i18n.French), words.Locale(i18n.English)}
}

func TestShares_alwaysSumToTheWhole(t *testing.T) {
	t.Parallel()
	// The landlord's event: 24 people, 60 % students, 30 % professionals.
	if got := (Summary{Profiles: [4]int{14, 7, 3, 0}}).Shares(); got != [4]int{58, 29, 13, 0} {
		t.Errorf("%v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 10_000), 1, 6).Draw(t, "counts")
		total, sum := 0, 0
		for _, n := range counts {
			total += n
		}
		for i, p := range shares(counts) {
			sum += p
			if total > 0 && (p*total < counts[i]*100-total || p*total > counts[i]*100+total) {
				t.Fatalf("%d of %d is not %d %%", counts[i], total, p)
			}
		}
		if want := 100; total > 0 && sum != want || total == 0 && sum != 0 {
			t.Fatalf("the shares of %v sum to %d", counts, sum)
		}
	})
}

func TestIsOpen(t *testing.T) {
	t.Parallel()
	e := edition.Edition{}
	if !IsOpen(e, dbtest.Start) {
		t.Error("an edition that sets no moment is closed")
	}
	e.At = map[edition.Moment]time.Time{edition.RegistrationOpens: dbtest.Start, edition.RegistrationCloses: dbtest.Start.AddDate(0, 0, 5)}
	for days, want := range map[int]bool{-1: false, 0: true, 4: true, 5: false} {
		if got := IsOpen(e, dbtest.Start.AddDate(0, 0, days)); got != want {
			t.Errorf("on day %d: %v", days, got)
		}
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	file := "Prénom;Nom;Courriel;Profil;Compétences;Design;Régime;Photo;Pointure\n" +
		"Chloé;Exemple;chloe@example.org;étudiante;Développement web 3, data;4;Végétarien + sans gluten;groupe;38\n" +
		"Dan;;dan;roi;Poterie;9;briques;oui;\n" +
		";;e@example.org;;;;;;\n" +
		"Zoé;Double;CHLOE@example.org;;;;;;\n" +
		"Fay;Fictive;fay@example.org;;;0;;;41\n"
	got, err := readFile(strings.NewReader(file), usual, both(t))
	if err != nil {
		t.Fatal(err)
	}
	want := parsed{
		Mapping: []Mapping{{Title: "Courriel", Column: "email"}, {Title: "Prénom", Column: "first_name"}, {Title: "Nom", Column: "last_name"},
			{Title: "Profil", Column: "profile"}, {Title: "Compétences", Column: "skills"}, {Title: "Régime", Column: "meals"},
			{Title: "Photo", Column: "photo"}, {Title: "Design", Column: "skills", Skill: Skill{Key: "design"}}, {Title: "Pointure"}},
		Candidates: []Candidate{
			{Line: 2, Email: "chloe@example.org", Filled: []string{"name", "profile", "photo", "meals", "skills"},
				Answers: Answers{Name: "Chloé Exemple", Profile: Student, Photo: PhotoGroup, Meals: []Meal{Vegetarian, GlutenFree},
					Skills: Levels{"web": 3, "data": 2, "design": 4}}},
			{Line: 6, Email: "fay@example.org", Filled: []string{"name", "skills"}, Answers: Answers{Name: "Fay Fictive", Skills: Levels{}}},
		},
		Problems: []sheet.Problem{
			{Line: 3, Column: "Courriel", Key: "account.email_wrong"},
			{Line: 3, Column: "Profil", Key: "registration.file.profile", Args: []any{"cell", "roi"}},
			{Line: 3, Column: "Régime", Key: "registration.file.meal", Args: []any{"cell", "briques"}},
			{Line: 3, Column: "Compétences", Key: "registration.file.skill", Args: []any{"cell", "Poterie"}},
			{Line: 3, Column: "Design", Key: "registration.file.level", Args: []any{"cell", "9", "most", 4}},
			{Line: 4, Column: "name", Key: "sheet.cell_missing"},
			{Line: 5, Column: "Courriel", Key: "registration.file.twice", Args: []any{"line", 2}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := got.badLines(); n != 3 {
		t.Errorf("%d bad lines", n)
	}
}

// A label may end in a digit that is no level.
func TestParseLevels(t *testing.T) {
	t.Parallel()
	skills := []Skill{{Key: "web3", Label: "Web3"}, {Key: "web"}}
	for _, c := range []struct {
		cell  string
		want  Levels
		wrong string
	}{
		{"", Levels{}, ""},
		{"Web3, développement WEB: 1", Levels{"web3": 2, "web": 1}, ""},
		{"WEB3 4 | Web development = 0;", Levels{"web3": 4, "web": 0}, ""},
		{"Développement web4", Levels{"web": 4}, ""},
		{"Web3, poterie 2", nil, "poterie 2"},
		{"Web3 5", nil, "Web3 5"},
	} {
		got, wrong := parseLevels(c.cell, skills, both(t))
		if diff := cmp.Diff(c.want, got); diff != "" || wrong != c.wrong {
			t.Errorf("%q: %s, wrong %q", c.cell, diff, wrong)
		}
	}
}

// What is exported is read back as the same answers.
func TestExport_roundTrip(t *testing.T) {
	t.Parallel()
	locales := both(t)
	rapid.Check(t, func(t *rapid.T) {
		r := Registration{Email: "p@example.org", State: Confirmed, Created: dbtest.Start, Answers: Answers{
			Name:    rapid.StringMatching(`[A-Zé][a-zà' -]{0,20}[a-z=]`).Draw(t, "name"),
			Profile: rapid.SampledFrom(Profiles).Draw(t, "profile"),
			Trade:   rapid.StringMatching(`[=+@]?[a-z;" ]{0,10}`).Draw(t, "trade"),
			Photo:   rapid.SampledFrom(Photos).Draw(t, "photo"),
			News:    rapid.Bool().Draw(t, "news"),
			Skills: Levels(rapid.MapOf(rapid.SampledFrom([]string{"web", "data", "design", "housing"}), rapid.IntRange(1, MostLevel)).
				Draw(t, "skills")),
		}}
		r.Answers = r.tidy(usual)
		l := rapid.SampledFrom(locales).Draw(t, "language")
		var file bytes.Buffer
		if err := writeFile(&file, []Registration{r}, usual, l); err != nil {
			t.Fatal(err)
		}
		got, err := readFile(&file, usual, locales)
		if err != nil || len(got.Problems) > 0 {
			t.Fatalf("%+v, %v", got.Problems, err)
		}
		if back := got.Candidates[0].over(r.Answers); !back.same(r.Answers) {
			t.Fatal(cmp.Diff(r.Answers, back))
		}
		if back := got.Candidates[0].Answers; back.Name != r.Name || back.Profile != r.Profile || back.Photo != r.Photo || back.Trade != r.Trade {
			t.Fatal(cmp.Diff(r.Answers, back))
		}
	})
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte("Courriel;Prénom et nom;Compétences\nzoe@example.org;Zoé;web 3\n"))
	f.Add([]byte("email,name,skill\n\"a@example.org\",\"=1+1\",x\n"))
	locales := both(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := readFile(bytes.NewReader(file), usual, locales)
		if err != nil {
			return
		}
		for _, c := range got.Candidates {
			if _, _, ok := account.ParseEmail(c.Email); !ok || c.Name == "" {
				t.Errorf("half a line was taken: %+v", c)
			}
		}
	})
}
