package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"h48/internal/bench/arena"
	"h48/internal/project"
)

// workshop is the folder of what the tests build; TestMain removes it.
var workshop string

// built is the real binary, built once for all sessions.
var built = sync.OnceValues(func() (path string, err error) {
	if workshop, err = os.MkdirTemp("", "h48-e2e-binary-"); err != nil {
		return "", err
	}
	path = filepath.Join(workshop, "h48")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "h48/cmd/h48")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return path, fmt.Errorf("building: %w\n%s", err, out)
	}
	return path, nil
})

// command is the binary with arguments, in a folder.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	whole(t)
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	return cmd
}

// session is a running h48 serve.
type session struct {
	t      *testing.T
	cmd    *exec.Cmd
	base   string
	stderr bytes.Buffer
	out    *bufio.Reader
}

// begin starts h48 serve in the folder and waits until it is open.
func begin(t *testing.T, dir string, args ...string) *session {
	t.Helper()
	s := &session{t: t, cmd: command(t, dir, append([]string{"serve"}, args...)...)}
	s.cmd.Stderr = &s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() }) // gone already where all went well
	s.out = bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	if err != nil || !strings.Contains(line, "http://") {
		t.Fatalf("it says %q, %v\n%s", line, err, s.stderr.String())
	}
	s.base = strings.TrimSpace(line[strings.Index(line, "http://"):])
	if got := s.get("/healthz", ""); got != http.StatusOK {
		t.Fatalf("its health is %d", got)
	}
	return s
}

// end sends the signal and waits for the process.
func (s *session) end(signal os.Signal) error {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	return s.cmd.Wait()
}

func (s *session) get(path, token string) int {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestBinary_takesTheNextPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := begin(t, t.TempDir(), "--listen", taken.Addr().String())
	if s.base == "http://"+taken.Addr().String() || s.get("/sign-in", "") != http.StatusOK {
		t.Errorf("it is on %s", s.base)
	}
	first, err := s.out.ReadString('\n')
	if err != nil || !strings.Contains(first, "Nobody looks after this installation yet") {
		t.Errorf("then it says %q, %v", first, err)
	}
	if err := s.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if !strings.Contains(s.stderr.String(), "is taken by another program; using") {
		t.Errorf("of the port it says %q", s.stderr.String())
	}
}

