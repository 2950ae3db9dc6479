package award

import (
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

func (p *pages) mountMinutes(d *door.Door) {
	jury, organisers := door.Only(edition.Juror), door.Only(edition.Organiser)
	d.Get("/e/{edition}/deliberation/minutes", jury, p.showMinutes)
	d.Get("/e/{edition}/deliberation/minutes.pdf", jury, p.minutesPDF)
	d.Post("/e/{edition}/deliberation/signatures", door.Exactly(edition.Juror), p.sign)
	d.Post("/e/{edition}/deliberation/signatures/code", jury, p.signWithCode)
	d.Post("/e/{edition}/deliberation/scans", organisers, p.addScan)
	d.Get("/e/{edition}/deliberation/scans/{scan}", jury, p.openScan)
}

// minutesData is the page of the minutes, where they are signed.
type minutesData struct {
	Minutes
	me         account.ID
	organiser  bool
	code, scan ui.Field
	url        func(parts ...string) string
}

// signable says whether there is something to sign.
func (d minutesData) signable() bool {
	return d.Deliberation.State == Decided || d.Deliberation.State == Closed
}

// unsigned says whether somebody of the jury has still to sign.
func (d minutesData) unsigned() bool {
	for _, a := range d.Jury {
		if _, holds := d.signed(a.Account); a.Presence == Present && !holds {
			return true
		}
	}
	return false
}

// mayOwn says whether the reader is asked for their signature.
func (d minutesData) mayOwn() bool {
	for _, a := range d.Jury {
		if a.Account == d.me && a.Presence == Present {
			_, holds := d.signed(d.me)
			return !holds
		}
	}
	return false
}

func (d minutesData) codeField(l ui.Locale) ui.Field {
	f := d.code
	f.Required, f.Short, f.Autocomplete, f.Hint = true, true, "one-time-code", l.T("award.code_hint")
	return f
}

func (p *pages) showMinutes(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.minutesPage(w, r, v, nil)
}

func (p *pages) minutesPage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	m, err := p.award.Minutes(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	if m.Deliberation.State == Waiting {
		return sqldb.ErrNotFound
	}
	d := minutesData{Minutes: m, me: v.Actor.ID, organiser: v.Is(edition.Organiser), url: v.URL,
		code: v.Field(r, wrong, "code", "award.code"), scan: v.Field(r, wrong, "scan", "award.scan")}
	d.scan.Required = true
	page := func() templ.Component { return minutesPage(v.Page(v.L.T("award.minutes"), Topic(v.Edition.ID)), d) }
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (p *pages) minutesPDF(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	m, err := p.award.Minutes(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	if m.Deliberation.State == Waiting {
		return sqldb.ErrNotFound
	}
	// Minutes are a document of the organisation: they speak the edition's language.
	l := p.award.words.Locale(m.Edition.Lang).In(m.Edition.Zone).With(m.Edition.Words)
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="minutes-`+v.Edition.Slug+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = m.pdf(l).WriteTo(w)
	return err
}

// afterSigning leads back to the minutes, or shows them with what was refused.
func (p *pages) afterSigning(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.minutesPage(w, r, v, err)
	}
	v.Say(w, "ok", "award.done")
	return v.Go(w, r, v.URL("deliberation", "minutes"))
}

func typedHand(r *http.Request) Hand {
	return Hand{Digest: door.Text(r, "digest"), Drawing: door.Text(r, "drawing")}
}

func (p *pages) sign(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterSigning(w, r, v, p.award.Sign(r.Context(), v.Actor, v.Edition.ID, typedHand(r)))
}

func (p *pages) signWithCode(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterSigning(w, r, v, p.award.SignWithCode(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "code"), typedHand(r)))
}

func (p *pages) addScan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, name, _, err := door.File(r, "scan", MaxScan)
	if err != nil {
		return p.afterSigning(w, r, v, err)
	}
	if file == nil {
		return p.afterSigning(w, r, v, errs.Fields{{Name: "scan", Key: "error.required"}})
	}
	err = p.award.AttachScan(r.Context(), v.Actor, v.Edition.ID, name, file)
	_ = file.Close() // it was only read
	return p.afterSigning(w, r, v, err)
}

func (p *pages) openScan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	scan, content, err := p.award.OpenScan(r.Context(), v.Actor, v.Edition.ID, r.PathValue("scan"))
	if err != nil {
		return err
	}
	defer content.Close()
	w.Header().Set("Content-Type", scan.Kind)
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", scan.At, content)
	return nil
}
