package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// mostLogo is the largest logo, in bytes.
const mostLogo = 1 << 20

// houseWords are the words that an organiser may replace by those of the house.
var houseWords = []string{"edition.role.crew", "edition.role.participant", "edition.role.mentor", "edition.role.speaker", "edition.role.juror"}

// houseWordsOf are those of the roles that the kind of event has.
func houseWordsOf(kind edition.Kind) []string {
	return slices.DeleteFunc(slices.Clone(houseWords), func(key string) bool {
		return !slices.Contains(kind.Roles(), edition.Role(strings.TrimPrefix(key, "edition.role.")))
	})
}

// settings is the page of an edition's settings.
type settings struct {
	e        edition.Edition
	fields   map[string]ui.Field
	moments  []ui.Field
	words    []ui.Field
	partners []edition.PartnerOrg
	url      func(parts ...string) string
}

func (a *App) showSettings(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	s, err := a.settings(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, settingsPage(v.Page(v.L.T("app.settings")), s))
}

// houseColour is the colour of an edition that has none of its own, as a colour field shows
// it: an empty one would be black, and be saved as black.
const houseColour = "#00668a"

// ownColour is the colour that was chosen, "" for the house's.
func ownColour(r *http.Request) string {
	chosen := strings.ToLower(door.Text(r, "accent"))
	if chosen == houseColour {
		return ""
	}
	return chosen
}

func (a *App) settings(r *http.Request, v *door.Visit, wrong error) (settings, error) {
	e := v.Edition
	s := settings{e: e, fields: map[string]ui.Field{}, url: v.URL}
	first := wrong == nil
	values := map[string]string{"name": e.Name, "slug": e.Slug, "tagline": e.Tagline, "theme": e.Theme, "place": e.Place,
		"practical": e.Practical, "rules": e.Rules, "host": e.Host, "contact": e.Contact, "accent": cmp.Or(e.Accent, houseColour),
		"seats": strconv.Itoa(e.Seats), "team_min": strconv.Itoa(e.TeamMin), "team_max": strconv.Itoa(e.TeamMax),
		"grace": strconv.Itoa(int(e.Grace / time.Second))}
	for name, value := range values {
		f := v.Field(r, wrong, name, "app.field."+name)
		if first {
			f.Value = value
		}
		s.fields[name] = f
	}
	for _, m := range e.Kind.Moments() {
		f := v.Field(r, wrong, string(m), "app.moment."+string(m))
		if m == edition.Starts && !e.Kind.Competes() {
			f.Label = v.L.T("app.begins")
		}
		if at, set := e.At[m]; first && set {
			f.Value = ui.LocalTime(v.L, at)
		}
		f.Required = m == edition.Starts
		s.moments = append(s.moments, f)
	}
	for _, key := range houseWordsOf(e.Kind) {
		f := v.Field(r, wrong, key, "app.word."+strings.TrimPrefix(key, "edition.role."))
		if first {
			f.Value = e.Words[key]
		}
		s.words = append(s.words, f)
	}
	var err error
	s.partners, err = a.Editions.Partners(r.Context(), a.DB, e.ID)
	return s, err
}

func (a *App) saveSettings(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	changed, err := a.keepSettings(r.Context(), r, v)
	if err != nil {
		s, failed := a.settings(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, func() templ.Component { return settingsPage(v.Page(v.L.T("app.settings")), s) })
	}
	v.Say(w, "ok", "app.saved")
	return v.Go(w, r, changed.URL()+"/settings")
}

// keepSettings keeps what the form holds.
func (a *App) keepSettings(ctx context.Context, r *http.Request, v *door.Visit) (edition.Edition, error) {
	if e, err := typedOver(r, v.L, v.Edition); err != nil {
		return e, err
	}
	return a.Editions.Change(ctx, v.Actor, v.Edition.ID, func(now edition.Edition) edition.Edition {
		e, _ := typedOver(r, v.L, now) // what is typed was found to be right above
		return e
	})
}

