package app

import (
	"encoding/json"
	"net/http"

	"h48/internal/door"
	"h48/internal/edition"
)

// mountPages registers the pages that are made of many rooms.
func (a *App) mountPages() {
	d := a.Door
	d.Get("/{$}", door.Anyone(), a.showHome)
	d.Get("/me", door.SignedIn(), a.showMe)
	d.Get("/offline", door.Anyone(), a.showOffline)
	d.Get("/accessibility", door.Anyone(), a.showAccessibility)
	d.Get("/privacy", door.Anyone(), a.showPrivacy)
	d.Get("/api/openapi.json", door.Anyone(), a.showOpenAPI)

	d.Get("/first/{key}", door.Anyone(), a.showFirst)
	d.Post("/first/{key}", door.Anyone(), a.first)
	d.Get("/new", door.Admins(), a.showNew)
	d.Get("/new/{preset}", door.Admins(), a.showNewForm)
	d.Post("/new/{preset}", door.Admins(), a.create)

	d.Get("/e/{edition}", door.Anyone(), a.showPublic)
	d.Get("/e/{edition}/accent.css", door.Anyone(), a.showAccent)
	d.Get("/e/{edition}/logo", door.Anyone(), a.showLogo)
	d.Get("/e/{edition}/partners/{partner}/logo", door.Anyone(), a.showPartnerLogo)
	d.Get("/e/{edition}/today", door.Members(), a.showToday)

	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/control", organisers, a.showControl)
	d.Post("/e/{edition}/again", organisers, a.again)
	d.Get("/e/{edition}/settings", organisers, a.showSettings)
	d.Post("/e/{edition}/settings", organisers, a.saveSettings)
	d.Post("/e/{edition}/settings/logo", organisers, a.saveLogo)
	d.Post("/e/{edition}/settings/partners", organisers, a.addPartner)
	d.Post("/e/{edition}/settings/partners/{partner}/drop", organisers, a.dropPartner)
	d.Post("/e/{edition}/publish", organisers, a.publish)
	d.Post("/e/{edition}/unpublish", organisers, a.unpublish)
	d.Get("/e/{edition}/people", organisers, a.showPeople)
	d.Post("/e/{edition}/people", organisers, a.grant)
	d.Post("/e/{edition}/people/{account}/organisation", organisers, a.employ)
	d.Post("/e/{edition}/people/{account}/revoke", organisers, a.revoke)
	d.Get("/e/{edition}/jobs/{job}", door.Members(), a.showJob)
	d.Post("/e/{edition}/jobs/{job}/stop", door.Members(), a.stopJob)
	a.mountForgetting()
	a.mountAPI()
	a.mountDemo()
}

// showOpenAPI is the reference of the API.
func (a *App) showOpenAPI(w http.ResponseWriter, _ *http.Request, _ *door.Visit) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(a.Door.OpenAPI(a.Config.Base()))
}
