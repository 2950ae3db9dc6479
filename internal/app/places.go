package app

import "h48/internal/edition"

var hackathons = []edition.Kind{edition.Hackathon, edition.Other}

// places is the navigation of an edition, in the order in which people need it. Each
// reader sees what is theirs; a room that is not in the list is reached from another.
func places() []place {

	organisers := []edition.Role{edition.Organiser}
	return []place{
		{key: "app.nav.today", path: "/today", icon: "home", roles: edition.AllRoles},
		{key: "app.nav.public", path: "", icon: "globe", roles: everybody},
		{key: "app.nav.people", path: "/people", icon: "users", roles: organisers},
		{key: "app.nav.settings", path: "/settings", icon: "settings", roles: organisers},
	}
}
