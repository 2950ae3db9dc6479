package crew

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// getBook returns what holds for the crew; what is usual where nothing was said.
func getBook(ctx context.Context, q sqldb.Querier, id edition.ID) (Book, error) {
	var rest, most int
	b, err := sqldb.One(ctx, q, func(b *Book) []any {
		return []any{&rest, &most, &b.Job, sqldb.Moment{Time: &b.Planned}, sqldb.Moment{Time: &b.Published}}
	}, `SELECT rest_minutes, most_minutes, job_id, planned_at, published_at FROM crew_books WHERE edition_id = $1`, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return usualBook, nil
	}
	b.Rest, b.Most = time.Duration(rest)*time.Minute, time.Duration(most)*time.Minute
	return b, err
}

func setBook(ctx context.Context, tx *sqldb.Tx, id edition.ID, b Book) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO crew_books (edition_id, rest_minutes, most_minutes, job_id, planned_at, published_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (edition_id) DO UPDATE SET rest_minutes = excluded.rest_minutes, most_minutes = excluded.most_minutes,
			job_id = excluded.job_id, planned_at = excluded.planned_at, published_at = excluded.published_at`,
		id, int(b.Rest/time.Minute), int(b.Most/time.Minute), b.Job, sqldb.Micros(b.Planned), sqldb.Micros(b.Published))
	return err
}

func listPosts(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Post, error) {
	return sqldb.All(ctx, q, func(p *Post) []any {
		return []any{&p.ID, &p.Name, &p.Place, &p.Task, &p.Contact, &p.Skill, &p.Position}
	}, `SELECT id, name, place, task, contact, skill, position FROM crew_posts WHERE edition_id = $1 ORDER BY position, id`, id)
}

func insertPost(ctx context.Context, tx *sqldb.Tx, id edition.ID, p Post) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO crew_posts (id, edition_id, name, place, task, contact, skill, position)
		SELECT $1, $2, $3, $4, $5, $6, $7, COUNT(*) FROM crew_posts WHERE edition_id = $2`,
		p.ID, id, p.Name, p.Place, p.Task, p.Contact, p.Skill)
	return err
}

func updatePost(ctx context.Context, tx *sqldb.Tx, id edition.ID, p Post) error {
	n, err := sqldb.Exec(ctx, tx, `UPDATE crew_posts SET name = $3, place = $4, task = $5, contact = $6, skill = $7
		WHERE id = $1 AND edition_id = $2`, p.ID, id, p.Name, p.Place, p.Task, p.Contact, p.Skill)
	return one(n, err)
}

func deletePost(ctx context.Context, tx *sqldb.Tx, id edition.ID, post PostID) error {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_posts WHERE id = $1 AND edition_id = $2`, post, id)
	return one(n, err)
}

// one is ErrNotFound where no row was changed.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return sqldb.ErrNotFound
	}
	return err
}

func listShifts(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Shift, error) {
	return sqldb.All(ctx, q, func(s *Shift) []any {
		return []any{&s.ID, &s.Post, sqldb.Moment{Time: &s.Start}, sqldb.Moment{Time: &s.End}, &s.Wanted}
	}, `SELECT id, post_id, start_at, end_at, wanted FROM crew_shifts WHERE edition_id = $1 ORDER BY start_at, end_at, id`, id)
}

func insertShift(ctx context.Context, tx *sqldb.Tx, id edition.ID, s Shift) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO crew_shifts (id, edition_id, post_id, start_at, end_at, wanted) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, id, s.Post, sqldb.Micros(s.Start), sqldb.Micros(s.End), s.Wanted)
	return err
}

func updateShift(ctx context.Context, tx *sqldb.Tx, id edition.ID, s Shift) error {
	n, err := sqldb.Exec(ctx, tx, `UPDATE crew_shifts SET start_at = $3, end_at = $4, wanted = $5 WHERE id = $1 AND edition_id = $2`,
		s.ID, id, sqldb.Micros(s.Start), sqldb.Micros(s.End), s.Wanted)
	return one(n, err)
}

func deleteShift(ctx context.Context, tx *sqldb.Tx, id edition.ID, shift ShiftID) error {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_shifts WHERE id = $1 AND edition_id = $2`, shift, id)
	return one(n, err)
}

func listOffers(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]Offer, error) {
	type row struct {
		who   account.ID
		offer Offer
		said  time.Time
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.who, sqldb.JSON{Of: &r.offer}, sqldb.Moment{Time: &r.said}} },
		`SELECT account_id, content, changed_at FROM crew_offers WHERE edition_id = $1`, id)
	all := map[account.ID]Offer{}
	for _, r := range rows {
		r.offer.Said = r.said
		all[r.who] = r.offer
	}
	return all, err
}

func setOffer(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, o Offer, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO crew_offers (edition_id, account_id, content, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at`,
		id, who, sqldb.JSON{Of: o}, sqldb.Micros(at))
	return err
}

func listDuties(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Duty, error) {
	return sqldb.All(ctx, q, func(d *Duty) []any {
		return []any{&d.Shift, &d.Who, &d.Planned, &d.Told, &d.Locked, sqldb.Moment{Time: &d.No}, &d.Why}
	}, `SELECT shift_id, account_id, planned, told, locked, no_at, no_why FROM crew_duties WHERE edition_id = $1 ORDER BY shift_id, account_id`, id)
}

// putDuty writes what is known of somebody on a shift.
func putDuty(ctx context.Context, tx *sqldb.Tx, id edition.ID, d Duty) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO crew_duties (shift_id, account_id, edition_id, planned, told, locked, no_at, no_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (shift_id, account_id) DO UPDATE SET planned = excluded.planned, told = excluded.told, locked = excluded.locked,
			no_at = excluded.no_at, no_why = excluded.no_why`,
		d.Shift, d.Who, id, d.Planned, d.Told, d.Locked, sqldb.Micros(d.No), d.Why)
	return err
}

// sweepDuties drops what says nothing any more.
func sweepDuties(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_duties WHERE edition_id = $1 AND NOT planned AND NOT told AND no_at = 0`, id)
	return err
}

// deleteDuties forgets who works on a shift that is no more.
func deleteDuties(ctx context.Context, tx *sqldb.Tx, shift ShiftID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_duties WHERE shift_id = $1`, shift)
	return err
}

// load reads everything about the crew.
func load(ctx context.Context, q sqldb.Querier, editions *edition.Service, id edition.ID) (Rota, error) {
	b, err := getBook(ctx, q, id)
	if err != nil {
		return Rota{}, fmt.Errorf("reading the crew's book: %w", err)
	}
	posts, err := listPosts(ctx, q, id)
	if err != nil {
		return Rota{}, err
	}
	all, err := listShifts(ctx, q, id)
	if err != nil {
		return Rota{}, err
	}
	offers, err := listOffers(ctx, q, id)
	if err != nil {
		return Rota{}, err
	}
	people, err := editions.Members(ctx, q, id, edition.Crew)
	if err != nil {
		return Rota{}, err
	}
	members := make([]Member, len(people))
	for i, p := range people {
		members[i] = Member{ID: p.Account.ID, Name: p.Account.Name, Email: p.Account.Email, Offer: offers[p.Account.ID]}
	}
	duties, err := listDuties(ctx, q, id)
	return NewRota(b, posts, all, members, duties), err
}

// forget drops everything about a person.
func forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_offers WHERE account_id = $1`, who); err != nil {
		return err
	}
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM crew_duties WHERE account_id = $1`, who)
	return err
}
