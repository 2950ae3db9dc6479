package rehearsal

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"h48/internal/jury/record"
	"h48/internal/kit/i18n"
)

// checkRecord verifies the jury's record as anybody can: marks, ranking, award and
// signatures belong together.
func (r *Rehearsal) checkRecord(ctx context.Context) error {
	var file bytes.Buffer
	if err := r.app.Record.Write(ctx, r.e.ID, &file, nil); err != nil {
		return err
	}
	report, err := record.Check(ctx, &file, "")
	if err != nil {
		return err
	}
	if !report.Good() || report.Rankings == 0 || report.Prizes == 0 {
		return fmt.Errorf("the jury's record: %s", strings.Join(report.Say(r.app.Words.Locale(i18n.English)), "; "))
	}
	return nil
}
