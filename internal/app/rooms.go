package app

import (
	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/ical"
	"h48/internal/kit/jobs"
	"h48/internal/kit/post"
	"h48/internal/kit/sheet"
	"h48/internal/kit/trail"
	"h48/internal/signin"
	"h48/internal/ui"
)

// Rooms are the services of the features.
type Rooms struct {
}

// words are the texts of every room, French and English together.
func words() [][]byte {
	return [][]byte{ui.Words, door.Words, account.Words, edition.Words, files.Words, sheet.Words, ical.Words, Words}
}

// furnish makes the services in the order in which they need each other, and joins what
// one room asks of another.
func (a *App) furnish(mailer *post.Post, tr *trail.Trail) Rooms {
	return Rooms{}
}

// handlers are the jobs that the rooms run.
func (a *App) handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{}
}

// mount registers every route of the program.
func (a *App) mount() {
	d := a.Door
	signin.Routes(d, a.Accounts)
	a.mountPages()
}
