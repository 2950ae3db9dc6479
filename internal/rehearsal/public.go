package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/vote"
)

// mostVoters bounds how many people of the room vote in a large event.
const mostVoters = 300

// cardsForTenants is how many cards are printed for people who were not there.
const cardsForTenants = 30

// public is what the public does: it has a chance of its own, so that the event of a seed
// stays the same whoever votes.
type public struct {
	rand          *rand.Rand
	room, tenants vote.ID
	cards         []string
}

// scriptVotes writes two votes: of the room while the jury deliberates, and of tenants by
// cards.
func (r *Rehearsal) scriptVotes() {
	p := &public{rand: rand.New(rand.NewPCG(r.cfg.Seed, 77))}
	r.public = p
	talk, results := r.e.At[edition.Deliberation], r.e.At[edition.Results]
	r.at(r.e.At[edition.Pitches].Add(-20*time.Minute), "planning the public's votes", r.planVotes)
	r.at(talk.Add(time.Minute), "the votes open by themselves", waits)
	r.at(talk.Add(3*time.Minute), "the room votes", r.roomVotes)
	r.at(talk.Add(12*time.Minute), "tenants vote by card", r.tenantsVote)
	r.at(talk.Add(38*time.Minute), "checking the room's vote", func(ctx context.Context) error { return r.checkVote(ctx, p.room, results) })
	r.at(results.Add(50*time.Minute), "checking the tenants' vote", func(ctx context.Context) error { return r.checkVote(ctx, p.tenants, time.Time{}) })
}

// waits does nothing: at its moment the program's own jobs do something.
func waits(context.Context) error { return nil }

func (r *Rehearsal) planVotes(ctx context.Context) error {
	talk, results := r.e.At[edition.Deliberation], r.e.At[edition.Results]
	room, err := r.app.Vote.Add(ctx, r.boss, r.e.ID, vote.Plan{Question: vote.Convince, Most: 1, Audience: vote.Room, SpareOwn: true,
		Opens: talk.Add(time.Minute), Closes: talk.Add(30 * time.Minute)})
	if err != nil {
		return err
	}
	tenants, err := r.app.Vote.Add(ctx, r.boss, r.e.ID, vote.Plan{Question: vote.Use, Most: 2, Audience: vote.Tenants, AsksWhy: true,
		Areas: []string{"Résidence des Tilleuls (fictive)", "Résidence du Canal (fictive)", "Le Petit Bois (fictif)"}, Opens: talk.Add(time.Minute), Closes: results.Add(45 * time.Minute)})
	if err != nil {
		return err
	}
	r.public.room, r.public.tenants = room.ID, tenants.ID
	if _, err := r.app.Vote.Poster(ctx, r.boss, r.e.ID, tenants.ID, "Hall des Tilleuls", "Résidence des Tilleuls (fictive)"); err != nil {
		return err
	}
	batch, err := r.app.Vote.Cards(ctx, r.boss, r.e.ID, tenants.ID, "Fête des voisins", cardsForTenants)
	if err != nil {
		return err
	}
	r.public.cards, err = r.app.Vote.Codes(ctx, r.boss, r.e.ID, tenants.ID, batch.ID)
	return err
}

// prefer draws some of the choices, as often as the project is liked.
func (p *public) prefer(choices []vote.Choice, n int) []string {
	var teams []string
	for range n {
		i := min(p.rand.IntN(len(choices)), p.rand.IntN(len(choices)))
		liked := slices.SortedFunc(slices.Values(choices), func(a, b vote.Choice) int { return strings.Compare(a.Name(), b.Name()) })
		teams = append(teams, liked[i].Team)
	}
	return teams
}

