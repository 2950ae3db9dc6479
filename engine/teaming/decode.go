package teaming

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// wireInstance tells a max_teams that is missing from one that is 0.
type wireInstance struct {
	Instance
	Challenges []wireChallenge `json:"challenges"`
}

type wireChallenge struct {
	Challenge
	MaxTeams *int `json:"max_teams"`
}

// Decode reads a teams-instance/1 and validates it. Errors name the place: line and
// column where the text is not JSON, the JSON path where a value makes no sense.
// Unknown fields are ignored.
func Decode(data []byte) (Instance, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var wire wireInstance
	if err := json.Unmarshal(data, &wire); err != nil {
		return Instance{}, decodeError(data, err)
	}
	in := wire.Instance
	for _, c := range wire.Challenges {
		ch := c.Challenge
		ch.MaxTeams = Unlimited
		if c.MaxTeams != nil {
			ch.MaxTeams = *c.MaxTeams
		}
		in.Challenges = append(in.Challenges, ch)
	}
	if in.Format != Format {
		return Instance{}, fmt.Errorf("format: %q is not %q", in.Format, Format)
	}
	if err := Validate(in); err != nil {
		return Instance{}, err
	}
	return in, nil
}

// decodeError turns an offset into the line and column an organiser's editor shows.
func decodeError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
		if kind.Field != "" {
			err = fmt.Errorf("%s: a JSON %s cannot be read as %s", kind.Field, kind.Value, kind.Type)
		}
	}
	if offset < 0 {
		return fmt.Errorf("reading the instance: %w", err)
	}
	offset = min(offset, int64(len(data)))
	head := data[:offset]
	line := bytes.Count(head, []byte("\n")) + 1
	column := len(head) - bytes.LastIndexByte(head, '\n') - 1
	return fmt.Errorf("line %d, column %d: %w", line, max(column, 1), err)
}

// Limits of one instance. They keep every sum inside 64 bits and every trait of a
// team inside a few machine words.
const (
	maxPeople  = 200_000
	maxSkills  = 32
	maxTraits  = 64
	maxSlots   = 128
	maxWeight  = 1_000_000
	maxMeasure = 1_000_000
	maxChoices = 1_000
)

// Validate says whether Form can work on the instance, with the JSON path of the
// first value that makes no sense. It does not judge feasibility.
func Validate(in Instance) error {
	if err := validateFrame(in); err != nil {
		return err
	}
	challenges := map[string]bool{}
	for i, c := range in.Challenges {
		at := fmt.Sprintf("challenges[%d]", i)
		switch {
		case c.ID == "":
			return fmt.Errorf("%s.id: a challenge needs an id", at)
		case challenges[c.ID]:
			return fmt.Errorf("%s.id: %q is already the id of another challenge", at, c.ID)
		case c.MinTeams < 0 || c.MaxTeams < 0:
			return fmt.Errorf("%s: a number of teams cannot be negative", at)
		}
		challenges[c.ID] = true
		if err := validateLevels(at+".need", c.Need, len(in.Skills)); err != nil {
			return err
		}
	}
	seen := make(map[string]bool, len(in.People))
	for i, p := range in.People {
		at := fmt.Sprintf("people[%d]", i)
		switch {
		case p.ID == "":
			return fmt.Errorf("%s.id: a person needs an id", at)
		case seen[p.ID]:
			return fmt.Errorf("%s.id: %q is already the id of another person", at, p.ID)
		case p.Strength < -maxMeasure || p.Strength > maxMeasure:
			return fmt.Errorf("%s.strength: %d is out of range", at, p.Strength)
		case len(p.Slots) > maxSlots:
			return fmt.Errorf("%s.slots: %d time slots, at most %d can be read", at, len(p.Slots), maxSlots)
		}
		seen[p.ID] = true
		if err := validateLevels(at+".skills", p.Skills, len(in.Skills)); err != nil {
			return err
		}
	}
	for i, l := range in.Locks {
		if l.Team == "" {
			return fmt.Errorf("locks[%d].team: a lock names a team", i)
		}
	}
	return nil
}

func validateFrame(in Instance) error {
	s := in.Size
	switch {
	case s.Max < 1:
		return fmt.Errorf("size.max: %d; say how many people the largest team may have", s.Max)
	case s.Min < 0 || s.Min > s.Max:
		return fmt.Errorf("size.min: %d is not between 0 and size.max, %d", s.Min, s.Max)
	case s.Target < 0 || s.Target > maxMeasure || s.Max > maxMeasure:
		return fmt.Errorf("size: a team of up to %d with target %d is out of range", s.Max, s.Target)
	case len(in.People) > maxPeople:
		return fmt.Errorf("people: %d, at most %d can be read", len(in.People), maxPeople)
	case len(in.Skills) > maxSkills:
		return fmt.Errorf("skills: %d, at most %d can be read", len(in.Skills), maxSkills)
	case len(in.Mix) > maxTraits:
		return fmt.Errorf("mix: %d roles, at most %d can be read", len(in.Mix), maxTraits)
	case len(in.Isolate) > maxTraits:
		return fmt.Errorf("isolate: %d tags, at most %d can be read", len(in.Isolate), maxTraits)
	case len(in.Challenges) > maxChoices:
		return fmt.Errorf("challenges: %d, at most %d can be read", len(in.Challenges), maxChoices)
	case in.StrengthMean < -maxMeasure || in.StrengthMean > maxMeasure:
		return fmt.Errorf("strength_mean: %d is out of range", in.StrengthMean)
	case in.StrengthTolerance < 0 || in.StrengthTolerance > maxMeasure:
		return fmt.Errorf("strength_tolerance: %d is out of range", in.StrengthTolerance)
	case in.SlotsNeeded > maxMeasure:
		return fmt.Errorf("slots_needed: %d is out of range", in.SlotsNeeded)
	}
	w := in.Weights
	named := []struct {
		name  string
		value int64
	}{{"size", w.Size}, {"skill", w.Skill}, {"mix", w.Mix}, {"wish", w.Wish}, {"avoid", w.Avoid},
		{"isolation", w.Isolation}, {"balance", w.Balance}, {"slots", w.Slots}, {"move", w.Move},
		{"fair", w.Fair}, {"fair_over", w.FairOver}, {"unranked", w.Unranked}}
	for _, n := range named {
		if n.value < 0 || n.value > maxWeight {
			return fmt.Errorf("weights.%s: %d is not between 0 and %d", n.name, n.value, maxWeight)
		}
	}
	for k, v := range w.Pref {
		if v < 0 || v > maxWeight {
			return fmt.Errorf("weights.pref[%d]: %d is not between 0 and %d", k, v, maxWeight)
		}
	}
	return nil
}

func validateLevels(at string, levels []int, skills int) error {
	if len(levels) > skills {
		return fmt.Errorf("%s: %d levels for %d skills", at, len(levels), skills)
	}
	for k, v := range levels {
		if v < 0 || v > 4 {
			return fmt.Errorf("%s[%d]: level %d is not between 0 and 4", at, k, v)
		}
	}
	return nil
}
