package crew_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/crew"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/post"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/ui"
)

// weekend is an edition with a night watch of two shifts and a bar, and a crew of four.
type weekend struct {
	*doortest.House
	service *crew.Service
	night   crew.Post
	bar     crew.Post
	hands   []account.Actor
}

func setup(t testing.TB, db *dbtest.DB) *weekend {
	t.Helper()
	w := &weekend{House: doortest.New(t, db, crew.Words, sheet.Words)}
	w.service = crew.NewService(db.DB, w.IDs, w.Editions, w.Accounts, w.Hub, w.Queue, w.Post, w.Trail, w.Words, "http://h48.test")
	crew.Routes(w.Door, w.service)
	for _, name := range []string{"Ana Un", "Bilal Deux", "Cléo Trois", "Dora Quatre"} {
		w.hands = append(w.hands, w.Person(name, edition.Crew))
	}
	ctx, id := t.Context(), w.Edition.ID
	var err error
	if w.night, err = w.service.AddPost(ctx, w.Boss, id, crew.Post{Name: "Veille de nuit", Place: "Salle Somme", Contact: "Olympe, 06 00 00 00 00"},
		crew.Hours{Start: w.hour(13), End: w.hour(21), Wanted: 2, Every: 4 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if w.bar, err = w.service.AddPost(ctx, w.Boss, id, crew.Post{Name: "Bar", Skill: "Service"}, crew.Hours{Start: w.hour(5), End: w.hour(7), Wanted: 1}); err != nil {
		t.Fatal(err)
	}
	return w
}

// hour is so many hours after the clock opens.
func (w *weekend) hour(n int) time.Time {
	return w.Edition.At[edition.Starts].Add(time.Duration(n) * time.Hour)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// offer lets somebody say when they can, in hours after the clock opens.
func (w *weekend) offer(who account.Actor, from, to int, skills ...string) {
	w.T.Helper()
	must(w.T, w.service.Offer(w.T.Context(), who, w.Edition.ID, who.ID, crew.Offer{Free: []crew.Span{{From: w.hour(from), To: w.hour(to)}}, Skills: skills}))
}

func (w *weekend) board() crew.Board {
	w.T.Helper()
	b, err := w.service.Board(w.T.Context(), w.Boss, w.Edition.ID)
	must(w.T, err)
	return b
}

func (w *weekend) letters() int {
	w.T.Helper()
	n, err := sqldb.Value[int](w.T.Context(), w.DB, `SELECT COUNT(*) FROM jobs WHERE kind = $1`, post.Kind)
	must(w.T, err)
	return n
}

// From the posts to the night itself: people say when they can, the plan is made and stays
// the organiser's until it is published, somebody cannot, and somebody steps in.
func TestPlan_fromThePostsToTheNight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		if _, err := w.service.Order(ctx, w.Boss, id, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("a plan before anybody said when: %v", err)
		}
		w.offer(w.hands[0], 0, 24, "service")
		w.offer(w.hands[1], 12, 18)
		w.offer(w.hands[2], 12, 24)
		if _, err := w.service.Order(ctx, w.Boss, id, false); err != nil {
			t.Fatal(err)
		}
		w.RunJobs(w.service.Jobs())
		b := w.board()
		if b.Standing.Open != 1 || b.Standing.Least > 1 || len(b.Holes) != 1 || b.Silent() != 1 {
			t.Fatalf("%+v, holes %+v", b.Standing, b.Holes)
		}
		if m, err := w.service.Mine(ctx, w.hands[0], id, w.hands[0].ID); err != nil || len(m.Turns) != 0 {
			t.Errorf("a draft is seen: %+v, %v", m.Turns, err)
		}
		before := w.letters()
		told, err := w.service.Publish(ctx, w.Boss, id)
		if err != nil || told != 3 || w.letters() != before+3 {
			t.Errorf("%d were told by %d letters, %v", told, w.letters()-before, err)
		}
		if _, err := w.service.Publish(ctx, w.Boss, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("published twice: %v", err)
		}
		mine, err := w.service.Mine(ctx, w.hands[1], id, w.hands[1].ID)
		must(t, err)
		turn, ok := mine.Next()
		if !ok || turn.Post.Name != "Veille de nuit" {
			t.Fatalf("%+v", mine.Turns)
		}
		must(t, w.service.Cannot(ctx, w.hands[1], id, turn.Shift.ID, "Le dernier train"))
		b = w.board()
		if len(b.Refused) != 1 || b.Standing.Open != 2 {
			t.Fatalf("%+v, %+v", b.Refused, b.Standing)
		}
		w.offer(w.hands[3], 12, 24)
		able := w.board().Candidates(turn.Shift)
		if len(able) == 0 || able[0].Member.ID != w.hands[3].ID || able[0].Broken() {
			t.Fatalf("%+v", able)
		}
		if err := w.service.Move(ctx, w.Boss, id, w.hands[1].ID, "", turn.Shift.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("somebody is planned where they cannot: %v", err)
		}
		must(t, w.service.StepIn(ctx, w.Boss, id, turn.Shift.ID, w.hands[3].ID))
		if m, err := w.service.Mine(ctx, w.hands[3], id, w.hands[3].ID); err != nil || len(m.Turns) != 1 {
			t.Errorf("who steps in is not told: %+v, %v", m.Turns, err)
		}
		if err := w.service.Can(ctx, w.hands[1], id, turn.Shift.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a shift is taken back that another has: %v", err)
		}
		if n := len(w.board().Refused); n != 0 {
			t.Errorf("%d shifts still look for somebody", n)
		}
	})
}

