package door

import (
	"reflect"
	"regexp"
	"strings"
	"time"
)

// schema is a JSON Schema, as far as our types need it.
type schema map[string]any

var pathWord = regexp.MustCompile(`\{([a-z]+)\}`)

// OpenAPI is the reference of the API (OpenAPI 3.1), written from the table of routes.
func (d *Door) OpenAPI(server string) map[string]any {
	paths := map[string]map[string]any{}
	for _, route := range d.routes {
		if route.Operation == nil {
			continue
		}
		if paths[route.Pattern] == nil {
			paths[route.Pattern] = map[string]any{}
		}
		paths[route.Pattern][strings.ToLower(route.Method)] = operation(route)
	}
	return map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "H48", "version": "1"},
		"servers": []any{map[string]any{"url": server}},
		"paths":   paths,
		"components": map[string]any{"securitySchemes": map[string]any{
			"session": map[string]any{"type": "http", "scheme": "bearer"},
		}},
	}
}

func operation(route Route) map[string]any {
	op := route.Operation
	described := map[string]any{
		"summary":     op.Summary,
		"description": "For: " + route.Rule.String() + ".",
		"parameters":  parameters(route),
		"responses": map[string]any{
			"200":     map[string]any{"description": "Done", "content": jsonContent(schemaOf(op.Out, nil))},
			"default": map[string]any{"description": "A problem (RFC 9457)", "content": map[string]any{"application/problem+json": map[string]any{}}},
		},
	}
	if body := schemaOf(op.In, isBody); route.Method != "GET" && len(body["properties"].(map[string]any)) > 0 {
		described["requestBody"] = map[string]any{"content": jsonContent(body)}
	}
	if route.Rule.name != "anyone" {
		described["security"] = []any{map[string]any{"session": []any{}}}
	}
	return described
}

func jsonContent(s schema) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": s}}
}

func parameters(route Route) []any {
	list := []any{}
	for _, m := range pathWord.FindAllStringSubmatch(route.Pattern, -1) {
		list = append(list, map[string]any{"name": m[1], "in": "path", "required": true, "schema": schema{"type": "string"}})
	}
	for i := range route.Operation.In.NumField() {
		field := route.Operation.In.Field(i)
		if name := field.Tag.Get("query"); name != "" {
			list = append(list, map[string]any{"name": name, "in": "query", "schema": schemaOf(field.Type, nil)})
		}
	}
	return list
}

func isBody(f reflect.StructField) bool { return f.Tag.Get("path") == "" && f.Tag.Get("query") == "" }

// schemaOf describes a type as encoding/json writes it; keep chooses among the fields of
// the outermost struct.
func schemaOf(t reflect.Type, keep func(reflect.StructField) bool) schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return schema{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return schemaOf(t.Elem(), keep)
	case t.Kind() == reflect.Slice:
		return schema{"type": "array", "items": schemaOf(t.Elem(), nil)}
	case t.Kind() == reflect.Map:
		return schema{"type": "object", "additionalProperties": schemaOf(t.Elem(), nil)}
	case t.Kind() == reflect.Struct:
		return structSchema(t, keep)
	case t.Kind() == reflect.Bool:
		return schema{"type": "boolean"}
	case t.Kind() == reflect.String:
		return schema{"type": "string"}
	case t.Kind() == reflect.Float64:
		return schema{"type": "number"}
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return schema{"type": "integer"}
	}
	return schema{}
}

func structSchema(t reflect.Type, keep func(reflect.StructField) bool) schema {
	properties := map[string]any{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" || (keep != nil && !keep(field)) {
			continue
		}
		if name == "" {
			name = field.Name
		}
		properties[name] = schemaOf(field.Type, nil)
	}
	return schema{"type": "object", "properties": properties}
}
