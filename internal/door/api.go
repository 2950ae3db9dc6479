package door

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"

	"h48/internal/kit/errs"
)

// Operation describes a route of the API for its reference.
type Operation struct {
	Summary string
	In, Out reflect.Type
}

// Endpoint is a use case as the API offers it: made by Op, registered by Door.API.
type Endpoint struct {
	in, out reflect.Type
	serve   Handler
}

// Op makes an endpoint of a use case. In is a struct; its fields come from the address
// (`path:"request"`, `query:"q"`: texts and whole numbers) and the others from the JSON
// body. A nil Out answers 204.
func Op[In, Out any](run func(ctx context.Context, v *Visit, in *In) (*Out, error)) Endpoint {
	return Endpoint{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		serve: func(w http.ResponseWriter, r *http.Request, v *Visit) error {
			var in In
			if err := decode(r, &in); err != nil {
				return err
			}
			out, err := run(r.Context(), v, &in)
			if err != nil {
				return err
			}
			if out == nil {
				w.WriteHeader(http.StatusNoContent)
				return nil
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Cache-Control", "no-store")
			if err := json.NewEncoder(w).Encode(out); err != nil {
				return fmt.Errorf("writing the answer: %w", err)
			}
			return nil
		}}
}

// API registers a use case; the pattern stands under /api/v1.
func (d *Door) API(method, pattern string, rule Rule, summary string, e Endpoint) {
	d.handle(method, pattern, rule, &Operation{Summary: summary, In: e.in, Out: e.out}, e.serve)
}

// decode fills the struct that in points to from the body and the address.
func decode(r *http.Request, in any) error {
	if r.Method != http.MethodGet && r.Method != http.MethodDelete {
		reader := json.NewDecoder(r.Body)
		reader.DisallowUnknownFields()
		err := reader.Decode(in)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF): // no body: all fields at their zero value
		case errors.As(err, &tooLarge):
			return err
		case err != nil:
			return wrongJSON(err)
		}
	}
	value := reflect.ValueOf(in).Elem()
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, text := "", ""
		if name = field.Tag.Get("path"); name != "" {
			text = r.PathValue(name)
		} else if name = field.Tag.Get("query"); name != "" {
			text = r.URL.Query().Get(name)
		}
		if name == "" || text == "" {
			continue
		}
		if err := set(value.Field(i), text); err != nil {
			return errs.Fields{{Name: name, Key: "error.number"}}
		}
	}
	return nil
}

func wrongJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return errs.Fields{{Name: wrongType.Field, Key: "error.json"}}
	}
	return errs.New(errs.Invalid, "error.json")
}

func set(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		v.SetInt(n)
	default:
		return fmt.Errorf("an address cannot hold a %s", v.Kind())
	}
	return nil
}
