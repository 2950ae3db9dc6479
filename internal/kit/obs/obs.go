// Package obs lets an operator see how the program does: its log, its figures at
// /metrics (Prometheus text), and whether it is alive and ready.
package obs

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"h48/internal/kit/clock"
)

// Logger writes lines of the level and above, as text or as JSON.
func Logger(w io.Writer, level, format string) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// Figures counts what the program does.
type Figures struct {
	set   *metrics.Set
	clock clock.Clock
}

// NewFigures returns empty figures.
func NewFigures(c clock.Clock) *Figures { return &Figures{set: metrics.NewSet(), clock: c} }

// Gauge shows what value returns under the name.
func (f *Figures) Gauge(name string, value func() float64) { f.set.NewGauge(name, value) }

// Count counts and times every answer by its route and status.
func (f *Figures) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := f.clock.Now()
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(seen, r)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		f.set.GetOrCreateCounter(fmt.Sprintf(`h48_requests_total{route=%q,status="%d"}`, route, seen.code)).Inc()
		f.set.GetOrCreateHistogram(fmt.Sprintf(`h48_request_seconds{route=%q}`, route)).Update(f.clock.Now().Sub(began).Seconds())
	})
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Flush is there for compression, which does not look behind a writer: without it an
// event stream reaches a browser only when the buffer is full.
func (s *status) Flush() {
	_ = http.NewResponseController(s.ResponseWriter).Flush() // a reader who has gone is no error of ours
}

// ServeHTTP shows the figures in Prometheus' text format.
func (f *Figures) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	f.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// Alive answers as long as the program runs.
func Alive(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// Ready answers 200 while every check passes, and 503 with the first that does not.
func Ready(checks map[string]func(ctx context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		for name, check := range checks {
			if err := check(ctx); err != nil {
				http.Error(w, name+": "+err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		fmt.Fprintln(w, "ready")
	}
}
