package award

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// Curtain is what opens with the results: the gallery of the projects.
type Curtain interface {
	OpenTx(ctx context.Context, tx *sqldb.Tx, e edition.ID) error
}

// openResults is the minute of the results: the gallery opens, every open page reads
// again, and the letters go out. The public pages need no job for it: they ask what time
// it is. The job may run twice; each person is written to once.
func (s *Service) openResults(ctx context.Context, run *jobs.Run) error {
	id := edition.ID(run.Edition)
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	results, err := s.Results(ctx, s.db, e, e.Now(s.db.Now()))
	if err != nil {
		return err
	}
	s.hub.Tell(Topic(id))
	if !results.Public { // the jury still sits; its close orders this job anew
		return nil
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.with.Curtain.OpenTx(ctx, tx, id); err != nil {
			return fmt.Errorf("opening the gallery: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return nil
	})
	if err != nil {
		return err
	}
	return s.writeToAll(ctx, run, e, results.Laureates)
}

// batch is how many letters are ordered in one transaction.
const batch = 100

// writeToAll orders a letter for everybody of the edition, the laureates' first.
func (s *Service) writeToAll(ctx context.Context, run *jobs.Run, e edition.Edition, won []Laureate) error {
	members, err := s.editions.Members(ctx, s.db, e.ID, "")
	if err != nil {
		return err
	}
	prizes := map[account.ID][]Laureate{}
	for _, l := range won {
		for _, m := range l.Team.Members {
			prizes[m.Account] = append(prizes[m.Account], l)
		}
	}
	var people []account.Account
	seen := map[account.ID]bool{}
	for _, m := range members {
		if !seen[m.Account.ID] {
			seen[m.Account.ID] = true
			people = append(people, m.Account)
		}
	}
	slices.SortStableFunc(people, func(a, b account.Account) int { return len(prizes[b.ID]) - len(prizes[a.ID]) })
	for done := 0; done < len(people); done += batch {
		part := people[done:min(done+batch, len(people))]
		err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
			for _, who := range part {
				if err := s.writeTo(ctx, tx, e, who, prizes[who.ID], won); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("writing to everybody: %w", err)
		}
		run.Progress(done+len(part), len(people))
	}
	return nil
}

// writeTo orders the letter, unless the person has it already.
func (s *Service) writeTo(ctx context.Context, tx *sqldb.Tx, e edition.Edition, who account.Account, mine, won []Laureate) error {
	err := insertLetter(ctx, tx, e.ID, who.ID)
	if errors.Is(err, errWritten) {
		return nil
	}
	if err != nil || who.Email == "" {
		return err
	}
	lang := who.Lang
	if lang == "" {
		lang = e.Lang
	}
	l := s.words.Locale(lang).In(e.Zone).With(e.Words)
	var all []string
	for _, one := range won {
		all = append(all, l.T("award.letter_line", "prize", one.Prize.Title, "project", laureateTitle(one.Team), "team", one.Team.Name))
	}
	link := s.base + e.URL()
	m := mail.Message{To: who.Email, ToName: who.Name, Subject: l.T("award.letter_subject", "edition", e.Name),
		Text: l.T("award.letter_text", "edition", e.Name, "list", strings.Join(all, "\n"), "url", link+"/results")}
	if len(mine) > 0 {
		titles := make([]string, len(mine))
		for i, one := range mine {
			titles[i] = one.Prize.Title
		}
		m.Subject = l.T("award.laureate_subject", "edition", e.Name)
		m.Text = l.T("award.laureate_text", "name", who.Name, "prizes", l.List(titles), "project", laureateTitle(mine[0].Team), "url", link+"/my-prize") + "\n\n" + m.Text
	}
	return s.post.SendTx(ctx, tx, string(e.ID), m)
}
