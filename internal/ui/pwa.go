package ui

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// ServiceWorker serves /sw.js: the worker that keeps visited pages and the static files
// of this version on the device.
func ServiceWorker() http.Handler {
	script := strings.NewReplacer(
		"{{version}}", assets().hash,
		"{{files}}", strings.Join(offlineFiles(), " "),
	).Replace(string(assets().files["js/sw.js"].plain))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write([]byte(script)) // the reader has gone: nobody is left to tell
	})
}

// offlineFiles are the static files that any page needs, to be kept at installation.
func offlineFiles() []string {
	urls := []string{Asset("app.css"), Asset("icons.svg"), Asset("icon.svg"), Asset("fonts/atkinson.woff2"), Asset("fonts/bricolage.woff2")}
	for name := range assets().files {
		if strings.HasPrefix(name, "js/") && name != "js/sw.js" {
			urls = append(urls, Asset(name))
		}
	}
	slices.Sort(urls)
	return urls
}

// Manifest serves /manifest.webmanifest, with which a phone installs H48.
func Manifest() http.Handler {
	icon := func(name, kind, sizes string) map[string]string {
		return map[string]string{"src": Asset(name), "type": kind, "sizes": sizes, "purpose": "any"}
	}
	text, err := json.Marshal(map[string]any{
		"name": "H48", "short_name": "H48", "start_url": "/", "scope": "/", "display": "standalone",
		"background_color": "#f5fbfc", "theme_color": "#00678c",
		"icons": []map[string]string{icon("icon.svg", "image/svg+xml", "any")},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			http.Error(w, "no manifest", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/manifest+json")
		w.Header().Set("Cache-Control", "max-age=3600")
		_, _ = w.Write(text) // the reader has gone: nobody is left to tell
	})
}