// What is being answered when the program is told to stop is answered.
func TestBinary_stopsWithoutDroppingAnybody(t *testing.T) {
	t.Parallel()
	s := begin(t, t.TempDir(), "--listen", "127.0.0.1:0")
	host := strings.TrimPrefix(s.base, "http://")
	visitor, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer visitor.Close()
	const form = "email=awa%40example.org"
	fmt.Fprintf(visitor, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", host, len(form))
	answer := bufio.NewReader(visitor)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100") { // the program is reading the form
		t.Fatalf("it says %q, %v", line, err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t.Context(), t, func() bool {
		conn, err := net.DialTimeout("tcp", host, time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, func() string { return "the port is closed to new visitors" })
	if _, err := io.WriteString(visitor, form); err != nil {
		t.Fatal(err)
	}
	if _, err := answer.ReadString('\n'); err != nil { // the end of "100 Continue"
		t.Fatal(err)
	}
	response, err := http.ReadResponse(answer, nil)
	if err != nil || response.StatusCode != http.StatusSeeOther {
		t.Errorf("the visitor of the last moment: %+v, %v", response, err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ends with %v\n%s", err, s.stderr.String())
	}
}

// The program is killed while 20 teams hand in as fast as they can: every version that
// it acknowledged is there afterwards, and everybody is still signed in.
func TestBinary_killedLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command(t, dir) // skips, or builds
	a, err := arena.Open(t.Context(), dir, 20)
	if err != nil {
		t.Fatal(err)
	}
	slug, tokens := a.Edition.Slug, a.Tokens
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	s := begin(t, dir, "--listen", "127.0.0.1:0")
	if got := s.get("/me", tokens[0]); got != http.StatusSeeOther {
		t.Errorf("before, a session's own page is %d", got)
	}
	acknowledged := make([]project.Receipt, len(tokens))
	var some sync.WaitGroup // ends when every team has three versions
	var all sync.WaitGroup
	for i, token := range tokens {
		some.Add(1)
		all.Go(func() {
			waited := sync.OnceFunc(some.Done)
			defer waited()
			for n := 1; ; n++ {
				receipt, err := deliver(s.base, slug, token, n)
				if err != nil {
					return // the program is gone
				}
				acknowledged[i] = receipt
				if n == 3 {
					waited()
				}
			}
		})
	}
	some.Wait()
	_ = s.end(syscall.SIGKILL) // says that it was killed
	all.Wait()

	again := begin(t, dir, "--listen", "127.0.0.1:0")
	if got := again.get("/me", tokens[0]); got != http.StatusSeeOther {
		t.Errorf("after the restart, a session's own page is %d", got)
	}
	for i, token := range tokens {
		kept := versions(t, again.base, slug, token)
		want := acknowledged[i]
		if want.Version < 3 {
			t.Fatalf("team %d had only %d versions", i, want.Version)
		}
		if len(kept) < want.Version || kept[len(kept)-want.Version].Digest != want.Digest {
			t.Errorf("team %d: version %d was acknowledged, and %d are kept", i, want.Version, len(kept))
		}
	}
	if err := again.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}

func deliver(base, slug, token string, n int) (receipt project.Receipt, err error) {
	body := fmt.Sprintf(`{"content": {"title": "Le guichet", "pitch": "Un guichet pour tous", "description": "Version %d"}}`, n)
	return receipt, ask48(http.MethodPost, base+"/api/v1/e/"+slug+"/project/handin", token, body, &receipt)
}

func versions(t *testing.T, base, slug, token string) []project.Receipt {
	t.Helper()
	var history project.History
	if err := ask48(http.MethodGet, base+"/api/v1/e/"+slug+"/project/versions", token, "", &history); err != nil {
		t.Fatal(err)
	}
	return history.Versions
}

// ask48 asks the API and reads its answer.
func ask48(method, url, token, body string, answer any) error {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s: %s", response.Status, text)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

func TestBinary_listsEverySetting(t *testing.T) {
	t.Parallel()
	out, err := command(t, t.TempDir(), "serve", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--listen", "--url", "--database", "--files", "--nats", "--mail-server", "--mail-user",
		"--mail-password", "--mail-security", "--mail-from", "--mail-from-name", "--log-level", "--log-format", "--jobs", "--config", "H48_DATABASE"} {
		if !strings.Contains(string(out), flag) {
			t.Errorf("the help does not name %s", flag)
		}
	}
}

// A backup of a program that runs is read into an empty database, where the doctor finds
// nothing wrong and people are as they were.
func TestBinary_backupRestoreDoctor(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	command(t, dir) // skips, or builds
	a, err := arena.Open(t.Context(), dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	tokens := a.Tokens
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	s := begin(t, dir, "--listen", "127.0.0.1:0")
	if _, err := deliver(s.base, a.Edition.Slug, tokens[0], 1); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(other, "backup")
	for _, step := range []*exec.Cmd{command(t, dir, "backup", backup), command(t, other, "restore", backup), command(t, other, "doctor")} {
		if out, err := step.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", step.Args[1:], err, out)
		}
	}
	copied := begin(t, other, "--listen", "127.0.0.1:0")
	if got := versions(t, copied.base, a.Edition.Slug, tokens[0]); len(got) != 1 || got[0].Content.Title != "Le guichet" {
		t.Errorf("in the copy, %+v", got)
	}
	for _, one := range []*session{s, copied} {
		if err := one.end(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	}
}

// The two commands of the README, on a fresh clone.
func TestBinary_freshClone(t *testing.T) {
	whole(t)
	clone := filepath.Join(t.TempDir(), "h48")
	if out, err := exec.Command("git", "clone", "--quiet", "--depth", "1", "file://"+root(t), clone).CombinedOutput(); err != nil {
		t.Skipf("this is no clone of the repository: %v\n%s", err, out)
	}
	plan := exec.Command("make", "-n", "demo")
	plan.Dir = clone
	if out, err := plan.CombinedOutput(); err != nil || !strings.Contains(string(out), "run ./cmd/h48 demo") {
		t.Errorf("make demo would do %s, %v", out, err)
	}
	demo := exec.Command("go", "run", "./cmd/h48", "demo", "--listen", "127.0.0.1:0")
	demo.Dir, demo.Env = clone, append(os.Environ(), "GOFLAGS=-trimpath") // what is built already is the clone's too
	demo.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}                // go run and what it runs end together
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	demo.Stderr = &said
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = syscall.Kill(-demo.Process.Pid, syscall.SIGTERM)
		_ = demo.Wait() // ended by the signal
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			response, err := http.Get(strings.Fields(lines.Text()[at:])[0])
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("the first answer is %s", response.Status)
			}
			return
		}
	}
	t.Errorf("the demo did not open: %s", said.String())
}

// root is the repository's folder.
func root(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Skip("there is no git here: ", err)
	}
	return strings.TrimSpace(string(out))
}
