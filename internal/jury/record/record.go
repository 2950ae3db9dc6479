// Package record is what leaves the jury's room: the record that anybody can check with
// `h48 verify`, the tables for a spreadsheet, and the minutes of how the judging stands.
//
// The record is a file of lines, each a JSON object: the head, the entries of the
// edition's chain, what the tables held at the same moment, and a seal. It names teams
// and criteria and no person. The package checks; it changes nothing and ranks nothing
// (the jury does).
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"h48/internal/account"
	"h48/internal/jury"
	"h48/internal/kit/chain"
)

// format names the file and its version.
const format = "h48 jury record 1"

// line is one line of the file: exactly one of its fields is there.
type line struct {
	Head      *head                  `json:"record,omitempty"`
	Entry     *entry                 `json:"entry,omitempty"`
	Rubric    *jury.TracedRubric     `json:"rubric,omitempty"`
	Amended   *jury.TracedAmendment  `json:"amended,omitempty"`
	Mark      *mark                  `json:"mark,omitempty"`
	Compared  *jury.TracedComparison `json:"compared,omitempty"`
	Prize     *Prize                 `json:"prize,omitempty"`
	Ranking   *jury.TracedRanking    `json:"ranking,omitempty"`
	Signature *Signature             `json:"signature,omitempty"`
	Seal      *seal                  `json:"seal,omitempty"`
}

// head begins the file.
type head struct {
	Format  string            `json:"format"`
	Edition string            `json:"edition"`
	Title   string            `json:"title"`
	Written int64             `json:"written"` // microseconds, the wall's
	Entries int64             `json:"entries"`
	Hash    string            `json:"hash"` // of the last entry
	Teams   map[string]string `json:"teams"`
}

// entry is a chain.Entry whose body stands as it was hashed.
type entry struct {
	N       int64           `json:"n"`
	At      int64           `json:"at"`
	Kind    string          `json:"kind"`
	Subject string          `json:"subject"`
	Body    json.RawMessage `json:"body"`
	Hash    string          `json:"hash"`
}

// mark is a mark as the table holds it.
type mark struct {
	Round int `json:"round"`
	jury.TracedMark
}

// Prize is what the table of prizes holds.
type Prize struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Cents int64    `json:"cents"`
	State string   `json:"state"`
	Teams []string `json:"teams"` // laureates; ids
}

// Signature is a juror's hand under the minutes of that digest.
type Signature struct {
	Juror  account.ID `json:"juror"`
	Digest string     `json:"digest"`
	Way    string     `json:"way"`
}

// seal ends the file: how many lines stand above, and the SHA-256 of their bytes.
type seal struct {
	Lines int    `json:"lines"`
	Hash  string `json:"sha256"`
}

// encode writes a line in its one form.
func encode(l line) ([]byte, error) {
	var out bytes.Buffer
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	if err := w.Encode(l); err != nil {
		return nil, fmt.Errorf("writing a line of the record: %w", err)
	}
	return out.Bytes(), nil
}

// writer writes lines and seals them.
type writer struct {
	out   io.Writer
	hash  hash.Hash
	lines int
}

func newWriter(out io.Writer) *writer {
	h := sha256.New()
	return &writer{out: io.MultiWriter(out, h), hash: h}
}

func (w *writer) put(l line) error {
	text, err := encode(l)
	if err != nil {
		return err
	}
	w.lines++
	if _, err := w.out.Write(text); err != nil {
		return fmt.Errorf("writing the record: %w", err)
	}
	return nil
}

func (w *writer) seal() error {
	return w.put(line{Seal: &seal{Lines: w.lines, Hash: hex.EncodeToString(w.hash.Sum(nil))}})
}

func entryOf(e chain.Entry) *entry {
	return &entry{N: e.N, At: e.At.UnixMicro(), Kind: e.Kind, Subject: e.Subject, Body: json.RawMessage(e.Body), Hash: e.Hash}
}
