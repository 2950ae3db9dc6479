package gallery

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// meta is what a page tells other machines: how it looks when it is shared, and what it
// is about.
type meta struct {
	title, text string
	url         string // absolute
	picture     string // absolute
	alt         string // what the picture shows
	lang        i18n.Lang
	kind        string // "article" or "website"
	oembed      string // absolute; "" where the page cannot be embedded
	data        string // JSON-LD
}

// otherLang is the language of the other half of the readers, as Open Graph writes it.
func (m meta) locale() string {
	if m.lang == i18n.French {
		return "fr_FR"
	}
	return "en_GB"
}

// thing is a node of schema.org's vocabulary.
type thing map[string]any

// eventThing describes the edition.
func eventThing(e edition.Edition, base string) thing {
	t := thing{"@type": "Event", "@id": base + e.URL() + "#event", "name": e.Name, "url": base + e.URL(), "inLanguage": string(e.Lang),
		"eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode", "eventStatus": "https://schema.org/EventScheduled"}
	if at, set := e.At[edition.Starts]; set {
		t["startDate"] = at.In(e.Zone).Format(time.RFC3339)
	}
	if at, set := e.At[edition.Ends]; set {
		t["endDate"] = at.In(e.Zone).Format(time.RFC3339)
	}
	if e.Tagline != "" {
		t["description"] = e.Tagline
	}
	if e.Place != "" {
		t["location"] = thing{"@type": "Place", "name": e.Place, "address": e.Place}
	}
	if e.Host != "" {
		t["organizer"] = thing{"@type": "Organization", "name": e.Host, "url": base + "/"}
	}
	return t
}

// workThing describes a project; only members who agreed are in it.
func workThing(p Shown, base string) thing {
	address := base + p.In.URL() + "/projects/" + string(p.Project)
	t := thing{"@type": "CreativeWork", "@id": address, "url": address, "name": p.Title, "abstract": p.Pitch, "inLanguage": string(p.In.Lang),
		"dateCreated": p.HandedIn.In(p.In.Zone).Format(time.DateOnly)}
	by := thing{"@type": "Organization", "name": p.TeamName}
	if len(p.Members) > 0 {
		var members []thing
		for _, name := range p.Members {
			members = append(members, thing{"@type": "Person", "name": name})
		}
		by["member"] = members
	}
	t["creator"] = by
	if p.About != "" {
		t["about"] = p.About
	}
	var awards []string
	for _, prize := range p.Prizes {
		awards = append(awards, prize.Title)
	}
	if len(awards) > 0 {
		t["award"] = awards
	}
	var images []thing
	for _, one := range p.Pictures {
		width, height := one.Box(Large)
		image := thing{"@type": "ImageObject", "contentUrl": base + pictureURL(p.In, one, Large), "width": width, "height": height}
		if one.Alt != "" {
			image["caption"] = one.Alt
		}
		images = append(images, image)
	}
	if len(images) > 0 {
		t["image"] = images
	}
	if p.Video != nil {
		t["video"] = thing{"@type": "VideoObject", "name": p.Title, "description": p.Pitch, "url": p.Video.URL,
			"thumbnailUrl": base + shareURL(p.In, p.Project, p.In.Lang), "uploadDate": p.HandedIn.UTC().Format(time.RFC3339)}
	}
	return t
}

// document is JSON-LD that may stand in a page: encoding/json writes no sign that could
// end the element it stands in.
func document(things ...thing) (string, error) {
	text, err := json.Marshal(thing{"@context": "https://schema.org", "@graph": things})
	if err != nil {
		return "", fmt.Errorf("writing the page's data: %w", err)
	}
	return string(text), nil
}

// projectMeta is what a project's page tells.
func (s *Service) projectMeta(l i18n.Locale, p Shown) (meta, error) {
	event := eventThing(p.In, s.base)
	work := workThing(p, s.base)
	work["isPartOf"] = thing{"@id": event["@id"]}
	data, err := document(work, event)
	address := s.base + p.In.URL() + "/projects/" + string(p.Project)
	return meta{title: p.Title, text: p.Pitch, url: address, picture: s.base + shareURL(p.In, p.Project, l.Lang),
		alt: l.T("gallery.share.alt", "title", p.Title, "team", p.TeamName), lang: l.Lang, kind: "article",
		oembed: s.base + "/oembed?url=" + strings.NewReplacer(":", "%3A", "/", "%2F").Replace(address) + "&format=json", data: data}, err
}

// EditionHead is what a public page of the edition that stands at path tells machines.
func (s *Service) EditionHead(l i18n.Locale, e edition.Edition, path, title string) (templ.Component, error) {
	event := eventThing(e, s.base)
	address := s.base + e.URL() + path
	things := []thing{event}
	if path != "" {
		title += " · " + e.Name
		things = append(things, thing{"@type": "WebPage", "@id": address, "url": address, "name": title, "about": thing{"@id": event["@id"]}})
	} else {
		title = e.Name
	}
	data, err := document(things...)
	return head(meta{title: title, text: e.Tagline, url: address, kind: "website", picture: s.base + e.URL() + "/share.png?lang=" + string(l.Lang),
		alt: l.T("gallery.share.edition_of", "edition", e.Name), lang: l.Lang, data: data}), err
}

// listMeta is what the page of an edition's projects tells.
func (s *Service) listMeta(l i18n.Locale, e edition.Edition, cards []Card) (meta, error) {
	var items []thing
	for i, c := range cards {
		items = append(items, thing{"@type": "ListItem", "position": i + 1, "name": c.Title, "url": s.base + e.URL() + "/projects/" + string(c.Project)})
	}
	things := []thing{eventThing(e, s.base)}
	if len(items) > 0 {
		things = append(things, thing{"@type": "ItemList", "name": l.T("gallery.of", "edition", e.Name), "itemListElement": items})
	}
	data, err := document(things...)
	return meta{title: l.T("gallery.of", "edition", e.Name), text: e.Tagline, url: s.base + e.URL() + "/projects", kind: "website",
		picture: s.base + e.URL() + "/share.png?lang=" + string(l.Lang), alt: l.T("gallery.share.edition_alt", "edition", e.Name), lang: l.Lang, data: data}, err
}
