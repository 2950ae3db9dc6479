package ical

import "strings"

// line is a content line, unfolded, and where it begins.
type line struct {
	number int
	text   string
}

// unfold joins the lines that begin with a space or a tab to those before them. Bytes
// that are not UTF-8 are replaced: folding may have cut a character, so after joining.
func unfold(raw []byte) []line {
	text := strings.TrimPrefix(string(raw), "\ufeff")
	var lines []line
	var open []string // the parts of the last line
	closeLine := func() {
		if len(open) > 0 {
			lines[len(lines)-1].text = strings.ToValidUTF8(strings.Join(open, ""), "\ufffd")
		}
		open = nil
	}
	number := 0
	for part := range strings.SplitSeq(text, "\n") {
		number++
		part = strings.TrimSuffix(part, "\r")
		if len(open) > 0 && part != "" && (part[0] == ' ' || part[0] == '\t') {
			open = append(open, part[1:])
			continue
		}
		closeLine()
		if strings.TrimSpace(part) != "" {
			lines = append(lines, line{number: number})
			open = append(open, part)
		}
	}
	closeLine()
	return lines
}

// property is one content line taken apart (RFC 5545, 3.1). Of the parameters only the
// two that tell what a time means are kept.
type property struct {
	line        int
	name, value string
	zone, kind  string // TZID and VALUE
}

// parseLine reads NAME;PARAM=value;PARAM="quoted":VALUE.
func parseLine(text string) (property, bool) {
	end := strings.IndexAny(text, ";:")
	if end <= 0 {
		return property{}, false
	}
	p := property{name: strings.ToUpper(text[:end])}
	rest := text[end:]
	for strings.HasPrefix(rest, ";") {
		name, value, after, ok := parseParam(rest[1:])
		if !ok {
			return property{}, false
		}
		switch strings.ToUpper(name) {
		case "TZID":
			p.zone = value
		case "VALUE":
			p.kind = strings.ToUpper(value)
		}
		rest = after
	}
	if !strings.HasPrefix(rest, ":") {
		return property{}, false
	}
	p.value = rest[1:]
	return p, true
}

// parseParam reads NAME=value up to the next semicolon or colon outside quotation marks.
func parseParam(text string) (name, value, rest string, ok bool) {
	name, text, ok = strings.Cut(text, "=")
	if !ok || name == "" || strings.ContainsAny(name, `:;"`) {
		return "", "", "", false
	}
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == ':'):
			return name, strings.Trim(text[:i], `"`), text[i:], true
		}
	}
	return "", "", "", false
}

// unescape undoes the escapes of a text; a backslash before anything else is dropped.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
