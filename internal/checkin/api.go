package checkin

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/once"
)

type passIn struct {
	Edition string `path:"edition" json:"-"`
	// Code is a badge's code or address; Account may be given instead.
	Code    string `json:"code"`
	Account string `json:"account"`
	// Way is "in" (the default) or "out".
	Way     string `json:"way"`
	Station string `json:"station"`
	// ActionID makes the pass count once however often it is sent, ActedAt says when it
	// happened.
	ActionID string    `json:"action_id"`
	ActedAt  time.Time `json:"acted_at"`
}

type passOut struct {
	Pass   string    `json:"pass"`
	Result string    `json:"result"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Alarm  bool      `json:"alarm"`
}

func (h *handlers) apiPass(ctx context.Context, v *door.Visit, in *passIn) (*passOut, error) {
	a := once.Action{At: in.ActedAt}
	if in.ActionID != "" {
		a.ID = string(v.Actor.ID) + "/" + in.ActionID
	}
	out, err := h.Check(ctx, v.Actor, v.Edition.ID, Seen{Code: in.Code, Account: account.ID(in.Account), Way: Way(in.Way), Station: in.Station}, a)
	if err != nil {
		return nil, err
	}
	return &passOut{Pass: out.Pass, Result: string(out.Result), Name: out.Person.Name, At: out.At, Alarm: out.Alarm}, nil
}

type presencesIn struct {
	Edition string `path:"edition" json:"-"`
}

type presencesOut struct {
	Expected int  `json:"expected"`
	Arrived  int  `json:"arrived"`
	Inside   int  `json:"inside"`
	Max      int  `json:"max"`
	Doubles  int  `json:"doubles"`
	Alarm    bool `json:"alarm"`
}

func (h *handlers) apiPresences(ctx context.Context, v *door.Visit, _ *presencesIn) (*presencesOut, error) {
	sum, err := h.Summary(ctx, h.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	return &presencesOut{Expected: sum.Expected, Arrived: sum.Arrived, Inside: sum.Inside, Max: sum.Max, Doubles: sum.Doubles, Alarm: sum.Alarm()}, nil
}
