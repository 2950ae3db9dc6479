package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"

	"h48/internal/door"
	"h48/internal/kit/i18n"
	"h48/internal/kit/obs"
	"h48/internal/ui"
)

// mountStatic serves what has no visitor: the style sheet and scripts, and what an operator watches.
func (a *App) mountStatic(mux *http.ServeMux) {
	mux.Handle("GET /static/", ui.Handler())
	mux.Handle("GET /sw.js", ui.ServiceWorker())
	mux.Handle("GET /manifest.webmanifest", ui.Manifest())
	mux.HandleFunc("GET /healthz", obs.Alive)
	mux.HandleFunc("GET /readyz", obs.Ready(map[string]func(context.Context) error{"database": a.DB.Ping}))
	mux.Handle("GET /metrics", a.Figures)
}

// showOffline is the page that a device keeps for when it has no network.
func (a *App) showOffline(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	view := v.Page("H48")
	view.Topics, view.Bare = nil, true
	return v.Show(w, r, ui.Offline(view, []i18n.Locale{a.Words.Locale(i18n.French), a.Words.Locale(i18n.English)}))
}

// showAccent is the style sheet of an edition's own colour.
func (a *App) showAccent(w http.ResponseWriter, _ *http.Request, v *door.Visit) error {
	css := "" // the house's colour
	if v.Edition.Accent != "" {
		var err error
		if css, err = ui.AccentCSS(v.Edition.Accent); err != nil {
			return fmt.Errorf("the colour of %s: %w", v.Edition.Slug, err)
		}
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=60")
	_, err := w.Write([]byte(css))
	return err
}

func splitHostPort(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	return host, port, err
}
