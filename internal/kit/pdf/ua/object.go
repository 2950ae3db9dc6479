package ua

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// object is a PDF object (ISO 32000-1, 7.3): nil, bool, float64, text, name, array, dict,
// stream, ref; and operator in the content of a page.
type object any

type (
	name     string
	text     string // its bytes
	array    []object
	dict     map[name]object
	ref      int // the number of an indirect object
	operator string
	stream   struct {
		dict dict
		raw  []byte
	}
)

// plain is a text string as people read it.
func (t text) plain() string {
	if len(t) < 2 || t[:2] != "\xfe\xff" {
		return string(t)
	}
	units := make([]uint16, 0, len(t)/2)
	for i := 2; i+1 < len(t); i += 2 {
		units = append(units, uint16(t[i])<<8|uint16(t[i+1]))
	}
	return string(utf16.Decode(units))
}

// file is the objects of a document, by their numbers.
type file struct {
	raw     []byte
	offsets map[int]int
	objects map[int]object
}

// open reads the table of objects and returns the trailer.
func (f *file) open() (dict, error) {
	at := bytes.LastIndex(f.raw, []byte("startxref"))
	if !bytes.HasPrefix(f.raw, []byte("%PDF-1.")) || at < 0 {
		return nil, errors.New("no PDF")
	}
	r := &reader{raw: f.raw, at: at + len("startxref")}
	start, _ := r.next().(float64)
	if r.at = int(start); r.at <= 0 || r.at >= len(f.raw) || r.next() != operator("xref") {
		return nil, errors.New("no table of objects where the file says that it is")
	}
	f.offsets = map[int]int{}
	for {
		first := r.next()
		if first == operator("trailer") {
			trailer, is := r.next().(dict)
			if !is {
				return nil, errors.New("no trailer")
			}
			return trailer, nil
		}
		from, isNumber := first.(float64)
		count, counted := r.next().(float64)
		if !isNumber || !counted {
			return nil, errors.New("a broken table of objects")
		}
		for i := range min(int(count), len(f.raw)) {
			offset, _ := r.next().(float64)
			r.next() // the generation
			if r.next() == operator("n") {
				f.offsets[int(from)+i] = int(offset)
			}
		}
	}
}

// get follows a reference, as often as need be.
func (f *file) get(o object) object {
	for range 20 {
		number, is := o.(ref)
		if !is {
			return o
		}
		o = f.indirect(int(number))
	}
	return nil
}

func (f *file) indirect(number int) object {
	if o, known := f.objects[number]; known {
		return o
	}
	at, listed := f.offsets[number]
	if !listed || at <= 0 || at >= len(f.raw) {
		return nil
	}
	r := &reader{raw: f.raw, at: at}
	if n, _ := r.next().(float64); int(n) != number {
		return nil
	}
	r.next() // the generation
	r.next() // obj
	o := r.next()
	f.objects[number] = o // before the length of a stream is looked up
	if d, is := o.(dict); is && r.keyword("stream") {
		length, _ := f.get(d["Length"]).(float64)
		from := r.at
		if bytes.HasPrefix(f.raw[from:], []byte("\r\n")) {
			from += 2
		} else {
			from++
		}
		to := min(max(from+int(length), from), len(f.raw))
		o = stream{d, f.raw[min(from, to):to]}
	}
	f.objects[number] = o
	return o
}

// dict is the dictionary that is meant, its stream's too; nil where there is none.
func (f *file) dict(o object) dict {
	switch o := f.get(o).(type) {
	case dict:
		return o
	case stream:
		return o.dict
	}
	return nil
}

// content is the data of a stream.
func (f *file) content(s stream) ([]byte, error) {
	switch filter := f.get(s.dict["Filter"]); filter {
	case nil:
		return s.raw, nil
	case name("FlateDecode"):
		z, err := zlib.NewReader(bytes.NewReader(s.raw))
		if err != nil {
			return nil, fmt.Errorf("unpacking a stream: %w", err)
		}
		data, err := io.ReadAll(io.LimitReader(z, 64<<20))
		if err != nil {
			return data, fmt.Errorf("unpacking a stream: %w", err)
		}
		return data, nil
	default:
		return nil, fmt.Errorf("a stream is packed as %v", filter)
	}
}

