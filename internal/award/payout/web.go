package payout

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

type pages struct{ payout *Service }

// Routes registers the pages and the API of the shares.
func Routes(d *door.Door, s *Service) {
	p := &pages{payout: s}
	organisers, members := door.Only(edition.Organiser), door.Members()
	d.Get("/e/{edition}/payouts", organisers, p.show)
	d.Post("/e/{edition}/payouts/{prize}/shares", organisers, p.divide)
	d.Post("/e/{edition}/payouts/{prize}/notes/{account}", organisers, p.note)
	d.Post("/e/{edition}/payees/{account}/look", organisers, p.look)
	d.Get("/e/{edition}/payouts/dossier.pdf", organisers, p.dossierPDF)
	d.Get("/e/{edition}/payouts/dossier.csv", organisers, p.dossierCSV)
	d.Get("/e/{edition}/my-prize", members, p.showMine)
	d.Post("/e/{edition}/my-prize/{prize}", members, p.answer)
	d.Post("/e/{edition}/my-prize/account", members, p.give)
	d.Post("/e/{edition}/my-prize/account/forget", members, p.withdraw)
	p.mountAPI(d)
}

// desk is the organisers' page of the shares.
type desk struct {
	won   []Won
	given map[account.ID]time.Time
	// seen are the bank details that were just opened, of the person of form.
	seen *Details
	form string // the prize or the account whose form was sent
	err  error
	r    *http.Request
	v    *door.Visit
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.deskPage(w, r, v, desk{}, nil)
}

func (p *pages) deskPage(w http.ResponseWriter, r *http.Request, v *door.Visit, d desk, wrong error) error {
	ctx := r.Context()
	var err error
	if d.won, err = p.payout.Won(ctx, p.payout.db, v.Edition.ID); err != nil {
		return err
	}
	if d.given, err = p.payout.Given(ctx, p.payout.db, v.Edition.ID); err != nil {
		return err
	}
	d.err, d.r, d.v = wrong, r, v
	page := func() templ.Component {
		return deskPage(v.Page(v.L.T("payout.payouts"), Topic(v.Edition.ID), award.Topic(v.Edition.ID)), d)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// after leads back to the desk, or shows it with what was refused.
func (p *pages) after(w http.ResponseWriter, r *http.Request, v *door.Visit, form string, err error) error {
	if err != nil {
		return p.deskPage(w, r, v, desk{form: form}, err)
	}
	v.Say(w, "ok", "payout.done")
	return v.Go(w, r, v.URL("payouts"))
}

func (p *pages) divide(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	cents, err := typedShares(r)
	if err == nil {
		err = p.payout.Divide(r.Context(), v.Actor, v.Edition.ID, award.PrizeID(r.PathValue("prize")), cents, door.Text(r, "reason"))
	}
	return p.after(w, r, v, r.PathValue("prize"), err)
}

// typedShares reads the amounts of a form, one field a person.
func typedShares(r *http.Request) (map[account.ID]int64, error) {
	_ = door.Text(r, "reason") // parses the form
	cents, wrong := map[account.ID]int64{}, errs.Fields{}
	for name := range r.PostForm {
		who, is := strings.CutPrefix(name, "share-")
		if !is {
			continue
		}
		amount, ok := award.ParseEuros(door.Text(r, name))
		if !ok {
			wrong.Add(name, "award.amount_range")
		}
		cents[account.ID(who)] = amount
	}
	return cents, wrong.Err()
}

func (p *pages) note(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	prize, who := r.PathValue("prize"), r.PathValue("account")
	err := p.payout.Note(r.Context(), v.Actor, v.Edition.ID, award.PrizeID(prize), account.ID(who), State(door.Text(r, "to")), door.Text(r, "reason"))
	return p.after(w, r, v, prize+"/"+who, err)
}

// look answers with the details themselves, once: they have no address of their own.
func (p *pages) look(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who := r.PathValue("account")
	d, err := p.payout.Look(r.Context(), v.Actor, v.Edition.ID, account.ID(who), door.Text(r, "look-"+who))
	if err != nil {
		return p.after(w, r, v, who, err)
	}
	w.Header().Set("Cache-Control", "no-store")
	return p.deskPage(w, r, v, desk{form: who, seen: &d}, nil)
}

func (p *pages) dossier(ctx context.Context, v *door.Visit) (d dossier, err error) {
	d.edition = v.Edition
	if d.won, err = p.payout.Won(ctx, p.payout.db, v.Edition.ID); err != nil {
		return d, err
	}
	if d.given, err = p.payout.Given(ctx, p.payout.db, v.Edition.ID); err != nil {
		return d, err
	}
	d.minutes, err = p.payout.awards.Minutes(ctx, v.Actor, v.Edition.ID)
	return d, err
}

func (p *pages) dossierPDF(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.dossier(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="payment-`+v.Edition.Slug+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = d.pdf(v.L).WriteTo(w)
	return err
}

func (p *pages) dossierCSV(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.dossier(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="payment-`+v.Edition.Slug+`.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	return d.csv(w, v.L)
}

// mine is the laureate's own page.
type mine struct {
	won          []Won
	me           account.ID
	owed         bool
	until        time.Time // when the bank details are forgotten; zero where there are none
	holder, iban ui.Field
	url          func(parts ...string) string
}

func (p *pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.minePage(w, r, v, nil)
}

func (p *pages) minePage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	ctx := r.Context()
	m := mine{me: v.Actor.ID, url: v.URL, holder: v.Field(r, wrong, "holder", "payout.holder"), iban: v.Field(r, wrong, "iban", "payout.iban")}
	var err error
	if m.won, err = p.payout.Mine(ctx, p.payout.db, v.Edition, v.Now, v.Actor.ID); err != nil {
		return err
	}
	given, err := p.payout.Given(ctx, p.payout.db, v.Edition.ID)
	if err != nil {
		return err
	}
	m.owed, m.until = owed(m.won, m.me), given[m.me]
	page := func() templ.Component {
		return minePage(v.Page(v.L.T("payout.my_prize"), Topic(v.Edition.ID), award.Topic(v.Edition.ID)), m)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (p *pages) afterMine(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.minePage(w, r, v, err)
	}
	v.Say(w, "ok", "payout.done")
	return v.Go(w, r, v.URL("my-prize"))
}

func (p *pages) answer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterMine(w, r, v, p.payout.Answer(r.Context(), v.Actor, v.Edition.ID, award.PrizeID(r.PathValue("prize")), door.Text(r, "answer") == "accept"))
}

func (p *pages) give(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterMine(w, r, v, p.payout.Give(r.Context(), v.Actor, v.Edition.ID, Details{Holder: door.Text(r, "holder"), IBAN: door.Text(r, "iban")}))
}

func (p *pages) withdraw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterMine(w, r, v, p.payout.Withdraw(r.Context(), v.Actor, v.Edition.ID))
}
