// Package place says where in a JSON text something stands, in the line and column that
// an editor shows, for errors found after the text was read. It reads no values and
// expects a text that has been found to be valid.
package place

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Place is a line and a column, in bytes, both from 1.
type Place struct{ Line, Column int }

// At is the place of a byte of the text.
func At(text []byte, offset int) Place {
	before := text[:min(max(0, offset), len(text))]
	return Place{1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')}
}

// Find is the place of the value at a path such as people[3].id, and false where the text
// has no such value. A path that leads further than the text ends at what is there.
func Find(text []byte, path string) (Place, bool) {
	s := scanner{text: text}
	s.space()
	found := false
	for path != "" {
		key, index := "", -1
		key, index, path = step(path)
		if index >= 0 && !s.item(index) || index < 0 && !s.field(key) {
			break
		}
		found = true
	}
	return At(text, s.at), found
}

// Twice is the name of the first field that stands twice in one object, and the place of
// the second; false where none does. What such a text means would depend on its reader.
func Twice(text []byte) (name string, where Place, found bool) {
	s := scanner{text: text}
	s.space()
	s.value()
	return s.twice, At(text, s.twiceAt), s.twice != ""
}

// step takes the first key or index off a path.
func step(path string) (key string, index int, rest string) {
	if inside, ok := strings.CutPrefix(path, "["); ok {
		number, rest, _ := strings.Cut(inside, "]")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 {
			return "", n, strings.TrimPrefix(rest, ".")
		}
	}
	end := strings.IndexAny(path[1:], ".[") + 1
	if end == 0 {
		return path, -1, ""
	}
	return path[:end], -1, strings.TrimPrefix(path[end:], ".")
}

// scanner walks over a valid text; on any other it stops somewhere inside.
type scanner struct {
	text    []byte
	at      int
	twice   string
	twiceAt int
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
}

// next goes past one byte and the space around it, and tells whether it was there.
func (s *scanner) next(c byte) bool {
	s.space()
	if s.peek() != c || s.at >= len(s.text) {
		return false
	}
	s.at++
	s.space()
	return true
}

// name goes past a string and returns what it says.
func (s *scanner) name() string {
	from := s.at
	for s.at++; s.at < len(s.text) && s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
	s.at = min(s.at+1, len(s.text))
	raw := s.text[from:s.at]
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(bytes.Trim(raw, `"`))
	}
	var said string
	if json.Unmarshal(raw, &said) != nil {
		return string(raw)
	}
	return said
}

// value goes past one value and notes the first field met twice.
func (s *scanner) value() {
	switch s.peek() {
	case '{':
		names := map[string]bool{}
		for s.at++; ; {
			s.space()
			if s.peek() != '"' {
				break
			}
			at := s.at
			name := s.name()
			if names[name] && s.twice == "" {
				s.twice, s.twiceAt = name, at
			}
			names[name] = true
			s.next(':')
			s.value()
			if !s.next(',') {
				break
			}
		}
		s.next('}')
	case '[':
		s.at++
		s.space()
		for s.at < len(s.text) && s.peek() != ']' {
			before := s.at
			s.value()
			if !s.next(',') || s.at == before {
				break
			}
		}
		s.next(']')
	case '"':
		s.name()
	default:
		for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n,:]}"), s.text[s.at]) < 0 {
			s.at++
		}
	}
}

// field goes into the object to a field's value; where it is not there, nothing moves.
func (s *scanner) field(key string) bool {
	from := s.at
	if !s.next('{') {
		return false
	}
	for s.peek() == '"' {
		if name := s.name(); strings.EqualFold(name, key) {
			return s.next(':')
		}
		s.next(':')
		s.value()
		if !s.next(',') {
			break
		}
	}
	s.at = from
	return false
}

// item goes into the list to an item; where it is not there, nothing moves.
func (s *scanner) item(index int) bool {
	from := s.at
	ok := s.next('[')
	for ; ok && index > 0; index-- {
		s.value()
		ok = s.next(',')
	}
	if !ok || s.peek() == ']' {
		s.at = from
		return false
	}
	return true
}
