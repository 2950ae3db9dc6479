package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of one page's stream.
const (
	mostTopics = 32
	heartbeat  = 25 * time.Second
	// crowd is how many open pages make it wise that they do not all read again in the
	// same instant: the event then carries a spread in milliseconds.
	crowd = 200
)

// ServeHTTP streams the topics of the query (t, repeated) to one page as Server-Sent
// Events: "event: touch", the topic as data, and the position as id, which the browser
// sends back when it reconnects. On its first stream a page says in the query (since) at
// which position it was read, so that nothing is lost between the two. The stream ends
// when the page goes or the server stops.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	topics := r.URL.Query()["t"]
	if len(topics) == 0 || len(topics) > mostTopics {
		http.Error(w, "between 1 and "+strconv.Itoa(mostTopics)+" topics", http.StatusBadRequest)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	position := h.Position() // before listening: what is touched in between is told again, not lost
	listener := h.Listen(topics, since)
	defer listener.Close()
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{})
	if _, err := fmt.Fprintf(w, "retry: 2000\nid: %s\nevent: open\ndata: 1\n\n", position); err != nil {
		return
	}
	for out.Flush() == nil {
		if h.writeNext(r.Context(), w, listener) != nil {
			return
		}
	}
}

func (h *Hub) writeNext(ctx context.Context, w http.ResponseWriter, l *Listener) error {
	beat, cancel := context.WithTimeout(ctx, heartbeat)
	defer cancel()
	position := h.Position()
	touched, err := l.Next(beat)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		_, err = fmt.Fprint(w, ": still here\n\n")
		return err
	}
	if err != nil {
		return err
	}
	var text strings.Builder
	if n := h.Open(); n > crowd {
		fmt.Fprintf(&text, "event: spread\ndata: %d\n\n", min(n/4, 5000))
	}
	for _, topic := range touched {
		fmt.Fprintf(&text, "id: %s\nevent: touch\ndata: %s\n\n", position, strings.NewReplacer("\n", " ", "\r", " ").Replace(topic))
	}
	_, err = fmt.Fprint(w, text.String())
	return err
}
