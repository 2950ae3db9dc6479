package live_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"h48/internal/kit/live"
)

func hub(t *testing.T, bridge live.Bridge) *live.Hub {
	t.Helper()
	h, err := live.NewHub("boot1", bridge)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func next(t *testing.T, l *live.Listener) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	topics, err := l.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(topics)
	return topics
}

// However often a topic is touched, a slow page holds one note of it.
func TestListen_aSlowPageHoldsOneNotePerTopic(t *testing.T) {
	t.Parallel()
	h := hub(t, nil)
	page := h.Listen([]string{"help", "programme"}, "")
	defer page.Close()
	for range 1000 {
		h.Tell("help", "elsewhere", "programme")
	}
	if got := next(t, page); !slices.Equal(got, []string{"help", "programme"}) {
		t.Errorf("got %v", got)
	}
}

func TestListen_aPageThatWasAwayCatchesUp(t *testing.T) {
	t.Parallel()
	h := hub(t, nil)
	h.Tell("help")
	seen := h.Position()
	h.Tell("programme")
	back := h.Listen([]string{"help", "programme"}, seen)
	defer back.Close()
	if got := next(t, back); !slices.Equal(got, []string{"programme"}) {
		t.Errorf("after %s got %v", seen, got)
	}
	other := h.Listen([]string{"help"}, "boot0.99") // the program was started anew
	defer other.Close()
	if got := next(t, other); !slices.Equal(got, []string{"help"}) {
		t.Errorf("after a restart got %v", got)
	}
}

func TestServeHTTP_streamsTouches(t *testing.T) {
	t.Parallel()
	h := hub(t, nil)
	server := httptest.NewServer(h)
	defer server.Close()
	response, err := http.Get(server.URL + "?t=help")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() && lines.Text() != "data: 1" {
	}
	h.Tell("help")
	for lines.Scan() {
		if lines.Text() == "data: help" {
			return
		}
		if strings.HasPrefix(lines.Text(), "data: ") {
			t.Errorf("got %q", lines.Text())
		}
	}
	t.Errorf("the stream ended: %v", lines.Err())
}

// Two copies of the program on one NATS server: a touch in one is heard in the other.
func TestNATS_carriesTouchesBetweenCopies(t *testing.T) {
	t.Parallel()
	nats, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	nats.Start()
	defer nats.Shutdown()
	if !nats.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not answer")
	}
	dial := func(name string) *live.NATS {
		bridge, err := live.DialNATS(nats.ClientURL(), name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = bridge.Close() })
		return bridge
	}
	here, there := hub(t, dial("a")), hub(t, dial("b"))
	page := there.Listen([]string{"help"}, "")
	defer page.Close()
	here.Tell("help")
	if got := next(t, page); !slices.Equal(got, []string{"help"}) {
		t.Errorf("got %v", got)
	}
}

// A page that was read before something changed, and opens its stream after it, is told.
func TestServeHTTP_tellsWhatChangedSinceThePageWasRead(t *testing.T) {
	t.Parallel()
	h := hub(t, nil)
	read := h.Position()
	h.Tell("help")
	server := httptest.NewServer(h)
	defer server.Close()
	response, err := http.Get(server.URL + "?t=help&since=" + read)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if lines.Text() == "data: help" {
			return
		}
	}
	t.Error("the stream ended without a word on help")
}
