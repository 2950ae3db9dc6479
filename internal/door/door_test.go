package door_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/ui"
)

type greeting struct {
	Edition string `path:"edition" json:"-"`
	Name    string `json:"name"`
	Times   int    `query:"times" json:"-"`
}

func page(text string) templ.Component { return ui.Text(text) }

// house has a page for crew, a form that refuses an empty name, and an endpoint.
func house(t *testing.T) *doortest.House {
	h := doortest.New(t, dbtest.SQLite(t))
	h.Door.Get("/e/{edition}/crew", door.Only(edition.Crew), func(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
		return v.Show(w, r, page("for crew"))
	})
	h.Door.Post("/e/{edition}/name", door.Members(), func(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
		var wrong errs.Fields
		if door.Text(r, "name") == "" {
			wrong.Add("name", "error.required")
		}
		if err := wrong.Err(); err != nil {
			return v.Again(w, r, err, func() templ.Component {
				f := v.Field(r, err, "name", "account.email")
				return page("again: " + f.Error + " " + door.Text(r, "other"))
			})
		}
		return v.Go(w, r, v.URL("crew"))
	})
	h.Door.API("POST", "/api/v1/e/{edition}/greet", door.Anyone(), "Greet", door.Op(
		func(_ context.Context, v *door.Visit, in *greeting) (*greeting, error) {
			if in.Name == "" {
				return nil, errs.Fields{{Name: "name", Key: "error.required"}}
			}
			in.Name = strings.Repeat(in.Name, max(in.Times, 1))
			return in, nil
		}))
	return h
}

func TestRules_whoMayEnter(t *testing.T) {
	t.Parallel()
	h := house(t)
	for _, c := range []struct {
		who    account.Actor
		status int
		shows  string
	}{
		{h.Person("Gaston Exemple", edition.Crew), 200, "for crew"},
		{h.Boss, 200, "for crew"},
		{h.Person("Paule Exemple"), 403, "réservée"},
		{account.Actor{}, 404, ""}, // leads to the way in, which this house has not
	} {
		status, body := h.Client(c.who).Get("/e/amiens-2018/crew")
		if status != c.status || !strings.Contains(body, c.shows) {
			t.Errorf("%q: status %d, want %d", c.who.Name, status, c.status)
		}
	}
}

func TestDraft_isNotThereForStrangers(t *testing.T) {
	t.Parallel()
	h := house(t)
	if err := h.Editions.Unpublish(t.Context(), h.Boss, h.Edition.ID); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"name": {"x"}}
	if status, _ := h.Client(account.Actor{}).Post("/e/amiens-2018/name", form); status != 401 {
		t.Errorf("the public got %d", status)
	}
	if status, _ := h.Client(h.Person("Paule Exemple")).Post("/e/amiens-2018/name", form); status != 403 {
		t.Errorf("a member without the role got %d at the crew's page", status)
	}
}

func TestAgain_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := house(t)
	status, body := h.Client(h.Boss).Post("/e/amiens-2018/name", url.Values{"other": {"typed <b>"}})
	if status != 422 || !strings.Contains(body, "À remplir.") || !strings.Contains(body, "typed &lt;b&gt;") {
		t.Errorf("status %d: %s", status, body)
	}
}

func TestAPI_answersProblems(t *testing.T) {
	t.Parallel()
	h := house(t)
	c := h.Client(account.Actor{})
	const path = "/api/v1/e/amiens-2018/greet"
	if status, body := c.Do("POST", path+"?times=2", "application/json", `{"name": "ho"}`); status != 200 || !strings.Contains(body, `"hoho"`) {
		t.Errorf("status %d: %s", status, body)
	}
	for body, field := range map[string]string{`{}`: "name", `{"name": 7}`: "name", `{"name"`: "", `{"nome": "x"}`: ""} {
		status, answer := c.Do("POST", path, "application/json", body)
		var problem struct {
			Status int
			Detail string
			Errors []struct{ Field, Detail string }
		}
		if err := json.Unmarshal([]byte(answer), &problem); err != nil || status != 422 || problem.Status != 422 || problem.Detail == "" {
			t.Errorf("%s: status %d: %s", body, status, answer)
		}
		if field != "" && (len(problem.Errors) != 1 || problem.Errors[0].Field != field) {
			t.Errorf("%s: %+v", body, problem)
		}
	}
	if _, ok := h.Door.OpenAPI("")["paths"].(map[string]map[string]any)[path[:10]+"{edition}/greet"]["post"]; !ok {
		t.Error("the reference of the API lacks the endpoint")
	}
}