// roomVotes lets those who have a badge vote with it, some by the code on the screen, and
// one twice, who is told so.
func (r *Rehearsal) roomVotes(ctx context.Context) error {
	id, v := r.public.room, r.app.Vote
	for i, b := range r.badges[:min(len(r.badges), mostVoters)] {
		if i%5 == 4 { // one in five has gone for a coffee
			continue
		}
		code, err := v.Enter(ctx, r.e.ID, id, b.Code, "", "192.0.2.10")
		if err != nil {
			return fmt.Errorf("voting with the badge %s: %w", b.Code, err)
		}
		sheet, err := v.Ballot(ctx, r.e.ID, id, code, r.e.At[edition.Deliberation].Add(3*time.Minute))
		if err != nil {
			return err
		}
		cast := vote.Cast{Teams: r.public.prefer(sheet.Choices, 1)}
		if err := v.Cast(ctx, r.e.ID, id, code, cast, "192.0.2.10"); err != nil {
			return err
		}
		r.facts.Ballots++
		if i > 0 {
			continue
		}
		if err := v.Cast(ctx, r.e.ID, id, code, cast, "192.0.2.10"); !errors.Is(err, vote.ErrSpent) {
			return fmt.Errorf("one badge voted twice: %w", err)
		}
	}
	return r.guestsVote(ctx)
}

var (
	screenLink = regexp.MustCompile(`class="ballot-code">([A-Z0-9]+)<`)
	choiceForm = regexp.MustCompile(`name="choice" value="([^"]+)"`)
)

// guestsVote are three guests without a badge: they read the code off the screen and fill
// in the page, as their phones show it.
func (r *Rehearsal) guestsVote(ctx context.Context) error {
	for range 3 {
		guest := visitor{handler: r.app.Handler()}
		base := r.e.URL() + "/vote/" + string(r.public.room)
		_, page, err := guest.ask(ctx, http.MethodGet, base+"/stage", nil)
		if err != nil {
			return err
		}
		shown := screenLink.FindStringSubmatch(page)
		if shown == nil {
			return errors.New("the screen shows no code")
		}
		code, err := r.app.Vote.Enter(ctx, r.e.ID, r.public.room, shown[1], "", "192.0.2.10")
		if err != nil {
			return err
		}
		_, page, err = guest.ask(ctx, http.MethodGet, base+"/b/"+code, nil)
		if err != nil {
			return err
		}
		offered := choiceForm.FindAllStringSubmatch(page, -1)
		if len(offered) == 0 {
			return errors.New("the ballot offers nothing")
		}
		pick := html.UnescapeString(offered[r.public.rand.IntN(len(offered))][1])
		if status, answer, err := guest.ask(ctx, http.MethodPost, base+"/b/"+code, url.Values{"choice": {pick}}); err != nil || status != http.StatusOK {
			return errors.Join(fmt.Errorf("a guest's ballot: %d %s", status, answer), err)
		}
		r.facts.Ballots++
	}
	return nil
}

// tenantsVote lets most of the cards come back, some with a residence and a word.
func (r *Rehearsal) tenantsVote(ctx context.Context) error {
	id := r.public.tenants
	p, err := r.app.Vote.Poll(ctx, r.app.DB, r.e.ID, id)
	if err != nil {
		return err
	}
	whys := []string{"Ma voisine et moi, nous nous en servirions chaque semaine.", "Enfin quelqu’un qui pense à la chaudière.", "Simple : ma mère de 80 ans a compris tout de suite."}
	for i, card := range r.public.rand.Perm(cardsForTenants)[:cardsForTenants*3/5] {
		code := r.public.cards[card]
		sheet, err := r.app.Vote.Ballot(ctx, r.e.ID, id, code, r.e.At[edition.Deliberation].Add(12*time.Minute))
		if err != nil {
			return err
		}
		cast := vote.Cast{Teams: r.public.prefer(sheet.Choices, 1+i%2)}
		if i%4 != 3 {
			cast.Area = p.Areas[i%2]
		}
		if i%6 == 0 {
			cast.Why = whys[i/6%len(whys)]
		}
		if err := r.app.Vote.Cast(ctx, r.e.ID, id, code, cast, fmt.Sprintf("198.51.%d.7", i)); err != nil {
			return err
		}
		r.facts.Ballots++
	}
	return nil
}

