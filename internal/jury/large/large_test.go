package large

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"h48/internal/jury"
)

func teams(n int) (all []jury.TeamRef) {
	for i := range n {
		all = append(all, jury.TeamRef{ID: fmt.Sprint("t", i), Name: fmt.Sprintf("Équipe %03d", i)})
	}
	return all
}

func TestTurned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		teams       int
		query       string
		shown       []int
		page, pages int
	}{
		"a small event has all teams side by side": {6, "page=2&q=x", []int{0, 1, 2, 3, 4, 5}, 1, 1},
		"a large one has a page of them":           {400, "", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 1, 34},
		"the last page is shorter":                 {400, "page=34", []int{396, 397, 398, 399}, 34, 34},
		"a page that is not there is the last":     {400, "page=99", []int{396, 397, 398, 399}, 34, 34},
		"what is no page is the first":             {25, "page=-1x", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 1, 3},
		"a name is found in any case, bare":        {400, "q=EQUIPE+03", []int{30, 31, 32, 33, 34, 35, 36, 37, 38, 39}, 1, 1},
		"nobody is called so":                      {400, "q=zz", nil, 1, 1},
	} {
		q, _ := url.ParseQuery(c.query)
		w := Turned(teams(c.teams), q)
		if !slices.Equal(c.shown, w.Shown) || w.Page != c.page || w.Pages != c.pages {
			t.Errorf("%s: teams %v, page %d of %d", name, w.Shown, w.Page, w.Pages)
		}
	}
}

// Who changes something comes back to the page where they were, through a form's address.
func TestWindow_keepsItsPlace(t *testing.T) {
	t.Parallel()
	q, _ := url.ParseQuery("q=Équipe 0&page=2")
	w := Turned(teams(400), q)
	if got := w.At("/board", 3); got != "/board?page=3&q=%C3%89quipe+0" {
		t.Errorf("the next page is at %s", got)
	}
	form, err := url.Parse(w.Here("/change"))
	if err != nil {
		t.Fatal(err)
	}
	if got := Kept("/board", form.Query()); got != w.Here("/board") {
		t.Errorf("after a change the board is at %s", got)
	}
	if got := Kept("/board", url.Values{}); got != "/board" {
		t.Errorf("the first page is at %s", got)
	}
	if got := Finding("/board", "Les Clés"); got != "/board?q=Les+Cl%C3%A9s" {
		t.Errorf("a team is found at %s", got)
	}
}
