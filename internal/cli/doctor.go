package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/migrations"
)

// examination is one thing that the doctor looks at; cure says what to do when it is ill,
// in words for whoever looks after the installation.
type examination struct {
	of, cure string
	look     func(ctx context.Context, c config.Config) (verdict string, err error)
}

func examinations() []examination {
	return []examination{
		{"settings", "Correct the setting; h48 serve --help lists them all.", func(_ context.Context, c config.Config) (string, error) {
			return "readable; people reach it at " + c.Base(), c.Check()
		}},
		{"database", "See that the address is right, that the database runs, and that this user may write to it.", lookAtDatabase},
		{"files", "Give this user the right to write to the folder, or name another with --files.", lookAtFiles},
		{"disk", "Free some room: a full disk loses the next hand-in.", lookAtDisk},
		{"clock", "Set the machine's clock; deadlines are the server's.", lookAtClock},
		{"mail", "See that the mail server's name and port are right and that this machine may reach it.", lookAtMail},
		{"jobs", "Read the reasons in the log; letters and files that failed can be ordered again.", lookAtJobs},
	}
}

func lookAtDatabase(ctx context.Context, c config.Config) (string, error) {
	if err := noDatabase(c.Database); err != nil {
		return "", err
	}
	db, err := sqldb.Open(ctx, c.Database, clock.Wall{})
	if err != nil {
		return "", err
	}
	defer db.Close()
	if err := db.Migrate(ctx, migrations.FS); err != nil {
		return "", err
	}
	if db.Dialect == sqldb.SQLite {
		state, err := sqldb.Value[string](ctx, db, `PRAGMA quick_check`)
		if err != nil {
			return "", err
		}
		if state != "ok" {
			return "", fmt.Errorf("the file is damaged: %s", state)
		}
	}
	editions, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM editions`)
	return fmt.Sprintf("%s answers; editions: %d", db.Dialect, editions), err
}

func lookAtFiles(_ context.Context, c config.Config) (string, error) {
	if strings.HasPrefix(c.Files, "s3://") {
		return "kept in a bucket, which is not tried here", nil
	}
	if err := os.MkdirAll(c.Files, 0o700); err != nil {
		return "", err
	}
	probe, err := os.CreateTemp(c.Files, ".h48-doctor-")
	if err != nil {
		return "", err
	}
	if err := probe.Close(); err != nil {
		return "", err
	}
	return c.Files + " can be written to", os.Remove(probe.Name())
}

// leastRoom is how much room a disk should have left, in bytes.
const leastRoom = 1 << 30

func lookAtDisk(_ context.Context, c config.Config) (string, error) {
	place := "."
	if file, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		place = filepath.Dir(file)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(place, &disk); err != nil {
		return "", fmt.Errorf("looking at the disk of %s: %w", place, err)
	}
	free := disk.Bavail * uint64(disk.Bsize) //nolint:gosec // a block's size is no negative number
	if free < leastRoom {
		return "", fmt.Errorf("only %d MB are free", free>>20)
	}
	return fmt.Sprintf("%d GB are free", free>>30), nil
}

// mostApart is how far another machine's clock may be from this one's.
const mostApart = 30 * time.Second

// lookAtClock compares the clock with those of the machines that answer over HTTP: the
// files' bucket, and what stands before this installation at its public address.
func lookAtClock(ctx context.Context, c config.Config) (string, error) {
	now := clock.Wall{}.Now()
	if now.Year() < 2024 {
		return "", fmt.Errorf("it shows %s", now.Format(time.RFC3339))
	}
	var peers []string
	if c.URL != "" {
		peers = append(peers, c.URL)
	}
	if u, err := url.Parse(c.Files); err == nil && u.Scheme == "s3" {
		scheme := "https://"
		if u.Query().Has("plain") {
			scheme = "http://"
		}
		peers = append(peers, scheme+u.Host)
	}
	agreed := 0
	for _, peer := range peers {
		apart, err := apartFrom(ctx, peer)
		if err != nil {
			continue // it does not say; whether it answers is looked at elsewhere
		}
		if apart.Abs() > mostApart {
			return "", fmt.Errorf("it shows %s, %s from the clock of %s", now.Format(time.RFC3339), apart.Round(time.Second), peer)
		}
		agreed++
	}
	if agreed == 0 {
		return "shows " + now.Format(time.RFC3339) + "; nobody to compare it with: look at your watch", nil
	}
	return fmt.Sprintf("shows %s, as %d other machines do", now.Format(time.RFC3339), agreed), nil
}

// apartFrom is how far this clock is ahead of the one that dates the peer's answers.
func apartFrom(ctx context.Context, peer string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, peer, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	theirs, err := http.ParseTime(response.Header.Get("Date"))
	return clock.Wall{}.Now().Sub(theirs), err
}

func lookAtMail(ctx context.Context, c config.Config) (string, error) {
	if c.Mail.Server == "" {
		return "no server is set: e-mails are only written to the log", nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.Mail.Server)
	if err != nil {
		return "", err
	}
	return c.Mail.Server + " answers", conn.Close()
}

func lookAtJobs(ctx context.Context, c config.Config) (string, error) {
	if err := noDatabase(c.Database); err != nil {
		return "none yet", nil //nolint:nilerr // the database has said so
	}
	db, err := sqldb.Open(ctx, c.Database, clock.Wall{})
	if err != nil {
		return "", err
	}
	defer db.Close()
	failed, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE state = $1`, string(jobs.Failed))
	if err != nil {
		return "", err
	}
	if failed > 0 {
		return "", fmt.Errorf("%d jobs failed for good", failed)
	}
	waiting, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE state = $1`, string(jobs.Waiting))
	return fmt.Sprintf("none failed, %d wait", waiting), err
}
