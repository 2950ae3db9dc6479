package planning

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
)

// PitchFormat is the name of the pitch instance's format.
const PitchFormat = "pitch-instance/1"

// PitchInstance asks for a pitch order. Secret is the hexadecimal secret behind
// Commit; it stays out of what is published before the draw.
type PitchInstance struct {
	Format string      `json:"format"`
	Name   string      `json:"name"`
	Commit string      `json:"commit"`
	Public string      `json:"public"`
	Secret string      `json:"secret,omitempty"`
	Teams  []PitchTeam `json:"teams"`
	Before [][2]string `json:"before,omitempty"`
}

// PitchSolution is a drawn order with the secret revealed.
type PitchSolution struct {
	Secret string   `json:"secret"`
	Order  []string `json:"order"`
}

// DecodePitch reads a pitch-instance/1. Practice instances carry their secret as
// secret_for_test, which is read when there is no secret.
func DecodePitch(data []byte) (*PitchInstance, error) {
	var in struct {
		PitchInstance
		Practice string `json:"secret_for_test"`
	}
	var sizes struct{ Before []Size }
	if err := Read(data, PitchFormat, &in, &sizes); err != nil {
		return nil, err
	}
	if in.Secret == "" {
		in.Secret = in.Practice
	}
	if err := Pairs("before", "ids", sizes.Before); err != nil {
		return nil, Placed(data, err)
	}
	if err := in.validate(); err != nil {
		return nil, Placed(data, err)
	}
	return &in.PitchInstance, nil
}

func (in *PitchInstance) validate() error {
	ids := make([]string, len(in.Teams))
	for i, t := range in.Teams {
		ids[i] = t.ID
		field := fmt.Sprintf("teams[%d]", i)
		if err := errors.Join(
			Bounded(field+".earliest", t.Earliest, 0, MaxNumber),
			Bounded(field+".latest", t.Latest, 0, MaxNumber)); err != nil {
			return err
		}
	}
	at, err := Index("teams", ids)
	if err != nil {
		return err
	}
	for i, b := range in.Before {
		for _, id := range b {
			if _, known := at[id]; !known {
				return Misfit(fmt.Sprintf("before[%d]", i), "unknown team %q", id)
			}
		}
	}
	return nil
}

// SolvePitch draws the order. The instance needs its secret, and the secret must
// be the one committed to.
func SolvePitch(ctx context.Context, in *PitchInstance, o Options) (*PitchSolution, error) {
	secret, err := in.secret(in.Secret)
	if err != nil {
		return nil, err
	}
	order, err := draw(ctx, secret, in.Public, in.Teams, in.Before)
	if err != nil {
		return nil, err
	}
	o.Report(1, 0)
	return &PitchSolution{Secret: in.Secret, Order: order}, nil
}

// CheckPitch recomputes the draw from the secret that the solution reveals.
func CheckPitch(in *PitchInstance, s *PitchSolution) error {
	secret, err := in.secret(s.Secret)
	if err != nil {
		return err
	}
	return Verify(in.Commit, secret, in.Public, in.Teams, in.Before, s.Order)
}

func (in *PitchInstance) secret(text string) ([]byte, error) {
	if text == "" {
		return nil, Misfit("secret", "missing; the draw needs the secret behind the commitment")
	}
	secret, err := hex.DecodeString(text)
	if err != nil {
		return nil, Misfit("secret", "not hexadecimal: %v", err)
	}
	if Commit(secret) != in.Commit {
		return nil, Misfit("secret", "its SHA-256 is %s, the commitment is %q", Commit(secret), in.Commit)
	}
	return secret, nil
}
