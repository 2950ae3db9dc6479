package gallery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/project"
	"h48/internal/team"
)

// Service is what can be done with the public face of the projects.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	teams    *team.Service
	projects *project.Service
	prizes   Prizes
	after    Afterwards
	store    files.Store
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
	drawn    drawn
}

// NewService returns the service, which follows the projects from then on; base is the
// installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, teams *team.Service, projects *project.Service, near Neighbours,
	store files.Store, hub *live.Hub, queue *jobs.Queue, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	s := &Service{db: db, ids: source, editions: editions, teams: teams, projects: projects, prizes: near.Prizes, after: near.Afterwards, store: store, hub: hub,
		queue: queue, trail: t, words: words, base: base}
	projects.Follow(s)
	return s
}

// Topic is what pages about the public projects of an edition listen to.
func Topic(e edition.ID) string { return "gallery:" + string(e) }

// ShownTx implements project.Follower: the index of the public is written again from
// what the public may see, in the transaction that changed it.
func (s *Service) ShownTx(ctx context.Context, tx *sqldb.Tx, id edition.ID, only project.ID) error {
	e, err := s.editions.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	read := s.projects.PublicProjects
	if only != "" {
		read = func(ctx context.Context, q sqldb.Querier, id edition.ID) ([]project.Submission, error) {
			return s.projects.PublicProject(ctx, q, id, only)
		}
	}
	shown, err := read(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("reading the public projects: %w", err)
	}
	teams, err := s.teams.List(ctx, tx, id)
	if err != nil {
		return err
	}
	called := map[team.ID]string{}
	for _, t := range teams {
		called[t.ID] = t.Name
	}
	if err := deleteEntries(ctx, tx, id, only); err != nil {
		return fmt.Errorf("clearing the index: %w", err)
	}
	starts := e.At[edition.Starts]
	for _, sub := range shown {
		entry := Entry{Project: sub.Project, Edition: id, Team: sub.Team, Challenge: sub.Challenge, Title: sub.Title, Pitch: sub.Pitch,
			Year: starts.In(e.Zone).Year(), starts: starts, titleKey: names.Fold(sub.Title), pictures: picturesOfVersion(sub)}
		if err := insertEntry(ctx, tx, entry, searchKey(sub.Title, sub.Pitch, sub.Description, called[sub.Team])); err != nil {
			return fmt.Errorf("indexing %s: %w", sub.Project, err)
		}
	}
	s.hub.Touch(tx, Topic(id))
	return nil
}

// Editions lists the editions that anybody may see, the newest first.
func (s *Service) Editions(ctx context.Context) ([]edition.Edition, error) {
	all, err := s.editions.Visible(ctx, account.Actor{})
	slices.SortStableFunc(all, func(a, b edition.Edition) int { return b.At[edition.Starts].Compare(a.At[edition.Starts]) })
	return all, err
}

// Show returns a project to its readers: to everybody once it is public, and before that
// to its team, the jurors and the organisers, as it will look.
func (s *Service) Show(ctx context.Context, actor account.Actor, e edition.Edition, id project.ID) (Shown, error) {
	p, err := s.projects.Get(ctx, s.db, e.ID, id)
	if err != nil {
		return Shown{}, err
	}
	out := Shown{Public: !p.Published.IsZero() && p.Withheld == ""}
	switch refusal := s.projects.MaySee(ctx, s.db, actor, p); {
	case refusal == nil:
		out.Insider = true
	case !out.Public || errs.KindOf(refusal) == errs.Internal:
		return out, refusal
	}
	sub, err := s.projects.Current(ctx, s.db, p.Team)
	if err != nil {
		return out, err
	}
	return s.fill(ctx, out, e, sub)
}