// What the organiser locked stays when all is planned again; a shift that is taken away is
// told to who had it.
func TestPlan_locksStay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		for _, h := range w.hands[:3] {
			w.offer(h, 0, 30, "Service")
		}
		last := w.board().Shifts[2]
		must(t, w.service.Move(ctx, w.Boss, id, w.hands[3].ID, "", last.ID)) // knowingly: Dora has not answered
		must(t, w.service.Lock(ctx, w.Boss, id, w.hands[3].ID, last.ID, true))
		for _, few := range []bool{false, true} {
			if _, err := w.service.Order(ctx, w.Boss, id, few); err != nil {
				t.Fatal(err)
			}
			w.RunJobs(w.service.Jobs())
		}
		b := w.board()
		if work := b.Work(w.hands[3].ID); len(work) != 1 || work[0].ID != last.ID {
			t.Errorf("Dora was locked: %+v", work)
		}
		if b.Standing.Open != 0 {
			t.Errorf("%+v %+v", b.Standing, b.Holes)
		}
		_, err := w.service.Publish(ctx, w.Boss, id)
		must(t, err)
		before := w.letters()
		must(t, w.service.DropShift(ctx, w.Boss, id, last.ID))
		if n := w.letters() - before; n != 2 {
			t.Errorf("%d letters about a shift that two people had", n)
		}
	})
}

// A file in which one line is wrong brings nobody.
func TestImport_allOrNobody(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	ctx, id := t.Context(), w.Edition.ID
	n, wrong, err := w.service.Import(ctx, w.Boss, id, strings.NewReader("Nom;E-mail;Heures souhaitées\nEmil Cinq;emil@example.org;8\nFanny Six;fanny;beaucoup\n"))
	if err != nil || n != 0 || len(wrong) != 2 || len(w.board().Members) != 4 {
		t.Errorf("%d came, %+v, %v", n, wrong, err)
	}
	n, wrong, err = w.service.Import(ctx, w.Boss, id, strings.NewReader("Nom;E-mail;Heures souhaitées;Compétences\nEmil Cinq;emil@example.org;8;Son, lumière\n"))
	if err != nil || n != 1 || len(wrong) != 0 || len(w.board().Members) != 5 {
		t.Errorf("%d came, %+v, %v", n, wrong, err)
	}
	if _, _, err := w.service.Import(ctx, w.hands[0], id, strings.NewReader("Nom;E-mail\nGil Sept;gil@example.org\n")); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the crew brings a file: %v", err)
	}
}

