package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed static
var embedded embed.FS

// Words holds the package's texts in both languages, for [i18n.New].
//
//go:embed words.json
var Words []byte

// asset is one static file as it goes over the wire.
type asset struct {
	plain, zipped []byte // zipped is nil where compression gains nothing
	kind          string
}

// assets is the whole of /static/, read and compressed at the first use and never
// changed after. One hash over all files names them all, so that a style sheet and a
// module can name their neighbours by relative address and a deployment never mixes two
// versions; the price is that any change sends the 250 kB again.
var assets = sync.OnceValue(func() (a struct {
	hash  string
	files map[string]asset
}) {
	a.files = map[string]asset{}
	root, err := fs.Sub(embedded, "static")
	if err == nil {
		err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(root, name)
			a.files[name] = newAsset(name, text)
			return err
		})
	}
	if err != nil {
		panic(fmt.Sprintf("reading the embedded files: %v", err)) // the binary itself is broken
	}
	a.files["app.css"] = newAsset("app.css", sheet(a.files))
	a.hash = hashOf(a.files)
	return a
})

// sheet joins the parts of the style sheet, in the order of their names.
func sheet(files map[string]asset) []byte {
	var css bytes.Buffer
	for _, name := range sortedNames(files) {
		if strings.HasPrefix(name, "css/") {
			css.Write(files[name].plain)
		}
	}
	return colours(bytes.ReplaceAll(css.Bytes(), []byte("url(../"), []byte("url(")))
}

func hashOf(files map[string]asset) string {
	sum := sha256.New()
	for _, name := range sortedNames(files) {
		fmt.Fprintf(sum, "%s %d\n", name, len(files[name].plain))
		sum.Write(files[name].plain)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

func sortedNames(files map[string]asset) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func newAsset(name string, text []byte) asset {
	a := asset{plain: text, kind: mime.TypeByExtension(path.Ext(name))}
	switch path.Ext(name) { // the machine's own table may be empty or odd
	case ".js":
		a.kind = "text/javascript; charset=utf-8"
	case ".woff2":
		a.kind = "font/woff2"
	case ".css":
		a.kind = "text/css; charset=utf-8"
	case ".svg":
		a.kind = "image/svg+xml"
	case ".txt":
		a.kind = "text/plain; charset=utf-8"
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil && w.Close() == nil && zipped.Len() < len(text)*9/10 {
		a.zipped = zipped.Bytes()
	}
	return a
}

// Asset returns the URL of a static file, such as "app.css" or "js/scan.js". The name
// changes with the content, so browsers may keep the file for ever.
func Asset(name string) string { return "/static/" + assets().hash + "/" + name }

// File returns a static file, such as "app.css", for pages that leave the program.
func File(name string) ([]byte, bool) {
	a, known := assets().files[name]
	return a.plain, known
}

// Handler serves /static/. A URL of this version may be kept for ever; one of another
// version gets today's file, to be asked for again next time.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
		a, known := assets().files[name]
		if !known {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		h.Set("Cache-Control", "no-cache")
		if hash == assets().hash {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		body := a.plain
		if a.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.zipped
		}
		h.Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // the reader has gone: nobody is left to tell
		}
	})
}
