// Package ui is the design system: the layout of every page, the components that pages
// are made of, their style sheet, icons, fonts, scripts and words. It knows no feature,
// reads no database and decides nothing; it turns typed values into accessible HTML
// that works without script, from 320 px to a projector, in light, dark and print.
//
// # A page
//
// A room writes one templ component a page, and wraps it in the layout:
//
//	templ Page(v ui.View, requests []Request) {
//		@ui.Layout(v) {
//			@ui.PageTitle(ui.TitleData{Eyebrow: "Mentors", Title: "Who waits", Lead: "The best match first."}) {
//				@ui.LinkButton(ui.Primary, "/e/amiens-2018/help/new") { Ask for a mentor }
//			}
//			@ui.Live("queue") {
//				@ui.Table(v.L, ui.TableData{Caption: "Requests", Columns: columns, Rows: rows(requests)})
//			}
//		}
//	}
//
// Words come from the room's own words.json: the components that say something of their
// own take the reader's locale as their first argument, and every other text is given.
//
// # Components
//
//	@ui.Next(ui.NextData{Title: "Hand the project in", Text: "3 parts of 4 are ready.", URL: u, Action: "Finish", Icon: "flag"})
//	@ui.Card(ui.CardData{Title: "Le Guichet malin", Note: "table 4", URL: u}) { <p>…</p> }
//	@ui.Stat(ui.StatData{Label: "To do now", Value: "2 teams", Note: "have met no mentor yet", Need: true})
//	@ui.Grid(4) { …cards… }   @ui.Split() { <div>main</div> <aside>side</aside> }   @ui.Section("Today", "") { … }
//	@ui.Button(ui.Primary) { Save }   @ui.Button(ui.Danger|ui.Small, templ.Attributes{"name": "do", "value": "drop"}) { Drop }
//	@ui.LinkButton(ui.Ghost, url) { @ui.Icon("download") Download }
//	@ui.Chip(ui.Good, "Received")   @ui.Banner(ui.Warn, "No network") { <p>…</p> }
//	@ui.Empty(ui.EmptyData{Icon: "users", Title: "No team yet", Text: "…"}) { …a button… }
//	@ui.Table(l, ui.TableData{Caption: "Teams", Columns: []ui.Column{{Label: "Team"}, {Label: "Points", Number: true}},
//		Rows: []ui.Row{{URL: u, Cells: []templ.Component{ui.Text("Les Voisins"), ui.Text("12")}}}})
//	@ui.Progress(ui.ProgressData{Label: "Places", Value: 18, Max: 24, Text: "18 of 24"})
//	@ui.Steps(l, steps, 1)   @ui.Tabs(l, "Views", links)   @ui.Crumbs(l, links)   @ui.Pager(l, ui.PagerData{…})
//	@ui.Details("Why?") { … }   @ui.Dialog(l, ui.DialogData{ID: "drop", Open: "Drop…", Title: "Drop the team?"}) { …form… }
//	@ui.Ring(l, ui.RingData{…})   @ui.Countdown(l, ui.CountdownData{To: t, Now: now})
//	@ui.Interval(l, ui.IntervalData{…})   @ui.Bars(ui.BarsData{…})   @ui.Timeline(l, ui.TimelineData{…})
//
// # Forms
//
// A field keeps what was typed and says what is wrong with it; a form starts with the
// list of its errors:
//
//	<form method="post" data-outbox>
//		@ui.FormErrors(l, []ui.Field{email, shirt})
//		@ui.Input(l, ui.Field{Name: "email", Kind: "email", Label: "E-mail", Value: typed, Error: "…", Required: true})
//		@ui.Choice(l, ui.Field{Name: "profile", Label: "You are", Value: typed}, []ui.Option{{Value: "student", Label: "A student"}})
//		@ui.Scale(l, ui.Field{Name: "useful", Label: "Useful to tenants"}, ui.ScaleData{From: 1, To: 5, Low: "not at all", High: "very"})
//		@ui.Button(ui.Primary) { Register }
//	</form>
//
// data-outbox keeps the form on the device while there is no network, data-autosave
// saves it as it is typed, data-scan around a [Scan] fills it from badges, data-drag and
// data-drop move things between zones; see the head of each file in static/js for their
// rules.
//
// # What the application owes
//
// The layout links to these addresses, which the application serves: /static/ ([Handler]),
// /sw.js ([ServiceWorker]), /manifest.webmanifest ([Manifest]), /offline (a page around
// [Offline]), /live?t=… (the event stream), POST /preferences with lang, theme and back,
// /sign-in, POST /sign-out, /accessibility, /privacy, and, for an edition with an accent,
// its URL + /accent.css ([AccentCSS]). Every response carries "X-H48: 1" and "X-Now",
// the edition's time in Unix milliseconds; a page that may be read again without network
// carries "X-Offline: keep".
package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/kit/i18n"
)

