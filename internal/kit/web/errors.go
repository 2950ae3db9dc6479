package web

import (
	"errors"

	"h48/internal/kit/errs"
)

// Refusal returns the refusal in the chain of the error, if there is one.
func Refusal(err error) (*errs.Error, bool) {
	var e *errs.Error
	ok := errors.As(err, &e)
	return e, ok
}

// Fields returns what is wrong with each field, if the error says so.
func Fields(err error) errs.Fields {
	var f errs.Fields
	errors.As(err, &f)
	return f
}
