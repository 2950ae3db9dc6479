package jury

import (
	"fmt"
	"regexp"
	"strings"

	"h48/internal/ui"
)

// Title is what was changed, in the reader's words.
func (a Amendment) Title(l ui.Locale) string { return l.T("jury.amended." + a.What) }

// Was is the rule before the change, Is the rule after it, in the reader's words. They
// name no juror: everybody may read them.
func (a Amendment) Was(l ui.Locale) []string { return sayRule(l, a.What, a.Before) }

// Is is the rule after the change, see Was.
func (a Amendment) Is(l ui.Locale) []string { return sayRule(l, a.What, a.After) }

// sayRule reads what String and text wrote into the trail; what it does not know it
// leaves as it stands.
func sayRule(l ui.Locale, what, text string) []string {
	switch what {
	case "setup":
		if s, ok := readSetup(text); ok {
			return []string{s.Say(l)}
		}
	case "ladder":
		var lines []string
		for _, step := range readRungs(text) {
			lines = append(lines, step.Say(l))
		}
		return lines
	case "panel":
		if lines := sayPanel(l, text); lines != nil {
			return lines
		}
	}
	return strings.Split(text, "\n")
}

// readSetup reads what Setup.String wrote.
func readSetup(text string) (s Setup, ok bool) {
	_, err := fmt.Sscanf(strings.ReplaceAll(text, ",", " ,"), "%s by %s , %d min in %d , floor %d , finalists %d of %d min",
		&s.Format, &s.Way, &s.Minutes, &s.Window, &s.Floor, &s.Finalists, &s.FinalMinutes)
	return s, err == nil && s.check() == nil
}

// Say is the setup as organisers, jurors and the public read it.
func (s Setup) Say(l ui.Locale) string {
	return l.T("jury.format.is."+string(s.Format)) + " " + s.how(l)
}

func (s Setup) how(l ui.Locale) string {
	text := l.T("jury.format.way." + string(s.Way))
	if s.Minutes > 0 {
		text += " " + l.N("jury.format.minutes_each."+string(s.Format), s.Minutes)
	}
	if s.Floor > 0 && s.Format == Expo {
		text += " " + l.N("jury.format.floor_text", s.Floor)
	}
	if s.Finalists > 0 {
		text += " " + l.T("jury.format.finalists_text", "n", s.Finalists)
	}
	return text
}

// Say is how the round is set up, as organisers, jurors and the public read it.
func (r Round) Say(l ui.Locale) string {
	if r.Final() {
		return l.T("jury.format.is_final", "n", len(r.Teams)) + " " + r.how(l)
	}
	return r.Setup.Say(l)
}

var rung = regexp.MustCompile(`([a-z_]+)(?: \(((?:[^()]|\([^()]*\))*)\))?(?:, |$)`)

// readRungs reads what Ladder.String wrote.
func readRungs(text string) (l Ladder) {
	for _, m := range rung.FindAllStringSubmatch(text, -1) {
		l = append(l, Step{Kind: StepKind(m[1]), Name: m[2]})
	}
	return l
}

var panelText = regexp.MustCompile(`(?s)^(.*): (all|challenge|chosen) ?([^;]*); jurors ([^;]*); limited ([^;]*)$`)

// sayPanel reads what Panel.text wrote: the prize, who may win, and how many judge it.
func sayPanel(l ui.Locale, text string) []string {
	m := panelText.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	who := l.T("jury.panel.for_all")
	switch Eligible(m[2]) {
	case OfChallenge:
		who = l.T("jury.panel.who.challenge")
	case ChosenTeams:
		who = l.N("jury.panel.for_chosen", listed(m[3]))
	case AllTeams:
	}
	by := l.T("jury.panel.whole")
	if n := listed(m[4]); n > 0 {
		by = l.N("jury.panel.by_number", n, "limited", listed(m[5]))
	}
	return []string{m[1], who, by}
}

func listed(ids string) int {
	if ids == "" {
		return 0
	}
	return strings.Count(ids, ", ") + 1
}