// typedOver puts what the form holds over the edition.
func typedOver(r *http.Request, l i18n.Locale, e edition.Edition) (edition.Edition, error) {
	var wrong errs.Fields
	e.Name, e.Slug, e.Tagline, e.Theme = door.Text(r, "name"), door.Text(r, "slug"), door.Text(r, "tagline"), door.Text(r, "theme")
	e.Place, e.Practical, e.Rules = door.Text(r, "place"), door.Text(r, "practical"), door.Text(r, "rules")
	e.Host, e.Contact, e.Accent = door.Text(r, "host"), door.Text(r, "contact"), ownColour(r)
	e.Seats = door.Int(r, "seats", &wrong)
	if e.Kind.Competes() {
		e.TeamMin, e.TeamMax = door.Int(r, "team_min", &wrong), door.Int(r, "team_max", &wrong)
		e.Grace = time.Duration(door.Int(r, "grace", &wrong)) * time.Second
	}
	e.At = map[edition.Moment]time.Time{}
	for _, m := range e.Kind.Moments() {
		if at := door.Moment(r, l, string(m), &wrong); !at.IsZero() {
			e.At[m] = at
		}
	}
	e.Words = map[string]string{}
	for _, key := range houseWordsOf(e.Kind) {
		if word := door.Text(r, key); word != "" {
			e.Words[key] = word
		}
	}
	return e, wrong.Err()
}

// publish keeps what the settings' form holds and publishes the page: who presses the
// button over the form means what they have just typed.
func (a *App) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	typed, changed := door.Has(r, "name") || r.PostForm.Has("name"), v.Edition
	err := a.DB.Together(r.Context(), func(ctx context.Context) (err error) {
		if typed {
			changed, err = a.keepSettings(ctx, r, v)
		}
		if err != nil {
			return err
		}
		return a.Editions.Publish(ctx, v.Actor, v.Edition.ID)
	})
	if err != nil {
		s, failed := a.settings(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, func() templ.Component { return settingsPage(v.Page(v.L.T("app.settings")), s) })
	}
	v.Say(w, "ok", "app.published", "url", a.Config.Base()+changed.URL())
	return v.Go(w, r, changed.URL())
}

func (a *App) unpublish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := a.Editions.Unpublish(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	v.Say(w, "ok", "app.unpublished")
	return v.Go(w, r, v.URL("settings"))
}

// savePicture keeps an uploaded picture under the key and returns it, or "" where there
// was none.
func (a *App) savePicture(r *http.Request, name, folder string) (key string, err error) {
	file, filename, size, err := door.File(r, name, mostLogo)
	if err != nil || file == nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return "", fmt.Errorf("reading a picture: %w", err)
	}
	kind, inline := files.Kind(content[:min(len(content), 512)], filename)
	if !inline || !strings.HasPrefix(kind, "image/") {
		return "", errs.Fields{{Name: name, Key: "app.not_a_picture"}}
	}
	key = folder + "/" + a.Parts.IDs.ID()
	return key, a.Files.Put(r.Context(), key, bytes.NewReader(content), size, kind)
}

func (a *App) saveLogo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	key, err := a.savePicture(r, "logo", "logos")
	if err == nil && key != "" {
		_, err = a.Editions.Change(r.Context(), v.Actor, v.Edition.ID, func(e edition.Edition) edition.Edition {
			e.LogoKey = key
			return e
		})
	}
	if err != nil {
		return err
	}
	v.Say(w, "ok", "app.saved")
	return v.Go(w, r, v.URL("settings")+"#look")
}

func (a *App) addPartner(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	key, err := a.savePicture(r, "logo", "logos")
	if err == nil {
		_, err = a.Editions.AddPartner(r.Context(), v.Actor, v.Edition.ID,
			edition.PartnerOrg{Name: door.Text(r, "name"), URL: door.Text(r, "url"), LogoKey: key})
	}
	if err != nil {
		return err
	}
	v.Say(w, "ok", "app.saved")
	return v.Go(w, r, v.URL("settings")+"#partners")
}

func (a *App) dropPartner(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := a.Editions.DropPartner(r.Context(), v.Actor, v.Edition.ID, r.PathValue("partner")); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("settings")+"#partners")
}

func (a *App) showLogo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return a.showPicture(w, r, v.Edition.LogoKey)
}

func (a *App) showPartnerLogo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	partners, err := a.Editions.Partners(r.Context(), a.DB, v.Edition.ID)
	if err != nil {
		return err
	}
	for _, p := range partners {
		if p.ID == r.PathValue("partner") {
			return a.showPicture(w, r, p.LogoKey)
		}
	}
	return errs.New(errs.NotFound, "error.not_found")
}

// showPicture serves a picture that the organisers chose.
func (a *App) showPicture(w http.ResponseWriter, r *http.Request, key string) error {
	if key == "" {
		return errs.New(errs.NotFound, "error.not_found")
	}
	content, info, err := a.Files.Open(r.Context(), key)
	if err != nil {
		return fmt.Errorf("opening the picture %s: %w", key, err)
	}
	defer content.Close()
	w.Header().Set("Content-Type", info.ContentType)
	w.Header().Set("Cache-Control", "max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
