package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"h48/engine/teaming"
)

// peopleColumns is the header of a CSV of people, in order.
var peopleColumns = []string{"id", "group", "role", "skills", "strength", "prefs", "excluded", "languages", "tags", "slots", "wants", "avoids", "never"}

// readPeople reads people from CSV: a header of peopleColumns, then a line a person, with
// ';' between values, '>' between ranks and skill:level for skills, whose order is given.
// Columns may be missing or in another order, except id. Errors name line and column.
func readPeople(data []byte, skills []string) ([]teaming.Person, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line 1: the header is missing; it begins with id")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the header: %w", err)
	}
	for k, name := range header {
		header[k] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(peopleColumns, header[k]) {
			return nil, fmt.Errorf("line 1, column %d: %q is not one of %s", k+1, name, strings.Join(peopleColumns, ", "))
		}
		if slices.Contains(header[:k], header[k]) {
			return nil, fmt.Errorf("line 1, column %d: %s stands twice", k+1, header[k])
		}
	}
	if !slices.Contains(header, "id") {
		return nil, fmt.Errorf("line 1: the column id is missing")
	}
	var people []teaming.Person
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the people: %w", err)
		}
		var p teaming.Person
		for k, value := range row {
			if err := setCell(&p, header[k], strings.TrimSpace(value), skills); err != nil {
				line, _ := r.FieldPos(k)
				return nil, fmt.Errorf("line %d, %s: %w", line, header[k], err)
			}
		}
		people = append(people, p)
	}
}

// setCell reads one cell.
func setCell(p *teaming.Person, column, value string, skills []string) (err error) {
	switch column {
	case "id":
		p.ID = value
	case "group":
		p.Group = value
	case "role":
		p.Role = value
	case "slots":
		p.Slots = value
	case "strength":
		if value != "" {
			p.Strength, err = strconv.Atoi(value)
		}
	case "skills":
		p.Skills, err = readSkills(value, skills)
	case "prefs":
		p.Prefs = split(value, ">")
	case "excluded":
		p.Excluded = split(value, ";")
	case "languages":
		p.Languages = split(value, ";")
	case "tags":
		p.Tags = split(value, ";")
	case "wants":
		p.Wants = split(value, ";")
	case "avoids":
		p.Avoids = split(value, ";")
	case "never":
		p.Never = split(value, ";")
	}
	return err
}

func readSkills(value string, skills []string) ([]int, error) {
	parts := split(value, ";")
	if len(parts) == 0 {
		return nil, nil
	}
	levels := make([]int, len(skills))
	for _, part := range parts {
		name, text, _ := strings.Cut(part, ":")
		k := slices.Index(skills, strings.TrimSpace(name))
		if k < 0 {
			return nil, fmt.Errorf("%q is not one of the skills %s", name, strings.Join(skills, ", "))
		}
		level, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || level < 0 || level > 4 {
			return nil, fmt.Errorf("%q does not give %s a level between 0 and 4", part, name)
		}
		levels[k] = level
	}
	return levels, nil
}

func split(value, separator string) []string {
	var out []string
	for _, part := range strings.Split(value, separator) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
