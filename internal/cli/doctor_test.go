package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"h48/internal/config"
)

// A clock that is an hour off is found by what others date their answers with.
func TestLookAtClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ahead time.Duration
		ill   bool
	}{{0, false}, {time.Hour, true}, {-time.Hour, true}} {
		peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusForbidden)
		}))
		for _, conf := range []config.Config{{URL: peer.URL}, {Files: "s3://key:secret@" + strings.TrimPrefix(peer.URL, "http://") + "/h48?region=fr&plain=1"}} {
			if said, err := lookAtClock(t.Context(), conf); (err != nil) != c.ill {
				t.Errorf("the other clock is %s ahead: %q, %v", c.ahead, said, err)
			}
		}
		peer.Close()
	}
	if said, err := lookAtClock(t.Context(), config.Config{}); err != nil || !strings.Contains(said, "watch") {
		t.Errorf("with nobody to ask: %q, %v", said, err)
	}
}