// checkVote looks at where the ballots come from, shows what was written, counts and says
// when it is public.
func (r *Rehearsal) checkVote(ctx context.Context, id vote.ID, public time.Time) error {
	b, err := r.app.Vote.Board(ctx, r.boss, r.e.ID, id)
	if err != nil {
		return err
	}
	if b.Result != nil {
		return errors.New("a result is seen before it is checked")
	}
	for _, why := range b.Reasons {
		if err := r.app.Vote.Moderate(ctx, r.boss, r.e.ID, id, why.ID, true); err != nil {
			return err
		}
	}
	if err := r.app.Vote.Check(ctx, r.boss, r.e.ID, id); err != nil {
		return err
	}
	return r.app.Vote.Publish(ctx, r.boss, r.e.ID, id, public)
}

// scriptFollowup writes what teams answer a month after the end.
func (r *Rehearsal) scriptFollowup() {
	month, set := followup.Due(r.e, followup.Turns[0])
	if !set {
		return
	}
	r.at(month, "asking what became of the projects", waits)
	r.at(month.AddDate(0, 0, 3), "answering what became of the projects", r.answer)
}

var answerLink = regexp.MustCompile(`https?://[^/\s]+(/e/[^\s]+/followup/answer/[^\s/]+)\n`)

// answer lets one person of each team but one follow the link in their letter.
func (r *Rehearsal) answer(ctx context.Context) error {
	said := []url.Values{{"state": {"pilot"}, "words": {"Deux résidences l’essaient depuis trois semaines."}},
		{"state": {"idea"}, "words": {"Nous cherchons encore une résidence pour commencer."}},
		{"state": {"service"}, "words": {"Quarante foyers s’en servent."}, "url": {"https://projet.example.org"}},
		{"state": {"stopped"}, "words": {"L’idée existait déjà : nous avons rejoint l’autre équipe."}}}
	for i, t := range r.teams[:max(len(r.teams)-1, 0)] {
		link := r.followupLink(t.Members[0].ID)
		for _, m := range t.Members {
			if link == "" {
				link = r.followupLink(m.ID)
			}
		}
		if link == "" { // nobody of the team wanted news
			continue
		}
		if status, page, err := (visitor{handler: r.app.Handler()}).ask(ctx, http.MethodPost, link, said[i%len(said)]); err != nil || status != http.StatusOK {
			return errors.Join(fmt.Errorf("answering at %s: %d %s", link, status, page), err)
		}
		r.facts.Answers++
	}
	return nil
}

// followupLink is the link in the newest letter to the person, "" where it is none.
func (r *Rehearsal) followupLink(who account.ID) string {
	letter, came := r.post.Newest(r.actorOf(who).Email)
	if !came {
		return ""
	}
	if found := answerLink.FindStringSubmatch(letter.Text); found != nil {
		return found[1]
	}
	return ""
}

// reportVotes prints the votes and what became of the projects.
func (r *Rehearsal) reportVotes(ctx context.Context, w io.Writer) error {
	all, err := r.app.Vote.Favourites(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		name := "nobody"
		if leaders := o.Result.Leaders(); len(leaders) > 0 {
			name = leaders[0].Name()
		}
		fmt.Fprintf(w, "public vote    %s: %d ballots, first %s\n", o.Poll.Audience, o.Result.Counted, name)
	}
	t, err := r.app.Followup.Tally(ctx, r.app.DB, r.e.ID)
	if err == nil && t.Known > 0 {
		fmt.Fprintf(w, "a month later  %d of %d projects have sent news, %d in service\n", t.Known, t.Projects, t.By[followup.InService])
	}
	return err
}

// checkVotes counts the ballots again: none is lost, none is there twice.
func (r *Rehearsal) checkVotes(ctx context.Context) error {
	n, err := r.app.Vote.Ballots(ctx, r.app.DB, r.e.ID)
	if err == nil && n != r.facts.Ballots {
		err = fmt.Errorf("%d ballots were cast, %d are in the boxes", r.facts.Ballots, n)
	}
	return err
}

func (r *Rehearsal) checkFollowup(ctx context.Context) error {
	t, err := r.app.Followup.Tally(ctx, r.app.DB, r.e.ID)
	if err == nil && t.Known != r.facts.Answers {
		err = fmt.Errorf("%d teams sent news, %d are kept", r.facts.Answers, t.Known)
	}
	return err
}
