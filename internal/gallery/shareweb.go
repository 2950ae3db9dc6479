package gallery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/gallery/share"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
)

// drawn keeps the share pictures that were asked for lately, by what stands on them: one
// that says something else is another picture, so nothing old is ever shown. One is drawn
// at a time.
type drawn struct {
	mu      sync.Mutex
	drawing sync.Mutex
	have    map[string][]byte
}

// mostDrawn is how many are kept, of about 100 kB each.
const mostDrawn = 200

// get returns the picture of the card; cover opens its cover, and coverID names it.
func (d *drawn) get(c share.Card, coverID string, cover func() (image.Image, error)) ([]byte, error) {
	key := fmt.Sprintf("%q", []any{c.Above, c.Title, c.Text, c.Badge, c.Below, c.Accent, coverID})
	if raw := d.look(key); raw != nil {
		return raw, nil
	}
	d.drawing.Lock()
	defer d.drawing.Unlock()
	if raw := d.look(key); raw != nil { // somebody else wanted it too
		return raw, nil
	}
	if coverID != "" {
		var err error
		if c.Cover, err = cover(); err != nil {
			return nil, err
		}
	}
	raw, err := share.PNG(c)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.have == nil || len(d.have) >= mostDrawn {
		d.have = map[string][]byte{}
	}
	d.have[key] = raw
	return raw, nil
}

func (d *drawn) look(key string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.have[key]
}

// accent is the edition's colour; the zero value where it has none of its own.
func accent(e edition.Edition) color.RGBA {
	n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24)
	if err != nil {
		return color.RGBA{}
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8 & 0xff), uint8(n & 0xff), 0xff}
}

// above says of which edition a share picture is.
func above(e edition.Edition) string {
	text := e.Name
	if year := strconv.Itoa(e.At[edition.Starts].In(e.Zone).Year()); !strings.Contains(text, year) {
		text += " · " + year
	}
	return text
}

// ProjectPicture draws the picture that stands for a project where it is shared: what
// the public may see, and no person's name.
func (s *Service) ProjectPicture(ctx context.Context, l i18n.Locale, p Shown) ([]byte, error) {
	c := share.Card{Above: above(p.In), Title: p.Title, Text: p.Pitch, Below: l.T("gallery.by", "team", p.TeamName), Accent: accent(p.In)}
	if len(p.Prizes) > 0 {
		c.Badge = p.Prizes[0].Title
	}
	coverID := ""
	if p.Cover != nil {
		coverID = string(p.Cover.ID)
	}
	return s.drawn.get(c, coverID, func() (image.Image, error) {
		content, _, err := s.store.Open(ctx, p.Cover.key(Large))
		if err != nil {
			return nil, fmt.Errorf("opening a cover: %w", err)
		}
		img, err := jpeg.Decode(content)
		return img, errors.Join(err, content.Close())
	})
}

// shareRoutes are the pictures and cards that other sites show.
func shareRoutes(d *door.Door, p pages) {
	d.Get("/e/{edition}/projects/{project}/share.png", door.Anyone(), p.projectPicture)
	d.Get("/e/{edition}/share.png", door.Anyone(), p.editionPicture)
	d.Get("/gallery/share.png", door.Anyone(), p.galleryPicture)
	d.Get("/e/{edition}/projects/{project}/card", door.Anyone(), p.showCard)
	d.Get("/oembed", door.Anyone(), p.oembed)
}

// spoken is the language that a share picture is asked for in: whoever fetches it for
// others speaks none.
func (p pages) spoken(r *http.Request, e edition.Edition) i18n.Locale {
	lang, ok := i18n.ParseLang(r.URL.Query().Get("lang"))
	if !ok && e.ID != "" {
		lang = e.Lang
	} else if !ok {
		lang = i18n.French
	}
	l := p.s.words.Locale(lang)
	if e.ID != "" {
		l = l.In(e.Zone).With(e.Words)
	}
	return l
}

// public returns a project that everybody may see; an insider's rights do not count,
// since what other sites fetch is shown to others.
func (p pages) public(r *http.Request, e edition.Edition) (Shown, error) {
	shown, err := p.s.Show(r.Context(), account.Actor{}, e, project.ID(r.PathValue("project")))
	if err != nil && errs.KindOf(err) != errs.Internal {
		err = sqldb.ErrNotFound
	}
	return shown, err
}

func (p pages) projectPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	shown, err := p.public(r, v.Edition)
	if err != nil {
		return err
	}
	raw, err := p.s.ProjectPicture(r.Context(), p.spoken(r, v.Edition), shown)
	if err != nil {
		return err
	}
	return sendPNG(w, r, raw)
}

