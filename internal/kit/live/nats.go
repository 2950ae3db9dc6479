package live

import (
	"fmt"

	"github.com/nats-io/nats.go"
)

// subject is where the copies of the program tell each other of topics.
const subject = "h48.live"

// NATS is a Bridge over a NATS server.
type NATS struct {
	conn *nats.Conn
	name string
}

// DialNATS connects to the server at the address; name tells this copy's own messages
// from the others'. A lost connection is taken up again for as long as it takes.
func DialNATS(address, name string) (*NATS, error) {
	conn, err := nats.Connect(address, nats.Name("h48 "+name), nats.MaxReconnects(-1))
	if err != nil {
		return nil, fmt.Errorf("connecting to NATS at %s: %w", address, err)
	}
	return &NATS{conn: conn, name: name}, nil
}

// Publish implements Bridge.
func (n *NATS) Publish(topic string) error {
	message := nats.NewMsg(subject)
	message.Header.Set("From", n.name)
	message.Data = []byte(topic)
	if err := n.conn.PublishMsg(message); err != nil {
		return fmt.Errorf("telling the other copies of %s: %w", topic, err)
	}
	return nil
}

// Subscribe implements Bridge.
func (n *NATS) Subscribe(heard func(topic string)) error {
	if _, err := n.conn.Subscribe(subject, func(m *nats.Msg) {
		if m.Header.Get("From") != n.name {
			heard(string(m.Data))
		}
	}); err != nil {
		return fmt.Errorf("subscribing to %s: %w", subject, err)
	}
	return n.conn.Flush()
}

// Close says what is left to say and ends the connection.
func (n *NATS) Close() error { return n.conn.Drain() }
