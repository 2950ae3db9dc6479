package record_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/jury"
	"h48/internal/jury/record"
	"h48/internal/kit/chain"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// append writes another room's entry into the chain.
func (h *hall) append(kind, subject string, body any) {
	h.T.Helper()
	h.must(h.DB.InTx(context.Background(), func(tx *sqldb.Tx) error {
		return chain.New(h.IDs).Append(context.Background(), tx, string(h.Edition.ID), kind, subject, body)
	}))
}

// forge changes tables behind the program's back.
func (h *hall) forge(sql string) {
	h.T.Helper()
	h.must(h.DB.InTx(context.Background(), func(tx *sqldb.Tx) error {
		_, err := sqldb.Exec(context.Background(), tx, sql)
		return err
	}))
}

// says expects every sentence, and nothing good.
func (h *hall) says(file []byte, want ...string) {
	h.T.Helper()
	r := check(h.T, file, "")
	for _, sentence := range want {
		if said := h.say(r); r.Good() || !strings.Contains(said, sentence) {
			h.T.Errorf("%q is not said:\n%s", sentence, said)
		}
	}
}

// good expects a record without a finding.
func (h *hall) good() record.Report {
	h.T.Helper()
	r := check(h.T, h.write(), "")
	if !r.Good() {
		h.T.Fatal(h.say(r))
	}
	return r
}

// reseal changes the text of a record and seals it again, as whoever forges one would.
func reseal(t *testing.T, file []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(file, []byte(old)) {
		t.Fatalf("%q does not stand in the record", old)
	}
	lines := bytes.SplitAfter(bytes.Replace(file, []byte(old), []byte(new), 1), []byte("\n"))
	lines = lines[:len(lines)-2] // without the seal, and what follows the last line break
	body := bytes.Join(lines, nil)
	sum := sha256.Sum256(body)
	return fmt.Appendf(body, "{\"seal\":{\"lines\":%d,\"sha256\":%q}}\n", len(lines), hex.EncodeToString(sum[:]))
}

// sponsored is a hall with a second prize: the third juror judges for it alone, three
// teams may win it, and it has a criterion of its own.
func sponsored(t *testing.T, db *dbtest.DB) *hall {
	t.Helper()
	h := newHall(t, db)
	ctx, id := context.Background(), h.Edition.ID
	h.prizes = []jury.PrizeRef{{ID: "grand", Title: "Grand prix"}, {ID: "green", Title: "Prix vert"}}
	h.given = []record.Prize{{ID: "grand", Title: "Grand prix", Cents: 500000, State: "planned"}, {ID: "green", Title: "Prix vert", State: "planned"}}
	h.must(h.jury.SetCriteria(ctx, h.Boss, id, []jury.Criterion{{Name: "Utile", Weight: 60}, {Name: "Sobre", Weight: 40, Prize: "green"}}))
	h.must(h.jury.SetPanel(ctx, h.Boss, id, jury.Panel{Prize: jury.PrizeRef{ID: "green"}, Who: jury.ChosenTeams, Teams: []string{"t-Chaleur", "t-Cour", "t-Palier"},
		Jurors: []account.ID{h.jurors[1].ID, h.jurors[2].ID}, Limited: []account.ID{h.jurors[2].ID}}, ""))
	criteria, err := h.jury.Criteria(ctx, h.DB, id)
	h.must(err)
	for j, who := range h.jurors {
		for i, team := range h.teams {
			in := jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 1 + (i+2*j)%5}}}
			if j > 0 && i > 1 {
				in.Marks[criteria[1].ID] = jury.Answer{Kind: jury.Scored, Value: 5 - i}
			}
			if j == 2 && i < 2 {
				continue // not theirs to judge
			}
			h.must(h.jury.Score(ctx, who, id, team.ID, in, once.Action{}))
		}
	}
	h.must(h.jury.Close(ctx, h.Boss, id))
	h.must(h.jury.Deliberate(ctx, h.Boss, id))
	return h
}

