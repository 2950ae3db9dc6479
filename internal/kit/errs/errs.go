// Package errs gives errors a kind and words for people.
//
// A rule that refuses something answers with New: a kind, which becomes an HTTP status
// in one place (kit/web), and the key of a sentence in the catalogue. Every error that
// is not made here is internal: a reader sees a reference number and the log the chain.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal an error is.
type Kind int

// The kinds, in no order. Internal is what an error has that says nothing of itself.
const (
	Internal Kind = iota
	Invalid
	NotFound
	Conflict
	Forbidden
	Unauthenticated
	TooMany
	TooLarge
	Gone
)

// Error is a refusal with its words.
type Error struct {
	Kind Kind
	// Key names the sentence in the catalogue, Args its arguments in pairs.
	Key  string
	Args []any
}

func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return e.Key
	}
	return fmt.Sprintf("%s %v", e.Key, e.Args)
}

// Is makes two refusals with the same key the same error, so that a sentinel made with
// New can be compared with errors.Is whatever its arguments.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Key == e.Key
}

// New returns a refusal of the kind with the sentence of the key; args come in pairs of
// a name and a value.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// KindOf returns the kind of the first refusal in the chain; Invalid for Fields, and
// Internal where there is none.
func KindOf(err error) Kind {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Kind
	}
	var fields Fields
	if errors.As(err, &fields) {
		return Invalid
	}
	return Internal
}

// Is says whether the error is of the kind; never for nil.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Field is what is wrong with one field of a form.
type Field struct {
	Name string
	Key  string
	Args []any
}

// Fields is a refused input: what is wrong, beside each field. A nil Fields is no error
// until Err is asked.
type Fields []Field

// Add notes that the field is wrong for the reason of the key.
func (f *Fields) Add(name, key string, args ...any) {
	*f = append(*f, Field{Name: name, Key: key, Args: args})
}

// Err returns the fields as an error, or nil where nothing is wrong.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

func (f Fields) Error() string {
	parts := make([]string, len(f))
	for i, field := range f {
		parts[i] = field.Name + ": " + field.Key
	}
	return strings.Join(parts, "; ")
}

// Of returns what is wrong with the named field, if anything.
func (f Fields) Of(name string) (Field, bool) {
	for _, field := range f {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

// Wrap adds what was being done to the error that a function is about to return. It is
// for the first line of a function with a named error result:
//
//	defer errs.Wrap(&err, "claiming request %s", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
