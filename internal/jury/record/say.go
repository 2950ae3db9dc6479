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
		lines := []string{l.N("record.refused", len(r.Findings))}
		for _, f := range r.Findings {
			lines = append(lines, l.T(f.Key, f.Args...))
		}
		return lines
	}
	lines := []string{l.T("record.verified", "title", r.Title), l.T("record.verified_chain", "n", r.Head.N, "hash", r.Head.Hash),
		l.N("record.verified_marks", r.Marks)}
	if r.Winner != "" {
		lines = append(lines, l.T("record.verified_ranking", "team", r.Winner))
	}
	count := func(n int, line string) {
		if n > 0 {
			lines = append(lines, line)
		}
	}
	count(r.Compared, l.N("record.verified_compared", r.Compared))
	count(r.Panels, l.N("record.verified_panels", r.Panels))
	count(r.Rankings, l.N("record.verified_published", r.Rankings))
	count(r.Amended, l.N("record.verified_amended", r.Amended))
	count(r.Prizes, l.N("record.verified_prizes", r.Prizes))
	count(r.Signed, l.N("record.verified_signed", r.Signed))
	if r.Printed > 0 {
		lines = append(lines, l.T("record.verified_printed", "n", r.Printed))
	}
	return lines
}