func TestCheck_aPrizeWithItsOwnJuryIsRankedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := sponsored(t, db)
		if r := h.good(); r.Panels != 1 {
			t.Errorf("%d prizes have a ranking of their own: %s", r.Panels, h.say(r))
		}
		file := h.write()
		last := file[bytes.LastIndex(file, []byte(`{"ranking":`)):]
		var said struct{ Ranking jury.TracedRanking }
		h.must(json.Unmarshal(last[:bytes.IndexByte(last, '\n')], &said))
		places := said.Ranking.Prizes[0].Places
		if len(places) != 3 {
			t.Fatalf("the green prize has the places %+v", places)
		}
		text, err := json.Marshal(places)
		h.must(err)
		places[0].Team, places[1].Team = places[1].Team, places[0].Team
		swapped, err := json.Marshal(places)
		h.must(err)
		cut := bytes.LastIndex(file, text)
		forged := append(bytes.Clone(file[:cut]), reseal(t, file[cut:], string(text), string(swapped))...)
		r := check(t, forged, "")
		if said := h.say(r); r.Good() || !strings.Contains(said, "for “Prix vert”") || strings.Contains(said, "at rank 1 in the written ranking; the marks put Voisins") {
			t.Errorf("a swapped ranking of a prize is not named: %s", said)
		}
	})
}

func TestCheck_namesWhatBecameOfAPanel(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		sql, want string
	}{
		"a limited juror comes to count for all": {`UPDATE jury_panel_jurors SET limited = FALSE`, "was not computed from the marks of the trace"},
		"a team more may win":                    {`INSERT INTO jury_panel_teams (edition_id, prize_id, team_id) SELECT edition_id, prize_id, 't-Voisins' FROM jury_panels`, "the ranking for “Prix vert”"},
		"no panel at all":                        {`DELETE FROM jury_panels`, "was not computed from the marks of the trace"},
		"a better bonus":                         {`UPDATE jury_marks SET value = 5 WHERE value = 3 AND criterion_id IN (SELECT id FROM jury_criteria WHERE weight = 40)`, "a mark given to"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := sponsored(t, dbtest.SQLite(t))
			h.forge(c.sql)
			h.says(h.write(), c.want)
		})
	}
}

// A prize that falls away does not let its sponsor's juror judge for the others.
func TestCheck_aPrizeFallsAway(t *testing.T) {
	t.Parallel()
	h := sponsored(t, dbtest.SQLite(t))
	before, err := h.jury.Ranking(t.Context(), h.DB, h.Edition.ID)
	h.must(err)
	h.append("award.prize_dropped", "prize:green", map[string]any{"state": "dropped", "cents": 0})
	h.prizes = h.prizes[:1]
	h.given[1].State = "dropped"
	after, err := h.jury.Ranking(t.Context(), h.DB, h.Edition.ID)
	h.must(err)
	if before.Fingerprint != after.Fingerprint {
		t.Error("the common ranking counts other marks once the prize fell away")
	}
	if r := h.good(); r.Panels != 0 {
		t.Errorf("a prize that fell away is ranked: %s", h.say(r))
	}
	h.given[1].State = "planned"
	h.says(h.write(), "“Prix vert” fell away in the tables or in the trace", "its ranking is not in the record")
}

// comparing is a hall whose jurors say who is better.
func comparing(t *testing.T, db *dbtest.DB) *hall {
	t.Helper()
	h := newHall(t, db)
	ctx, id := context.Background(), h.Edition.ID
	h.must(h.jury.SetUp(ctx, h.Boss, id, jury.Setup{Format: jury.OnStage, Way: jury.ByComparison}, ""))
	for j, who := range h.jurors {
		for i := range h.teams[1:] {
			better, worse := h.teams[i], h.teams[i+1]
			if (i+j)%4 == 3 {
				better, worse = worse, better
			}
			h.must(h.jury.Compare(ctx, who, id, better.ID, worse.ID, once.Action{}))
		}
	}
	h.must(h.jury.Compare(ctx, h.jurors[0], id, "t-Palier", "t-Voisins", once.Action{}))
	h.must(h.jury.TakeBack(ctx, h.jurors[0], id, "t-Palier", "t-Voisins", once.Action{}))
	return h
}