// Laureates are the public projects that won something, in the order of the prizes; none
// before the results are public.
func (s *Service) Laureates(ctx context.Context, e edition.Edition) ([]Shown, error) {
	found, err := s.Find(ctx, Filter{Edition: e.ID, Prize: AnyPrize, Size: 100})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found.Cards, func(a, b Card) int { return a.place() - b.place() })
	all := make([]Shown, len(found.Cards))
	for i, c := range found.Cards {
		if all[i], err = s.Show(ctx, account.Actor{}, e, c.Project); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// URL is where the project's page stands.
func (p Shown) URL() string { return here{}.Project(p.Card) }

// CoverURL is where the large copy of its first picture stands.
func (p Shown) CoverURL() string { return pictureURL(p.In, *p.Cover, Large) }

// fill adds what the version, the team and the jury say.
func (s *Service) fill(ctx context.Context, out Shown, e edition.Edition, sub project.Submission) (Shown, error) {
	out.Entry = Entry{Project: sub.Project, Edition: e.ID, Team: sub.Team, Challenge: sub.Challenge, Title: sub.Title, Pitch: sub.Pitch,
		Year: e.At[edition.Starts].In(e.Zone).Year()}
	out.In, out.Description, out.HandedIn = e, sub.Description, sub.At
	out.Video, out.Links = split(sub.Links)
	for _, f := range sub.Files {
		if !f.Picture() {
			out.Files = append(out.Files, f)
		}
	}
	pictures, err := listPictures(ctx, s.db, sub.Project)
	if err != nil {
		return out, err
	}
	if out.Pictures = visible(pictures, sub.Project, picturesOfVersion(sub)); len(out.Pictures) > 0 {
		out.Cover = &out.Pictures[0]
	}
	if out.Challenge != "" {
		challenges, err := s.projects.Challenges(ctx, s.db, e.ID)
		if err != nil {
			return out, err
		}
		for _, c := range challenges {
			if c.ID == out.Challenge {
				out.About = c.Title
			}
		}
	}
	won, err := s.prizes.Won(ctx, s.db, e, e.Now(s.db.Now()))
	if err != nil {
		return out, fmt.Errorf("reading who won: %w", err)
	}
	out.Prizes = won[sub.Team]
	fates, _, err := s.fatesOf(ctx, []edition.Edition{e})
	if err != nil {
		return out, err
	}
	out.Fate = fates[sub.Team]
	return s.people(ctx, out)
}

// people adds the team's name and those of its members who agreed.
func (s *Service) people(ctx context.Context, out Shown) (Shown, error) {
	t, err := s.teams.ByID(ctx, s.db, out.Team)
	if err != nil {
		return out, err
	}
	out.TeamName = t.Name
	answers, err := consents(ctx, s.db, out.Edition)
	if err != nil {
		return out, fmt.Errorf("reading who may be named: %w", err)
	}
	for _, m := range t.Members {
		if answers[m.ID] {
			out.Members = append(out.Members, m.Name)
		} else {
			out.Others++
		}
	}
	return out, nil
}

// Mine returns the project of the actor's team with the consents of its members; a nil
// project where nothing was handed in yet.
func (s *Service) Mine(ctx context.Context, actor account.Actor, e edition.Edition) (mine *Shown, pictures []Picture, members []Consent, err error) {
	p, err := s.projects.Mine(ctx, actor, e.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	answers, err := consents(ctx, s.db, e.ID)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("reading who may be named: %w", err)
	}
	team, err := s.teams.Members(ctx, s.db, p.Team)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, m := range team {
		shown, asked := answers[m.ID]
		members = append(members, Consent{Account: m.ID, Name: m.Name, Shown: shown, Asked: asked})
	}
	if pictures, err = s.ofDraft(ctx, p.ID); err != nil {
		return nil, nil, nil, err
	}
	shown, err := s.Show(ctx, actor, e, p.ID)
	if errors.Is(err, project.ErrNone) {
		return nil, pictures, members, nil
	}
	return &shown, pictures, members, err
}

// ofDraft are the pictures that the team has not taken out.
func (s *Service) ofDraft(ctx context.Context, p project.ID) ([]Picture, error) {
	have, err := s.projects.Files(ctx, s.db, p)
	if err != nil {
		return nil, err
	}
	all, err := listPictures(ctx, s.db, p)
	return slices.DeleteFunc(all, func(one Picture) bool {
		return !slices.ContainsFunc(have, func(f project.File) bool { return f.ID == one.ID })
	}), err
}

// Agree says whether the actor may be named with their project. A no holds at once.
func (s *Service) Agree(ctx context.Context, actor account.Actor, id edition.ID, shown bool) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Participant); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := setConsent(ctx, tx, id, actor.ID, shown, now); err != nil {
			return fmt.Errorf("keeping a consent: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, "gallery.consent", "account:"+string(actor.ID), fmt.Sprint(shown))
	})
}

// Forget leaves no trace of a person in the gallery.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return deleteConsents(ctx, tx, who)
}

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, action, subject, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action, Subject: subject, After: after, EditionAt: now})
}
