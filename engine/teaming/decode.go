package teaming

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"h48/engine/place"
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

// Decode reads a teams-instance/1 and validates it. Errors name the line and column, and
// the JSON path of a value that makes no sense. Unknown fields are ignored; a field that
// stands twice is refused.
func Decode(data []byte) (Instance, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var wire wireInstance
	if err := json.Unmarshal(data, &wire); err != nil {
		return Instance{}, decodeError(data, err)
	}
	if name, at, twice := place.Twice(data); twice {
		return Instance{}, fmt.Errorf("line %d, column %d: the field %q stands twice", at.Line, at.Column, name)
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
		return Instance{}, placed(data, misfitAt("format", "%q is not %q", in.Format, Format))
	}
	if err := Validate(in); err != nil {
		return Instance{}, placed(data, err)
	}
	return in, nil
}

// decodeError turns an offset into the line and column an organiser's editor shows.
func decodeError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var offset int64
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("line 1, column 1: it is empty")
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
		if field := strings.TrimPrefix(kind.Field, "Instance."); field != "" {
			err = fmt.Errorf("%s: a JSON %s cannot be read as %s", field, kind.Value, kind.Type)
		}
	default:
		return fmt.Errorf("reading the instance: %w", err)
	}
	at := place.At(data, int(offset)-1)
	return fmt.Errorf("line %d, column %d: %w", at.Line, at.Column, err)
}

// misfit is a value that makes no sense, by its JSON path.
type misfit struct{ path, why string }

func (e *misfit) Error() string { return e.path + ": " + e.why }

func misfitAt(path, format string, args ...any) error {
	return &misfit{path, fmt.Sprintf(format, args...)}
}

// placed says in which line and column of the text a misfit stands.
func placed(data []byte, err error) error {
	var m *misfit
	if !errors.As(err, &m) {
		return err
	}
	at, found := place.Find(data, m.path)
	if !found {
		return err
	}
	return fmt.Errorf("line %d, column %d: %w", at.Line, at.Column, err)
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
			return misfitAt(at+".id", "a challenge needs an id")
		case challenges[c.ID]:
			return misfitAt(at+".id", "%q is already the id of another challenge", c.ID)
		case c.MinTeams < 0 || c.MaxTeams < 0:
			return misfitAt(at, "a number of teams cannot be negative")
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
			return misfitAt(at+".id", "a person needs an id")
		case seen[p.ID]:
			return misfitAt(at+".id", "%q is already the id of another person", p.ID)
		case p.Strength < -maxMeasure || p.Strength > maxMeasure:
			return misfitAt(at+".strength", "%d is out of range", p.Strength)
		case len(p.Slots) > maxSlots:
			return misfitAt(at+".slots", "%d time slots, at most %d can be read", len(p.Slots), maxSlots)
		}
		seen[p.ID] = true
		if err := validateLevels(at+".skills", p.Skills, len(in.Skills)); err != nil {
			return err
		}
	}
	for i, l := range in.Locks {
		if l.Team == "" {
			return misfitAt(fmt.Sprintf("locks[%d].team", i), "a lock names a team")
		}
	}
	return nil
}

func validateFrame(in Instance) error {
	s := in.Size
	switch {
	case s.Max < 1:
		return misfitAt("size.max", "%d; say how many people the largest team may have", s.Max)
	case s.Min < 0 || s.Min > s.Max:
		return misfitAt("size.min", "%d is not between 0 and size.max, %d", s.Min, s.Max)
	case s.Target < 0 || s.Target > maxMeasure || s.Max > maxMeasure:
		return misfitAt("size", "a team of up to %d with target %d is out of range", s.Max, s.Target)
	case len(in.People) > maxPeople:
		return misfitAt("people", "%d, at most %d can be read", len(in.People), maxPeople)
	case len(in.Skills) > maxSkills:
		return misfitAt("skills", "%d, at most %d can be read", len(in.Skills), maxSkills)
	case len(in.Mix) > maxTraits:
		return misfitAt("mix", "%d roles, at most %d can be read", len(in.Mix), maxTraits)
	case len(in.Isolate) > maxTraits:
		return misfitAt("isolate", "%d tags, at most %d can be read", len(in.Isolate), maxTraits)
	case len(in.Challenges) > maxChoices:
		return misfitAt("challenges", "%d, at most %d can be read", len(in.Challenges), maxChoices)
	case in.StrengthMean < -maxMeasure || in.StrengthMean > maxMeasure:
		return misfitAt("strength_mean", "%d is out of range", in.StrengthMean)
	case in.StrengthTolerance < 0 || in.StrengthTolerance > maxMeasure:
		return misfitAt("strength_tolerance", "%d is out of range", in.StrengthTolerance)
	case in.SlotsNeeded > maxMeasure:
		return misfitAt("slots_needed", "%d is out of range", in.SlotsNeeded)
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
			return misfitAt("weights."+n.name, "%d is not between 0 and %d", n.value, maxWeight)
		}
	}
	for k, v := range w.Pref {
		if v < 0 || v > maxWeight {
			return misfitAt(fmt.Sprintf("weights.pref[%d]", k), "%d is not between 0 and %d", v, maxWeight)
		}
	}
	return nil
}

func validateLevels(at string, levels []int, skills int) error {
	if len(levels) > skills {
		return misfitAt(at, "%d levels for %d skills", len(levels), skills)
	}
	for k, v := range levels {
		if v < 0 || v > 4 {
			return misfitAt(fmt.Sprintf("%s[%d]", at, k), "level %d is not between 0 and 4", v)
		}
	}
	return nil
}