func TestCheck_aRoundOfComparisons(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := comparing(t, db)
		h.good() // while it goes on
		h.must(h.jury.Close(t.Context(), h.Boss, h.Edition.ID))
		h.must(h.jury.Deliberate(t.Context(), h.Boss, h.Edition.ID))
		r := h.good()
		if said := h.say(r); r.Compared != 14 || r.Winner != "Voisins" || !strings.Contains(said, "14 comparisons of two teams") {
			t.Errorf("%s", said)
		}
	})
	for what, c := range map[string]struct{ sql, want string }{
		"turned round": {`UPDATE jury_comparisons SET better_id = 't-Guichet', worse_id = 't-Voisins' WHERE id = (SELECT MIN(id) FROM jury_comparisons)`,
			"a comparison (Guichet before Voisins) is not the one of entry"},
		"not taken back": {`UPDATE jury_comparisons SET kind = 'better' WHERE kind = 'withdrawn'`, "a comparison (Palier before Voisins) is not the one of entry"},
		"removed":        {`DELETE FROM jury_comparisons WHERE id = (SELECT MIN(id) FROM jury_comparisons)`, "(Voisins before Guichet) is missing from the tables"},
		"added": {`INSERT INTO jury_comparisons (id, edition_id, round, juror_id, better_id, worse_id, kind, given_at, received_at)
			SELECT 'z', edition_id, round, juror_id, 't-Cour', 't-Voisins', 'better', given_at, received_at FROM jury_comparisons WHERE id = (SELECT MAX(id) FROM jury_comparisons)`,
			"a comparison (Cour before Voisins) is not in the trace"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := comparing(t, dbtest.SQLite(t))
			h.forge(c.sql)
			h.says(h.write(), c.want)
		})
	}
}

func TestCheck_changesOfTheRules(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	h.judge()
	ctx, id := t.Context(), h.Edition.ID
	criteria, err := h.jury.Criteria(ctx, h.DB, id)
	h.must(err)
	for i, reason := range []string{"le poids était une faute de frappe", "le mot était ambigu"} {
		criteria[0].Weight = 50 + i
		h.must(h.jury.AmendCriteria(ctx, h.Boss, id, criteria, reason))
	}
	if r := h.good(); r.Amended != 2 || !strings.Contains(h.say(r), "2 changes of the rules after the first mark") {
		t.Errorf("%s", h.say(r))
	}
	file := h.write()
	if !bytes.Contains(file, []byte(`{"amended":{`)) {
		t.Error("the record does not hold the change of the rules")
	}
	h.forge(`UPDATE jury_amendments SET reason = 'rien' WHERE reason LIKE 'le poids%'`)
	h.says(h.write(), "a change of the rules is not the one of entry")
	h.forge(`DELETE FROM jury_amendments`)
	h.says(h.write(), "the change of the rules of entry")
}

