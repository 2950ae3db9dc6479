package app

import (
	"slices"
	"strings"

	"h48/internal/edition"
)

// teamwork are the beginnings of the addresses that only an event with teams, projects and
// a jury has.
var teamwork = []string{"ceremony", "challenges", "deliberation", "feedback", "followup", "gallery", "handins", "help", "judging", "jury", "meetings", "my-prize",
	"payees", "payouts", "pitches", "prizes", "project", "project-files", "projects", "results", "team", "teams", "vote", "votes", "wishes"}

// absent says that a route is of teams and juries, and the event has neither.
func absent(pattern string, kind edition.Kind) bool {
	if kind.Competes() {
		return false
	}
	_, path, in := strings.Cut(pattern, "/e/{edition}/")
	first, rest, _ := strings.Cut(path, "/")
	return in && (slices.Contains(teamwork, first) || first == "stage" && rest != "" || first == "registrations" && rest == "skills")
}