func TestPages_withoutScript(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	boss, hand := w.Client(w.Boss), w.Client(w.hands[0])
	l := w.Words.Locale("fr").In(w.Edition.Zone)
	if status, body := boss.Post("/e/amiens-2018/crew/posts", url.Values{"name": {"Accueil"}, "start": {ui.LocalTime(l, w.hour(2))}, "end": {ui.LocalTime(l, w.hour(1))}, "wanted": {"2"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "La fin vient après le début") || !strings.Contains(body, `value="Accueil"`) {
		t.Errorf("a post that ends before it starts: %d", status)
	}
	if status, body := boss.Post("/e/amiens-2018/crew/posts", url.Values{"name": {"Accueil"}, "start": {ui.LocalTime(l, w.hour(1))}, "end": {ui.LocalTime(l, w.hour(3))}, "wanted": {"2"}}); status != http.StatusOK || !strings.Contains(body, "Accueil est ajouté") {
		t.Errorf("adding a post: %d", status)
	}
	m, err := w.service.Mine(t.Context(), w.hands[0], w.Edition.ID, w.hands[0].ID)
	must(t, err)
	form := url.Values{"wish": {"6"}, "most": {""}, "skills": {"Service"}, "post_" + string(w.night.ID): {"never"}, "post_" + string(w.bar.ID): {"never"}}
	for _, part := range m.Parts {
		form.Add("day_"+part.From.In(w.Edition.Zone).Format("2006-01-02"), unix(part.From))
	}
	if status, body := hand.Post("/e/amiens-2018/crew/mine", form); status != http.StatusOK || !strings.Contains(body, "C’est noté") {
		t.Errorf("saying when: %d", status)
	}
	if status, _ := hand.Get("/e/amiens-2018/crew"); status != http.StatusForbidden {
		t.Errorf("the crew reads the board: %d", status)
	}
	boss.Post("/e/amiens-2018/crew/plan", nil)
	w.RunJobs(w.service.Jobs())
	if _, body := boss.Get("/e/amiens-2018/crew"); !strings.Contains(body, "Personne ne peut tenir Veille de nuit") || !strings.Contains(body, "1 personne ne veut pas de ce poste") || !strings.Contains(body, "Publier et prévenir") {
		t.Error("the plan does not say what is missing and why")
	}
	b := w.board()
	price := "/e/amiens-2018/crew/price?who=." + string(w.hands[1].ID) + "&to=" + string(b.Shifts[1].ID)
	if _, body := boss.Get(price); !strings.Contains(body, "Cela casse") || !strings.Contains(body, "n’a pas la compétence demandée") {
		t.Error("the price of a move does not say what breaks")
	}
	if status, body := boss.Post("/e/amiens-2018/crew/publish", nil); status != http.StatusOK || !strings.Contains(body, "Personnes prévenues") {
		t.Errorf("publishing: %d", status)
	}
	if _, body := hand.Get("/e/amiens-2018/crew/mine"); !strings.Contains(body, "Ensuite") || !strings.Contains(body, "Je ne peux pas") {
		t.Error("the shift is not told")
	}
	if status, body := hand.Post("/e/amiens-2018/crew/shifts/"+string(b.Shifts[0].ID)+"/cannot", url.Values{"why": {"Malade"}}); status != http.StatusOK || !strings.Contains(body, "on cherche quelqu’un") {
		t.Errorf("saying that one cannot: %d", status)
	}
	if _, body := boss.Get("/e/amiens-2018/crew"); !strings.Contains(body, "Ana Un ne peut pas") || !strings.Contains(body, "Malade") {
		t.Error("the organiser does not see who cannot")
	}
	if _, body := hand.Get("/e/amiens-2018/crew/roster"); strings.Contains(body, "Malade") || strings.Contains(body, "example.org") {
		t.Error("the crew reads what is for the organisers")
	}
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