func TestCheck_decisionPaymentAndSignatures(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	h.judge()
	h.must(h.jury.Close(t.Context(), h.Boss, h.Edition.ID))
	h.must(h.jury.Deliberate(t.Context(), h.Boss, h.Edition.ID))
	ranking, err := h.jury.Ranking(t.Context(), h.DB, h.Edition.ID)
	h.must(err)
	decide := func(print string) {
		h.append("award.decided", "deliberation:e", map[string]any{"choice": map[string]string{"p1": "t-Cour"}, "fingerprint": print})
	}
	decide(ranking.Fingerprint)
	who := h.jurors[0].ID
	h.append("award.prize_added", "prize:p1", map[string]any{"cents": 500000, "state": "planned"})
	h.append("award.signed", "account:"+string(who), map[string]any{"digest": "d1", "way": "session"})
	h.given = []record.Prize{{ID: "p1", Title: "Grand prix", Cents: 500000, State: "awarded", Teams: []string{"t-Cour"}}}
	h.signed = []record.Signature{{Juror: who, Digest: "d1", Way: "session"}}
	if r := h.good(); r.Signed != 1 {
		t.Errorf("%s", h.say(r))
	}
	h.given[0].State = "paid"
	h.says(h.write(), "“Grand prix” is said to be paid, but no payment stands in the trace")
	h.append("payout.paid", "share:p1/someone", map[string]any{"state": "paid", "cents": 250000})
	h.good()
	h.append("payout.accepted", "share:p1/another", map[string]any{"state": "accepted", "cents": 250000})
	h.says(h.write(), "“Grand prix” is said to be paid")
	h.given[0].State, h.given[0].Cents = "awarded", 400000
	h.says(h.write(), "“Grand prix” has not the amount that entry")
	h.given[0].Cents = 500000
	h.signed[0].Digest = "d2"
	h.says(h.write(), "a signature under the minutes is not in the trace", "the signature of entry")
	h.signed[0].Digest = "d1"
	h.good()
	decide("another ranking")
	h.says(h.write(), "the jury decided there upon a ranking that does not stand in the record")
}

// The parts of a split prize are prizes, and the whole has fallen away.
func TestCheck_aSplitPrize(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	h.append("award.prize_added", "prize:p1", map[string]any{"cents": 500000, "state": "planned"})
	h.append("award.prize_split", "prize:p1", map[string]any{"cents": 500000, "state": "dropped", "parts": []int{300000, 200000}, "into": []string{"p2", "p3"}})
	h.given = []record.Prize{{ID: "p1", Title: "Grand prix", Cents: 500000, State: "dropped"},
		{ID: "p2", Title: "Premier", Cents: 300000, State: "planned"}, {ID: "p3", Title: "Second", Cents: 200000, State: "planned"}}
	h.good()
	h.given[2].Cents = 250000
	h.says(h.write(), "“Second” has not the amount")
}

// TestCheck_saysWhatBecameOfTheFile forges files whose seal fits again.
func TestCheck_saysWhatBecameOfTheFile(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	h.judge()
	h.deliberate()
	h.given = []record.Prize{{ID: "p1", Title: "Grand prix", State: "awarded", Teams: []string{"t-Cour"}}}
	h.append("award.decided", "deliberation:e", map[string]any{"choice": map[string]string{"p1": "t-Cour"}})
	file := h.write()
	lines := strings.SplitAfter(string(file), "\n")
	entries := lines[5] + lines[6]
	r := check(t, file, "")
	for what, c := range map[string]struct {
		old, new string
		want     string
	}{
		"a dropped entry":  {lines[5], "", "entry 5 is missing, stands twice or is not in its place"},
		"swapped entries":  {entries, lines[6] + lines[5], "entry 5 is missing, stands twice or is not in its place"},
		"a nonsense line":  {lines[7], "nonsense\n", "line 8: cannot be read"},
		"another laureate": {`"teams":["t-Cour"]}}`, `"teams":["t-Palier"]}}`, "the prize “Grand prix” is not what the jury decided in entry"},
		"another winner":   {`"t-Voisins":"Voisins"`, `"t-Voisins":"Voisines"`, ""}, // a name is no part of the trace
	} {
		forged := reseal(t, file, c.old, c.new)
		if c.want == "" {
			if again := check(t, forged, ""); !again.Good() {
				t.Errorf("%s: %s", what, h.say(again))
			}
			continue
		}
		h.says(forged, c.want)
	}
	h.says(file[:len(file)/2], "without its seal: it was cut")
	if !r.Good() {
		t.Error(h.say(r))
	}
}
