package rehearsal

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"time"

	"h48/internal/app"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
	"h48/internal/registration"
)

// calendar is the programme of the event in Amiens.
//
//go:embed amiens/programme.ics
var calendar []byte

// start is when the clock opened in Amiens: the Saturday that the published account
// names. The hours of the day are ours.
func start(zone *time.Location) time.Time { return time.Date(2018, 5, 19, 9, 0, 0, 0, zone) }

// announce makes the edition, puts it on a clock of its own and publishes its page.
func (r *Rehearsal) announce(ctx context.Context) error {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return fmt.Errorf("finding the zone: %w", err)
	}
	boss, err := r.app.Accounts.MakeAdmin(ctx, "olympe.exemple@example.org", "Olympe Exemple", i18n.French)
	if err != nil {
		return fmt.Errorf("naming the organiser: %w", err)
	}
	r.boss = boss.Actor()
	l := r.app.Words.Locale(i18n.French)
	plan := app.Plan{Preset: "landlord", Prize: 5_000_00, Edition: edition.Edition{
		Slug: r.slug(), Kind: edition.Hackathon, Name: "Hackathon de l’habitat", Tagline: l.T("rehearsal.tagline"),
		Theme: l.T("rehearsal.theme"), Host: "Un bailleur social d’Amiens", Place: "Amiens", Contact: "contact@example.org",
		Zone: zone, Lang: i18n.French, Seats: r.cfg.Participants, TeamMin: 3, TeamMax: 5, Grace: time.Minute,
		Words: map[string]string{"edition.role.crew": "G.O"}}}
	plan.Edition.At = r.moments(start(zone))
	if r.e, err = r.app.Found(ctx, r.boss, plan); err != nil {
		return fmt.Errorf("founding the edition: %w", err)
	}
	opens := r.e.At[edition.RegistrationOpens]
	if err := r.app.Editions.SetClock(ctx, r.boss, r.e.ID, func(_ clock.Pace, wall time.Time) clock.Pace {
		return clock.Pace{Base: opens.Add(-time.Hour), Since: wall, Speed: 1, Paused: true}
	}); err != nil {
		return fmt.Errorf("starting the rehearsal's clock: %w", err)
	}
	return r.app.Editions.Publish(ctx, r.boss, r.e.ID)
}

// slug is "amiens-2018", or one that tells another event from it.
func (r *Rehearsal) slug() string {
	if r.cfg.Participants == amiens {
		return "amiens-2018"
	}
	return fmt.Sprintf("repetition-%d-%d", r.cfg.Participants, r.cfg.Seed)
}

// pitchSlot is how much of the stage's time one team takes, the change included.
const pitchSlot = 5 * time.Minute

// moments are the template's, with as much time for the pitches as the teams need.
func (r *Rehearsal) moments(at time.Time) map[edition.Moment]time.Time {
	m := map[edition.Moment]time.Time{
		edition.RegistrationOpens: at.AddDate(0, 0, -60), edition.RegistrationCloses: at.AddDate(0, 0, -2),
		edition.Doors: at.Add(-90 * time.Minute), edition.Teams: at.Add(-45 * time.Minute), edition.Starts: at,
		edition.HandIn: at.Add(48 * time.Hour), edition.Pitches: at.Add(49 * time.Hour)}
	stage := max(2*time.Hour, time.Duration(r.cfg.Participants/3+1)*pitchSlot)
	m[edition.Deliberation] = m[edition.Pitches].Add(stage)
	m[edition.Results] = m[edition.Deliberation].Add(time.Hour)
	m[edition.Ends] = m[edition.Results].Add(2 * time.Hour)
	return m
}

// script writes the acts whose moments are known from the start; they write those that
// follow from what happens.
func (r *Rehearsal) script() {
	opens := r.e.At[edition.RegistrationOpens]
	r.at(opens, "naming mentors, speakers, jurors and crew", r.invite)
	r.at(opens.Add(time.Hour), "importing the programme from a calendar file", r.importProgramme)
	r.at(opens.AddDate(0, 0, 7), "importing the registrations from a file", r.importPeople)
	r.at(opens.AddDate(0, 0, 21), "registering by the form and the letter", r.registerLate)
	r.at(opens.AddDate(0, 0, 40), "somebody cannot come", r.declineOne)
	r.at(r.e.At[edition.Doors].AddDate(0, 0, -1), "receiving the cups", r.receiveCups)
	r.at(r.e.At[edition.Doors], "opening the doors", r.openDoors)
	r.at(r.e.At[edition.Teams], "forming the teams", r.formTeams)
	r.at(r.e.At[edition.Starts], "opening the clock", r.openClock)
	r.scriptCrew()
	r.scriptMeetings()
	r.scriptWork()
	r.scriptEnd()
}

// invite gives everybody but the participants their roles.
func (r *Rehearsal) invite(ctx context.Context) error {
	groups := []struct {
		people []person
		role   edition.Role
	}{{r.cast.mentors, edition.Mentor}, {r.cast.speakers, edition.Speaker}, {r.cast.jurors, edition.Juror}, {r.cast.crew, edition.Crew}}
	for _, g := range groups {
		for i := range g.people {
			if err := r.grant(ctx, &g.people[i], g.role); err != nil {
				return err
			}
		}
	}
	if err := r.grant(ctx, &r.cast.partner, edition.Partner); err != nil {
		return err
	}
	if _, err := r.app.Award.AddPrize(ctx, r.boss, r.e.ID, award.Prize{Title: "Deuxième prix", Text: "Un accompagnement par les équipes du bailleur.", Position: 2}); err != nil {
		return err
	}
	for _, p := range []edition.PartnerOrg{{Name: "Réseau des bailleurs (fictif)", URL: "https://reseau.example.org"}, {Name: "Gobelets de la Somme (fictif)", URL: "https://gobelets.example.org"}} {
		if _, err := r.app.Editions.AddPartner(ctx, r.boss, r.e.ID, p); err != nil {
			return fmt.Errorf("thanking %s: %w", p.Name, err)
		}
	}
	return nil
}

