package cli

import (
	"errors"
	"fmt"
	"os"

	"h48/internal/jury/record"
	"h48/internal/kit/i18n"
)

// Verify is `h48 verify`: whether marks, ranking and award of a record belong together.
type Verify struct {
	File string `arg:"" help:"The record of the jury, as its page of exports gives it." type:"path"`
	Head string `help:"A fingerprint that was published: say where in the trace it stands." placeholder:"HASH"`
	Lang string `help:"The language of the answer, fr or en." env:"LANG" placeholder:"LANG"`
}

// Run reads the record without network or database. It exits with 1 where something does
// not belong to the rest, and with 2 where the file is no record.
func (c *Verify) Run(r *Run) error {
	words, err := i18n.New(record.Words)
	if err != nil {
		return err
	}
	lang := i18n.English
	if len(c.Lang) >= 2 {
		if asked, known := i18n.ParseLang(c.Lang[:2]); known {
			lang = asked
		}
	}
	l := words.Locale(lang)
	f, err := os.Open(c.File)
	if err != nil {
		return Exit{Code: 2, Err: fmt.Errorf("opening the record: %w", err)}
	}
	defer f.Close()
	report, err := record.Check(r.Context, f, c.Head)
	if errors.Is(err, record.ErrNoRecord) {
		return Exit{Code: 2, Err: errors.New(l.T("record.no_record", "file", c.File))}
	}
	if err != nil {
		return Exit{Code: 2, Err: err}
	}
	for _, line := range report.Say(l) {
		if _, err := fmt.Fprintln(r.Out, line); err != nil {
			return fmt.Errorf("saying what was found: %w", err)
		}
	}
	if !report.Good() {
		return Exit{Code: 1, Err: errors.New(l.N("record.refused", len(report.Findings)))}
	}
	return nil
}
