package app

import (
	"slices"

	"h48/internal/door"
	"h48/internal/edition"
)

// place is an entry of the navigation: for whom, in which kinds of event, and when it is
// what they need first.
type place struct {
	key, path, icon string
	roles           []edition.Role // nil for everybody
	kinds           []edition.Kind // nil for every kind
	// from is the moment before which the place has nothing to show; "" for always.
	from edition.Moment
	// first are the phases in which it stands before the others.
	first []edition.Phase
}

// mostPlaces is how many places a reader who organises nothing is shown; an organiser
// finds everything.
const mostPlaces = 8

// places is the navigation of an edition, in the order in which people need it. Each
// reader sees what is theirs; a page that is not in the list is reached from another.
func places() []place {
	hackathons := []edition.Kind{edition.Hackathon, edition.Other}
	organisers := []edition.Role{edition.Organiser}
	participants := []edition.Role{edition.Participant}
	hands := []edition.Role{edition.Crew, edition.Organiser}
	atDoor, work := []edition.Phase{edition.CheckingIn, edition.Teaming}, []edition.Phase{edition.Working}
	before := []edition.Phase{edition.Announced, edition.Registering, edition.Preparing}
	judged := []edition.Phase{edition.HandedIn, edition.Pitching, edition.Judging}
	after := []edition.Phase{edition.After}
	return []place{
		{key: "app.nav.control", path: "/control", icon: "layout-grid", roles: organisers},
		{key: "app.nav.today", path: "/today", icon: "house", roles: edition.AllRoles},
		{key: "app.nav.queue", path: "/help/queue", icon: "hand-helping", roles: []edition.Role{edition.Mentor}, kinds: hackathons},
		{key: "app.nav.shifts", path: "/crew/mine", icon: "map-pin", roles: []edition.Role{edition.Crew}},
		{key: "app.nav.checkin", path: "/checkin", icon: "scan-line", roles: hands, first: atDoor},
		{key: "app.nav.team", path: "/team", icon: "users", roles: participants, kinds: hackathons},
		{key: "app.nav.wishes", path: "/wishes", icon: "heart", roles: participants, kinds: hackathons, first: before},
		{key: "app.nav.project", path: "/project", icon: "file-text", roles: participants, kinds: hackathons, from: edition.Teams, first: work},
		{key: "app.nav.help", path: "/help", icon: "life-buoy", roles: participants, kinds: hackathons, from: edition.Teams, first: work},
		{key: "app.nav.registrations", path: "/registrations", icon: "id-card", roles: organisers, first: before},
		{key: "app.nav.board", path: "/teams/board", icon: "users", roles: organisers, kinds: hackathons, first: []edition.Phase{edition.Teaming}},
		{key: "app.nav.programme", path: "/programme", icon: "calendar"},
		{key: "app.nav.crew", path: "/crew", icon: "users", roles: organisers, first: before},
		{key: "app.nav.help_board", path: "/help/board", icon: "life-buoy", roles: organisers, kinds: hackathons, first: work},
		{key: "app.nav.handins", path: "/handins", icon: "inbox", roles: organisers, kinds: hackathons, first: []edition.Phase{edition.HandedIn}},
		{key: "app.nav.stage", path: "/pitches/run", icon: "mic", roles: hands, kinds: hackathons, from: edition.HandIn, first: []edition.Phase{edition.HandedIn, edition.Pitching}},
		{key: "app.nav.pitches", path: "/pitches", icon: "presentation", kinds: hackathons, from: edition.HandIn, first: []edition.Phase{edition.HandedIn, edition.Pitching}},
		{key: "app.nav.jury", path: "/jury", icon: "scale", roles: []edition.Role{edition.Juror}, kinds: hackathons, first: judged},
		{key: "app.nav.jury", path: "/jury/board", icon: "scale", roles: organisers, kinds: hackathons, first: judged},
		{key: "app.nav.deliberation", path: "/deliberation", icon: "vote", roles: []edition.Role{edition.Juror, edition.Organiser}, kinds: hackathons,
			from: edition.HandIn, first: []edition.Phase{edition.Judging}},
		{key: "app.nav.votes", path: "/votes", icon: "vote", roles: organisers, kinds: hackathons, from: edition.Starts, first: []edition.Phase{edition.Pitching}},
		{key: "app.nav.results", path: "/results", icon: "trophy", kinds: hackathons, from: edition.Results, first: []edition.Phase{edition.Awarding, edition.After}},
		{key: "app.nav.feedback", path: "/feedback", icon: "message-circle", roles: participants, kinds: hackathons, from: edition.Results, first: after},
		{key: "app.nav.certificate", path: "/certificate", icon: "award", roles: edition.AllRoles[1:], from: edition.Ends, first: after},
		{key: "app.nav.recap", path: "/recap/edit", icon: "sparkles", roles: organisers, from: edition.Ends, first: after},
		{key: "app.nav.certificates", path: "/certificates", icon: "award", roles: organisers, from: edition.Ends, first: after},
		{key: "app.nav.followup", path: "/followup/overview", icon: "heart", roles: organisers, kinds: hackathons, from: edition.Ends, first: after},
		{key: "app.nav.meals", path: "/meals", icon: "utensils", roles: hands},
		{key: "app.nav.cups", path: "/cups", icon: "cup-soda", roles: hands, first: after},
		{key: "app.nav.badge", path: "/badge", icon: "qr-code", roles: edition.AllRoles, first: []edition.Phase{edition.CheckingIn}},
		{key: "app.nav.messages", path: "/messages", icon: "megaphone", roles: edition.AllRoles},
		{key: "app.nav.teams", path: "/teams", icon: "users", roles: []edition.Role{edition.Mentor, edition.Juror, edition.Partner}, kinds: hackathons, from: edition.Teams},
		{key: "app.nav.projects", path: "/projects", icon: "lightbulb", kinds: hackathons, from: edition.Results},
		{key: "app.nav.people", path: "/people", icon: "user-plus", roles: organisers, first: before},
		{key: "app.nav.public", path: "", icon: "globe"},
		{key: "app.nav.settings", path: "/settings", icon: "settings", roles: organisers, first: before},
		{key: "app.nav.trail", path: "/trail", icon: "history", roles: organisers},
	}
}

// placesOf are the visitor's places, what the phase asks for first.
func placesOf(v *door.Visit) []place {
	phase := v.Edition.Phase(v.Now)
	mine := slices.DeleteFunc(places(), func(p place) bool { return !p.open(v) })
	slices.SortStableFunc(mine, func(a, b place) int { return a.rank(phase) - b.rank(phase) })
	if !v.Is(edition.Organiser) && len(mine) > mostPlaces {
		mine = mine[:mostPlaces]
	}
	return mine
}

// rank is the place's turn in the phase: what a person came to first, then what the
// phase is about, then the rest.
func (p place) rank(phase edition.Phase) int {
	switch {
	case p.path == "/control" || p.path == "/today":
		return 0
	case slices.Contains(p.first, phase):
		return 1
	}
	return 2
}

// open says whether the visitor has something to do at the place.
func (p place) open(v *door.Visit) bool {
	if p.kinds != nil && !slices.Contains(p.kinds, v.Edition.Kind) {
		return false
	}
	if p.from != "" && !v.Edition.Has(p.from, v.Now) {
		return false
	}
	return p.roles == nil || v.Is(p.roles...)
}
