package e2e_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"h48/internal/bench/arena"
	"h48/internal/edition"
	"h48/internal/kit/once"
	"h48/internal/project"
)

// sheetJSON is a juror's sheet as the API has it.
type sheetJSON struct {
	Marks []struct {
		Criterion string `json:"criterion"`
		Value     *int   `json:"value"`
	} `json:"marks"`
}

// The program is killed in the middle of the jury, while five jurors mark as fast as they
// can: every mark that it acknowledged is there afterwards as it was given, and what was
// not is given again by the phone and counts once.
func TestBinary_killedInTheMiddleOfTheJury(t *testing.T) {
	t.Parallel()
	ctx, dir, jury := t.Context(), t.TempDir(), 5
	command(t, dir) // skips, or builds
	a, err := arena.Open(ctx, dir, 12)
	if err != nil {
		t.Fatal(err)
	}
	var teams, tokens []string
	for i, who := range a.People {
		if _, err := a.Project.HandIn(ctx, who, a.Edition.ID, project.Content{Title: fmt.Sprintf("Projet %d", i), Pitch: "En une ligne"}, project.Edit{}, once.Action{}); err != nil {
			t.Fatal(err)
		}
		team, err := a.Team.OfAccount(ctx, a.DB, a.Edition.ID, who.ID)
		if err != nil {
			t.Fatal(err)
		}
		teams = append(teams, string(team.ID))
	}
	for i := range jury {
		who, err := a.Editions.Grant(ctx, a.Boss, a.Edition.ID, fmt.Sprintf("jury%d@example.org", i), fmt.Sprintf("Jurée Exemple %d", i), edition.Juror)
		if err != nil {
			t.Fatal(err)
		}
		session, err := a.Enter(ctx, who.ID)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, session.Token)
	}
	criteria, err := a.Jury.Criteria(ctx, a.DB, a.Edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	value := func(juror, team, round int) int { return 1 + (juror+team+round)%5 }
	mark := func(base string, juror, team, round int) error {
		body := fmt.Sprintf(`{"marks": [{"criterion": %q, "value": %d}], "action_id": "%d-%d"}`, criteria[0].ID, value(juror, team, round), team, round)
		return ask48(http.MethodPut, base+"/api/v1/e/"+a.Edition.Slug+"/jury/teams/"+teams[team]+"/marks", tokens[juror], body, &sheetJSON{})
	}
	s := begin(t, dir, "--listen", "127.0.0.1:0")
	acknowledged := make([][]int, jury) // the newest round of each juror and team, 0 for none
	var all sync.WaitGroup
	var given atomic.Int64
	enough := make(chan struct{})
	for juror := range jury {
		acknowledged[juror] = make([]int, len(teams))
		all.Go(func() {
			for n := 0; ; n++ {
				team, round := n%len(teams), n/len(teams)+1
				if err := mark(s.base, juror, team, round); err != nil {
					return // the program is gone
				}
				acknowledged[juror][team] = round
				if given.Add(1) == 70 { // some have marked all, none is through
					close(enough)
				}
			}
		})
	}
	<-enough
	_ = s.end(syscall.SIGKILL) // says that it was killed
	all.Wait()

	again := begin(t, dir, "--listen", "127.0.0.1:0")
	kept := func(juror, team int) int {
		var sheet sheetJSON
		if err := ask48(http.MethodGet, again.base+"/api/v1/e/"+a.Edition.Slug+"/jury/teams/"+teams[team]+"/marks", tokens[juror], "", &sheet); err != nil {
			t.Fatal(err)
		}
		if len(sheet.Marks) == 0 || sheet.Marks[0].Value == nil {
			return 0
		}
		return *sheet.Marks[0].Value
	}
	for juror := range jury {
		for team, round := range acknowledged[juror] {
			// One more may have been written whose answer never came.
			if got := kept(juror, team); round > 0 && got != value(juror, team, round) && got != value(juror, team, round+1) {
				t.Errorf("juror %d gave team %d a %d, and %d is kept", juror, team, value(juror, team, round), got)
			}
			for range 2 { // the phone does not know, and sends it again
				if err := mark(again.base, juror, team, round+1); err != nil {
					t.Fatal(err)
				}
			}
			if got := kept(juror, team); got != value(juror, team, round+1) {
				t.Errorf("sent again, juror %d gave team %d a %d, and %d is kept", juror, team, value(juror, team, round+1), got)
			}
		}
	}
	if err := again.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}
