// Package chain keeps an edition's trace of judging so that nobody can change it
// unnoticed: each entry carries the hash of the one before it, so that whoever knows the
// newest hash knows them all.
//
// A service appends in the transaction of the change. Entries are never altered and hold
// ids, never names; a text that is private or may have to be erased stands in them as a
// salted digest (Conceal). The package says whether a chain is whole; what the entries
// mean, their rooms know.
package chain

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"h48/internal/kit/ids"
)

// Entry is one link.
type Entry struct {
	N       int64
	At      time.Time // the wall's, in microseconds
	Kind    string    // a verb of a room, such as "jury.marked"
	Subject string    // a kind and an id, such as "team:01j…"
	Body    string    // canonical JSON
	Hash    string    // SHA-256 in hexadecimal
}

// Item is what a service wants to have in the chain.
type Item struct {
	Kind, Subject string
	Body          any
}

// Head is where a chain ends. An empty chain has N 0 and the hash that the first entry
// follows.
type Head struct {
	N    int64
	Hash string
}

// Chain appends entries.
type Chain struct{ ids *ids.Source }

// New returns a chain that takes its salts from the source.
func New(source *ids.Source) *Chain { return &Chain{ids: source} }

// Genesis is the hash before the first entry of the edition's chain.
func Genesis(edition string) string { return digest("h48 chain 1\n" + edition) }

// Follow is the hash of the entry after the one with the hash prev: SHA-256 of six lines
// of text, prev, n, the time in microseconds, the kind, the subject and the body.
func Follow(prev string, e Entry) string {
	return digest(prev + "\n" + strconv.FormatInt(e.N, 10) + "\n" + strconv.FormatInt(e.At.UnixMicro(), 10) + "\n" +
		e.Kind + "\n" + e.Subject + "\n" + e.Body)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Broken says which entry does not follow from the one before it.
type Broken struct {
	N   int64 // the number that the entry should have
	Why string
}

func (b *Broken) Error() string { return fmt.Sprintf("entry %d: %s", b.N, b.Why) }

// Why an entry is broken.
const (
	WrongNumber = "its number is not the next one"
	WrongHash   = "its hash does not follow from what it says and from the entry before it"
	WrongForm   = "its text is not in the form in which it was written"
)

// Check says whether e follows a chain that ends at h, and where the chain ends then. The
// error is a *Broken.
func (h Head) Check(e Entry) (Head, error) {
	switch {
	case e.N != h.N+1:
		return h, &Broken{N: h.N + 1, Why: WrongNumber}
	case e.Hash != Follow(h.Hash, e):
		return h, &Broken{N: e.N, Why: WrongHash}
	case !canonical(e):
		return h, &Broken{N: e.N, Why: WrongForm}
	}
	return Head{N: e.N, Hash: e.Hash}, nil
}

// canonical says whether only one text of the entry could have its hash: no line break
// where one separates, and a body in canonical form.
func canonical(e Entry) bool {
	body, err := Canonical(e.Body)
	return err == nil && body == e.Body && !strings.ContainsAny(e.Kind+e.Subject, "\r\n")
}

// Canonical writes JSON in its one form here: no spaces, the names of objects sorted,
// numbers as they stand, nothing escaped that need not be.
func Canonical(text string) (string, error) {
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	var value any
	if err := in.Decode(&value); err != nil {
		return "", fmt.Errorf("reading a body: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("something stands after a body")
	}
	return encode(value)
}

func encode(value any) (string, error) {
	var out bytes.Buffer
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	if err := w.Encode(value); err != nil {
		return "", fmt.Errorf("writing a body: %w", err)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// write is the item as the entry after h.
func (h Head) write(at time.Time, it Item) (Entry, error) {
	if it.Kind == "" || strings.ContainsAny(it.Kind+it.Subject, "\r\n") {
		return Entry{}, fmt.Errorf("an entry %q of %q cannot stand in a chain", it.Kind, it.Subject)
	}
	body, err := encode(it.Body)
	if err == nil {
		body, err = Canonical(body)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("an entry %s: %w", it.Kind, err)
	}
	e := Entry{N: h.N + 1, At: at, Kind: it.Kind, Subject: it.Subject, Body: body}
	e.Hash = Follow(h.Hash, e)
	return e, nil
}

// conceal is the digest of a text under the chain's salt; the subject keeps equal texts
// apart.
func conceal(salt, subject, text string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write([]byte(subject + "\n" + text))
	return hex.EncodeToString(mac.Sum(nil))
}