func (p pages) editionPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	l := p.spoken(r, v.Edition)
	e := v.Edition
	raw, err := p.s.drawn.get(share.Card{Above: l.Span(e.At[edition.Starts], e.At[edition.Ends]), Title: e.Name, Text: e.Tagline, Below: e.Place, Accent: accent(e)}, "", nil)
	if err != nil {
		return err
	}
	return sendPNG(w, r, raw)
}

func (p pages) galleryPicture(w http.ResponseWriter, r *http.Request, _ *door.Visit) error {
	l := p.spoken(r, edition.Edition{})
	found, err := p.s.Find(r.Context(), Filter{Size: 1})
	if err != nil {
		return err
	}
	c := share.Card{Above: "H48", Title: l.T("gallery.all")}
	if n := len(found.Years); n > 0 {
		c.Text = l.N("gallery.since", found.Total, "year", strconv.Itoa(found.Years[n-1]))
	}
	raw, err := p.s.drawn.get(c, "", nil)
	if err != nil {
		return err
	}
	return sendPNG(w, r, raw)
}

// sendPNG gives a share picture out. Other sites keep their own copy anyway; a browser
// asks again each time.
func sendPNG(w http.ResponseWriter, r *http.Request, raw []byte) error {
	sum := sha256.Sum256(raw)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	_, _ = w.Write(raw) // a reader who has gone is no error of ours
	return nil
}

// The size of the card that other pages show, in pixels.
const (
	cardWidth  = 480
	cardHeight = 460
)

// cardPolicy lets any page show the card, and the card load nothing but its own looks.
const cardPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// cardURL is the address of a project's card.
func cardURL(base string, p Shown) string { return base + here{}.Project(p.Card) + "/card" }

// embedCode is what somebody pastes into their own page.
func embedCode(base string, p Shown) string {
	return fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" style="border:0;max-width:100%%" loading="lazy" title="%s"></iframe>`,
		cardURL(base, p), cardWidth, cardHeight, strings.NewReplacer(`"`, "&quot;", "<", "&lt;", "&", "&amp;").Replace(p.Title))
}

// showCard is a project's card in the frame of another page: no script, no cookie read.
func (p pages) showCard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	shown, err := p.public(r, v.Edition)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", cardPolicy)
	h.Set("Cache-Control", "no-cache")
	return v.Show(w, r, cardPage(p.spoken(r, v.Edition), shown, p.s.base))
}

// oembedAnswer is the card as oEmbed 1.0 tells it.
type oembedAnswer struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	AuthorName      string `json:"author_name"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	HTML            string `json:"html"`
	Width           int    `json:"width"`
	Height          int    `json:"height"`
	ThumbnailURL    string `json:"thumbnail_url"`
	ThumbnailWidth  int    `json:"thumbnail_width"`
	ThumbnailHeight int    `json:"thumbnail_height"`
}

// oembed answers a site that wants to show a project of which somebody pasted the
// address.
func (p pages) oembed(w http.ResponseWriter, r *http.Request, _ *door.Visit) error {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		http.Error(w, "only json", http.StatusNotImplemented)
		return nil
	}
	slug, id, ok := p.s.projectOf(q.Get("url"))
	if !ok {
		return sqldb.ErrNotFound
	}
	e, err := p.s.editions.BySlug(r.Context(), slug)
	if err != nil {
		return err
	}
	if e.State == edition.Draft {
		return sqldb.ErrNotFound
	}
	r.SetPathValue("project", id)
	shown, err := p.public(r, e)
	if err != nil {
		return err
	}
	width, height := atMost(cardWidth, q.Get("maxwidth")), atMost(cardHeight, q.Get("maxheight"))
	html := fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" style="border:0;max-width:100%%" title="%s"></iframe>`, cardURL(p.s.base, shown), width, height,
		strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;").Replace(shown.Title))
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*")
	return json.NewEncoder(w).Encode(oembedAnswer{Version: "1.0", Type: "rich", Title: shown.Title, AuthorName: shown.TeamName,
		ProviderName: "H48", ProviderURL: p.s.base + "/", HTML: html, Width: width, Height: height,
		ThumbnailURL: p.s.base + shareURL(e, shown.Project, e.Lang), ThumbnailWidth: share.Width, ThumbnailHeight: share.Height})
}

// projectOf reads the edition and the project out of an address of this site.
func (s *Service) projectOf(address string) (slug, id string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, s.base+"/e/") {
		return "", "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 4 || parts[0] != "e" || parts[2] != "projects" {
		return "", "", false
	}
	return parts[1], parts[3], true
}

// atMost is the size, or less where somebody has less room.
func atMost(size int, text string) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n < size {
		return n
	}
	return size
}