func (r *Rehearsal) grant(ctx context.Context, p *person, role edition.Role) error {
	who, err := r.app.Editions.Grant(ctx, r.boss, r.e.ID, p.email, p.name, role)
	p.actor = who.Actor()
	return err
}

// importProgramme brings the programme in as an organiser would: from a calendar file,
// looked at first.
func (r *Rehearsal) importProgramme(ctx context.Context) error {
	preview, err := r.app.Programme.Preview(ctx, r.boss, r.e.ID, "programme.ics", calendar)
	if err != nil {
		return err
	}
	n, err := r.app.Programme.Apply(ctx, r.boss, r.e.ID, preview.ID, false)
	r.facts.Sessions = n
	return err
}

// importPeople brings the participants in from a CSV file, as an organiser would.
func (r *Rehearsal) importPeople(ctx context.Context) error {
	skills, err := r.app.Registration.Skills(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	file, err := r.cast.csv(skills, r.app.Words.Locale(i18n.French))
	if err != nil {
		return err
	}
	preview, err := r.app.Registration.Upload(ctx, r.boss, r.e.ID, "inscriptions.csv", bytes.NewReader(file))
	if err != nil {
		return err
	}
	for _, p := range preview.Problems {
		return fmt.Errorf("line %d of the file, %s: %s %v", p.Line, p.Column, p.Key, p.Args)
	}
	if err := r.app.Registration.Import(ctx, r.boss, r.e.ID, preview.ID, registration.Vouched, false); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	for i := range r.cast.people {
		who, err := r.app.Accounts.Find(ctx, r.app.DB, r.cast.people[i].email)
		if err != nil {
			return fmt.Errorf("looking for %s after the import: %w", r.cast.people[i].email, err)
		}
		r.cast.people[i].actor = who.Actor()
	}
	return nil
}

// csv is the file of the participants, as a form or a spreadsheet would give it.
func (c cast) csv(skills []registration.Skill, l i18n.Locale) ([]byte, error) {
	var file bytes.Buffer
	w, err := sheet.NewWriter(&file, ';')
	if err != nil {
		return nil, err
	}
	if err := w.Write("Prénom et nom", "E-mail", "Profil", "Métier", "Compétences", "Repas", "Avec", "Photo", "Nouvelles"); err != nil {
		return nil, err
	}
	for _, p := range c.people {
		if err := w.Write(p.name, p.email, p.profile, p.trade, skillCell(p.skills, skills, l), p.meal, p.with, p.photo, p.news()); err != nil {
			return nil, err
		}
	}
	err = w.Flush()
	return file.Bytes(), err
}

// skillCell writes levels as people do: "Développement web 4, Design 1".
func skillCell(levels map[string]int, skills []registration.Skill, l i18n.Locale) string {
	var parts []string
	for _, s := range skills {
		if level := levels[s.Key]; level > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s.Name(l), level))
		}
	}
	return strings.Join(parts, ", ")
}

var confirmLink = regexp.MustCompile(`/e/[a-z0-9-]+/register/([A-Za-z0-9_-]+)`)

// registerLate lets people register by the form when the seats are gone: each opens the
// letter and confirms, and waits.
func (r *Rehearsal) registerLate(ctx context.Context) error {
	for i := range r.cast.late {
		p := &r.cast.late[i]
		asked := registration.Asked{Email: p.email, Rules: true, Lang: i18n.French, Answers: registration.Answers{Name: p.name,
			Profile: registration.Profile(p.profile), Trade: p.trade, Meals: []registration.Meal{registration.Meal(p.meal)}}}
		if _, err := r.app.Registration.Register(ctx, p.actor, r.e.ID, asked); err != nil {
			return err
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
		letter, ok := r.post.Newest(p.email)
		token := confirmLink.FindStringSubmatch(letter.Text)
		if !ok || token == nil {
			return fmt.Errorf("%s got no letter with a link", p.email)
		}
		_, session, err := r.app.Registration.Confirm(ctx, r.e.ID, token[1])
		if err != nil {
			return err
		}
		p.actor = session.Account.Actor()
	}
	r.facts.Waited = len(r.cast.late)
	return nil
}

// declineOne frees a seat; the first who waits gets it by itself.
func (r *Rehearsal) declineOne(ctx context.Context) error {
	gone := r.rand.IntN(len(r.cast.people))
	if _, err := r.app.Registration.Decline(ctx, r.cast.people[gone].actor, r.e.ID); err != nil {
		return err
	}
	moved := r.cast.late[0]
	if now, err := r.app.Registration.Of(ctx, r.app.DB, r.e.ID, moved.actor.ID); err != nil || !now.Here() {
		return errs.New(errs.Internal, "rehearsal: nobody was moved up from the waiting list")
	}
	r.cast.people[gone], r.cast.late = moved, r.cast.late[1:]
	return nil
}