// reader reads objects one after the other.
type reader struct {
	raw   []byte
	at    int
	depth int
}

// end is what a reader returns after the last object.
type end struct{}

const delimiters = "()<>[]{}/%"

func isSpace(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' '
}

func (r *reader) skip() {
	for r.at < len(r.raw) {
		switch b := r.raw[r.at]; {
		case isSpace(b):
			r.at++
		case b == '%':
			for r.at < len(r.raw) && r.raw[r.at] != '\n' && r.raw[r.at] != '\r' {
				r.at++
			}
		default:
			return
		}
	}
}

// keyword says whether the word comes next, and steps over it.
func (r *reader) keyword(word string) bool {
	r.skip()
	if bytes.HasPrefix(r.raw[min(r.at, len(r.raw)):], []byte(word)) {
		r.at += len(word)
		return true
	}
	return false
}

func (r *reader) next() object {
	r.skip()
	if r.at >= len(r.raw) || r.depth > 100 {
		return end{}
	}
	r.depth++
	defer func() { r.depth-- }()
	switch b := r.raw[r.at]; {
	case b == '/':
		r.at++
		return name(r.word())
	case b == '(':
		return r.literal()
	case b == '[':
		r.at++
		return array(r.until("]"))
	case bytes.HasPrefix(r.raw[r.at:], []byte("<<")):
		r.at += 2
		return r.dictionary()
	case b == '<':
		return r.hexadecimal()
	case b == ']' || b == '>' || b == '{' || b == '}' || b == ')':
		r.at++
		return operator(b)
	}
	return r.bare()
}

// word reads up to a space or a delimiter.
func (r *reader) word() string {
	from := r.at
	for r.at < len(r.raw) && !isSpace(r.raw[r.at]) && bytes.IndexByte([]byte(delimiters), r.raw[r.at]) < 0 {
		r.at++
	}
	return string(r.raw[from:r.at])
}

// bare reads a number, a reference, a truth value or an operator.
func (r *reader) bare() object {
	word := r.word()
	if n, err := strconv.ParseFloat(word, 64); err == nil {
		if number, ok := r.reference(n); ok {
			return number
		}
		return n
	}
	switch word {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	case "":
		r.at++
	}
	return operator(word)
}

// reference says whether the number begins "12 0 R", and reads it.
func (r *reader) reference(n float64) (ref, bool) {
	rest := r.raw[r.at:min(r.at+12, len(r.raw))]
	if !bytes.HasPrefix(rest, []byte(" 0 R")) || n < 1 || n != float64(int(n)) || len(rest) > 4 && !isSpace(rest[4]) && bytes.IndexByte([]byte(delimiters), rest[4]) < 0 {
		return 0, false
	}
	r.at += 4
	return ref(n), true
}

// until reads objects up to the closing word.
func (r *reader) until(closing string) []object {
	all := []object{}
	for {
		r.skip()
		if r.keyword(closing) {
			return all
		}
		o := r.next()
		if _, over := o.(end); over {
			return all
		}
		all = append(all, o)
	}
}

func (r *reader) dictionary() dict {
	d := dict{}
	all := r.until(">>")
	for i := 0; i+1 < len(all); i += 2 {
		if key, is := all[i].(name); is {
			d[key] = all[i+1]
		}
	}
	return d
}

func (r *reader) hexadecimal() text {
	r.at++
	var digits []byte
	for r.at < len(r.raw) && r.raw[r.at] != '>' {
		if !isSpace(r.raw[r.at]) {
			digits = append(digits, r.raw[r.at])
		}
		r.at++
	}
	r.at++
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	decoded, err := hex.DecodeString(string(digits))
	if err != nil { // who reads it misses what it should say
		return ""
	}
	return text(decoded)
}

// literal reads a string in brackets. This program writes none with escapes of numbers.
func (r *reader) literal() text {
	var b []byte
	depth := 0
	for ; r.at < len(r.raw); r.at++ {
		switch c := r.raw[r.at]; {
		case c == '\\' && r.at+1 < len(r.raw):
			r.at++
			b = append(b, r.raw[r.at])
			continue
		case c == '(':
			depth++
			if depth == 1 {
				continue
			}
		case c == ')':
			depth--
		}
		if depth == 0 {
			r.at++
			break
		}
		b = append(b, r.raw[r.at])
	}
	return text(b)
}