// View is what every page hands to the layout.
type View struct {
	L         i18n.Locale
	Title     string          // of the page; the layout adds the edition's name and H48
	Path      string          // path and query of this page, for the language switch
	Edition   *Head           // nil outside an edition
	Nav       []Link          // the sections that the reader may enter, most used first
	Who       *Person         // nil when nobody is signed in
	Clock     Clock           // the edition's time at rendering
	Topics    []string        // live topics; none means that the page holds no stream open
	Since     string          // the live position at which the page's content was read
	Flash     []Flash         // what the last action has to say
	Notices   templ.Component // what was announced to everybody, in a live region of its own; may be nil
	Theme     string          // "" for the reader's system, "light" or "dark"
	Rehearsal *Rehearsal      // the clock bar of a rehearsal, nil otherwise
	Wide      bool            // use the whole width: tables, boards
	Bare      bool            // no navigation: sign-in, a public form, a juror's sheet
	Scripts   []string        // URLs of further module scripts
	Head      templ.Component // what the page tells machines: how it is shared, what it is about; may be nil
}

// Head is the edition at the top of a page.
type Head struct {
	Name    string
	URL     string // without a slash at its end: "/e/amiens-2018"
	Place   string
	LogoURL string
	Accent  string // the organiser's colour as #rrggbb, or ""
}

// Link is a place to go to.
type Link struct {
	Label   string
	URL     string
	Icon    string // a name known to [Icon], or ""
	Current bool   // it leads to the page being read
	Count   int    // what waits there; 0 shows nothing
}

// Person is the reader.
type Person struct {
	ID        string // keeps what one person queued on a shared phone from going out as another
	Name      string
	URL       string // of their own page
	AvatarURL string // "" shows initials
	Role      string // in words: "organiser", "mentor"
}

// Clock is an edition's time at the moment of rendering.
type Clock struct {
	Now    time.Time
	Speed  float64 // edition seconds in one real second; 1 is the wall clock
	Paused bool
}

// Flash is the answer to the reader's last action.
type Flash struct {
	Kind string // ok, warn or error
	Text string
}

// Rehearsal is the clock bar of a rehearsal. Its buttons post to Action the field "do",
// which is play, pause, speed (with the field "speed") or jump (with the field "phase").
type Rehearsal struct {
	Action string
	Speeds []float64 // offered, slowest first
	Phases []Option  // that the clock can jump to, in order
}

// Tone is what a colour says. It is never the only sign: a text says the same.
type Tone string

// The tones.
const (
	Plain Tone = "plain" // nothing in particular
	Water Tone = "water" // the house's colour: work going on
	Good  Tone = "good"  // done, received, free
	Now   Tone = "now"   // happening, or to do now
	Warn  Tone = "warn"  // look at this
	Bad   Tone = "bad"   // refused, broken, late
)

// documentTitle joins the page's title, the edition's name and the program's.
func (v View) documentTitle() string {
	parts := []string{v.Title}
	if v.Edition != nil {
		parts = append(parts, v.Edition.Name)
	}
	parts = append(parts, "H48")
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// theme is the value of the data-theme attribute; anything unknown follows the system.
func (v View) theme() string {
	if v.Theme == "light" || v.Theme == "dark" {
		return v.Theme
	}
	return "auto"
}

// whoID is "" for nobody.
func (v View) whoID() string {
	if v.Who == nil {
		return ""
	}
	return v.Who.ID
}

func (v View) mainClass() string {
	if v.Wide {
		return "main main-wide"
	}
	return "main"
}

// millis writes a time as scripts read it; "" for no time.
func millis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// speed is the clock's rate as scripts read it; the zero value is the wall clock.
func (c Clock) speed() string {
	if c.Speed == 0 {
		return "1"
	}
	return strconv.FormatFloat(c.Speed, 'g', -1, 64)
}

// On phones the bar at the bottom holds phoneLinks, on laptops the bar at the top holds
// barLinks; the rest is one press away in both.
const (
	phoneLinks = 4
	barLinks   = 7
)
