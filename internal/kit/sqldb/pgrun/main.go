// Command pgrun runs another command with a throw-away PostgreSQL server beside it:
//
//	go run ./internal/kit/sqldb/pgrun go test ./...
//
// The command finds the server's address in H48_TEST_PG. Where no PostgreSQL is
// installed, pgrun says so and runs the command without; with H48_NEED_PG=1 it refuses.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"h48/internal/kit/clock"
	"h48/internal/kit/sqldb"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: pgrun COMMAND [ARGUMENT ...]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgrun:", err)
		code = 1
	}
	os.Exit(code)
}

func run(ctx context.Context, command []string) (code int, err error) {
	bin := binaries()
	if bin == "" {
		if os.Getenv("H48_NEED_PG") != "" {
			return 1, errors.New("no PostgreSQL is installed; apt-get install postgresql")
		}
		fmt.Fprintln(os.Stderr, "pgrun: no PostgreSQL is installed, so the tests run on SQLite alone; apt-get install postgresql brings the rest")
		return execute(ctx, command, nil)
	}
	dir, err := os.MkdirTemp("", "h48-postgres")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	server, address, err := start(ctx, bin, dir)
	if err != nil {
		return 1, err
	}
	defer func() {
		_ = server.Process.Signal(syscall.SIGINT) // fast shutdown
		_ = server.Wait()
	}()
	return execute(ctx, command, []string{"H48_TEST_PG=" + address})
}

// binaries is the folder of the newest PostgreSQL: Debian keeps them off the PATH.
func binaries() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err == nil && len(found) > 0 {
		return filepath.Dir(slices.Max(found))
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// start makes a cluster in dir and starts its server on a free port. PostgreSQL refuses
// to run as root, so root lends it to the user postgres.
func start(ctx context.Context, bin, dir string) (*exec.Cmd, string, error) {
	attr, err := owner(dir)
	if err != nil {
		return nil, "", err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("making a cluster: %w: %s", err, out)
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, "", err
	}
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-c", "listen_addresses=127.0.0.1",
		"-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "log_min_messages=panic")
	server.SysProcAttr, server.Dir, server.Stderr = attr, dir, os.Stderr
	if err := server.Start(); err != nil {
		return nil, "", fmt.Errorf("starting PostgreSQL: %w", err)
	}
	address := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	return server, address, ready(ctx, address)
}

// owner gives the folder to the user that PostgreSQL may run as.
func owner(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // an interrupt is for us to pass on
	if os.Getuid() != 0 {
		return attr, nil
	}
	pg, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres: %w", err)
	}
	uid, err1 := strconv.Atoi(pg.Uid)
	gid, err2 := strconv.Atoi(pg.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of a local user
	return attr, nil
}

func freePort(ctx context.Context) (int, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		db, err := sqldb.Open(ctx, address, clock.Wall{})
		if err == nil {
			return db.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func execute(ctx context.Context, command, env []string) (int, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, append(os.Environ(), env...)
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}
