package app

import (
	"context"
	"net/http"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/markdown"
	"h48/internal/ui"
)

// publicView is an edition's public page.
type publicView struct {
	e          edition.Edition
	ring       ui.RingData
	theme      string // HTML
	practical  string // HTML
	rules      string // HTML
	slots      []ui.Slot
	prizes     []prizeLine
	mentors    []string
	jury       []string
	partners   []edition.PartnerOrg
	url        func(parts ...string) string
	register   registerLine
	results    bool // the results are open
	recap      bool // the recap is published
	registered bool
}

type prizeLine struct{ title, text, amount string }

// registerLine says what registering would mean now.
type registerLine struct {
	open    bool
	waiting bool // the seats are taken
	key     string
	n       int
}

// showPublic is what everybody sees: why to come, when and where, and how.
func (a *App) showPublic(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	p, err := a.publicView(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, publicPage(v.Page(v.Edition.Name), p))
}

func (a *App) publicView(ctx context.Context, v *door.Visit) (publicView, error) {
	e := v.Edition
	p := publicView{e: e, ring: ring(v.L, e, v.Now), theme: markdown.HTML(clip(e.Theme), 3), practical: markdown.HTML(clip(e.Practical), 3),
		rules: markdown.HTML(clip(e.Rules), 3), url: v.URL}
	p.ring.Legend = true
	var err error
	if p.mentors, err = a.names(ctx, e.ID, edition.Mentor); err != nil {
		return p, err
	}
	if p.jury, err = a.names(ctx, e.ID, edition.Juror); err != nil {
		return p, err
	}
	if p.partners, err = a.Editions.Partners(ctx, a.DB, e.ID); err != nil {
		return p, err
	}
	return p, a.fillPublic(ctx, v, &p)
}

// mostMarkdown bounds what is rendered of one text.
const mostMarkdown = 10_000

func clip(s string) string {
	if len(s) > mostMarkdown {
		s = s[:mostMarkdown]
	}
	return s
}

// names lists the people of a role, by name.
func (a *App) names(ctx context.Context, id edition.ID, role edition.Role) ([]string, error) {
	members, err := a.Editions.Members(ctx, a.DB, id, role)
	names := make([]string, 0, len(members))
	for _, m := range members {
		names = append(names, m.Account.Name)
	}
	return names, err
}

func (a *App) fillPublic(context.Context, *door.Visit, *publicView) error { return nil }
