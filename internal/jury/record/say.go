package record

import (
	_ "embed"

	"h48/internal/kit/i18n"
)

// Words are the texts of the record.
//
//go:embed words.json
var Words []byte

// Say is the report in a reader's words, a sentence a line: first whether all is well.
func (r Report) Say(l i18n.Locale) []string {
	if !r.Good() {
		lines := []string{l.T("record.refused", "n", len(r.Findings))}
		for _, f := range r.Findings {
			lines = append(lines, l.T(f.Key, f.Args...))
		}
		return lines
	}
	lines := []string{l.T("record.verified", "title", r.Title), l.T("record.verified_chain", "n", r.Head.N, "hash", r.Head.Hash),
		l.T("record.verified_marks", "n", r.Marks)}
	if r.Winner != "" {
		lines = append(lines, l.T("record.verified_ranking", "team", r.Winner))
	}
	if r.Rankings > 0 {
		lines = append(lines, l.T("record.verified_published", "n", r.Rankings))
	}
	if r.Prizes > 0 {
		lines = append(lines, l.T("record.verified_prizes", "n", r.Prizes))
	}
	if r.Printed > 0 {
		lines = append(lines, l.T("record.verified_printed", "n", r.Printed))
	}
	return lines
}
