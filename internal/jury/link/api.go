package link

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
)

type none struct {
	Edition string `path:"edition" json:"-"`
}

type entryOut struct {
	Juror account.ID `json:"juror"`
	Name  string     `json:"name"`
	// Card and Letter say when the link of that way was made, null where there is none.
	Card   *time.Time `json:"card"`
	Letter *time.Time `json:"letter"`
	Opened *time.Time `json:"opened"`
}

type entriesOut struct {
	Jurors []entryOut `json:"jurors"`
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (p *pages) apiLinks(ctx context.Context, v *door.Visit, _ *none) (*entriesOut, error) {
	all, err := p.Entries(ctx, p.db, v.Edition.ID)
	out := &entriesOut{Jurors: []entryOut{}}
	for _, e := range all {
		out.Jurors = append(out.Jurors, entryOut{Juror: e.Juror.Account.ID, Name: e.Juror.Account.Name,
			Card: moment(e.Ways[Card].Made), Letter: moment(e.Ways[Letter].Made), Opened: moment(e.Opened())})
	}
	return out, err
}

type mailIn struct {
	Edition string       `path:"edition" json:"-"`
	Jurors  []account.ID `json:"jurors"` // none: all who have had no letter
}

func (p *pages) apiMail(ctx context.Context, v *door.Visit, in *mailIn) (*entriesOut, error) {
	if len(in.Jurors) == 0 {
		all, err := p.Entries(ctx, p.db, v.Edition.ID)
		if err != nil {
			return nil, err
		}
		in.Jurors = without(all, Letter)
	}
	if err := p.Mail(ctx, v.Actor, v.Edition.ID, in.Jurors); err != nil {
		return nil, err
	}
	return p.apiLinks(ctx, v, &none{})
}
