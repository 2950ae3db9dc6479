package bench_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"h48/internal/bench/arena"
	"h48/internal/edition"
	"h48/internal/kit/once"
	"h48/internal/message"
)

// seen is what the load generator prints.
type seen struct {
	Requests, Failed int
	Seconds          float64
	P50              float64 `json:"p50_ms"`
	P99              float64 `json:"p99_ms"`
	Last             int64
}

// workshop is the folder of what the measurements build; TestMain removes it.
var workshop string

// programs are the binaries that the measurements start, built once.
var programs = sync.OnceValues(func() (dir string, err error) {
	if workshop, err = os.MkdirTemp("", "h48-bench-"); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", workshop+string(filepath.Separator), "h48/cmd/h48", "h48/internal/bench/load")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, out)
	}
	return workshop, nil
})

func TestMain(m *testing.M) {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // as it was, then
	}
	code := m.Run()
	if workshop != "" {
		_ = os.RemoveAll(workshop)
	}
	os.Exit(code)
}

// binary is where the program of that name is.
func binary(b *testing.B, name string) string {
	b.Helper()
	dir, err := programs()
	if err != nil {
		b.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// load runs the load generator to its end; lines are its standard input.
func load(b *testing.B, lines []string, args ...string) (s seen) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), binary(b, "load"), args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(lines, "\n")), os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	if err != nil {
		b.Fatalf("load %v: %v", args, err)
	}
	return s
}

// serve answers on a free port and returns its address.
func serve(b *testing.B, handler http.Handler) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	b.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

func closing(b *testing.B, close func() error) {
	if err := close(); err != nil {
		b.Error(err)
	}
}

// BenchmarkStart measures the binary: its size, the time from its start on an empty
// folder to its first answer, and the memory it then holds. The reference is the start of
// the same binary that only prints its help.
func BenchmarkStart(b *testing.B) {
	h48 := binary(b, "h48")
	info, err := os.Stat(h48)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		began := time.Now()
		if err := exec.Command(h48, "--help").Run(); err != nil {
			b.Fatal(err)
		}
		bare := time.Since(began)
		var all []time.Duration
		memory := 0.0
		for range 5 {
			took, rss := started(b, h48)
			all, memory = append(all, took), rss
		}
		slices.Sort(all)
		b.ReportMetric(float64(all[2].Microseconds())/1000, "first-answer-ms")
		b.ReportMetric(float64(bare.Microseconds())/1000, "help-ms")
		b.ReportMetric(memory, "resident-MB")
		b.ReportMetric(float64(info.Size())/(1<<20), "binary-MiB")
	}
}

// started starts the program on an empty folder and stops it after its first answer.
func started(b *testing.B, h48 string) (took time.Duration, rss float64) {
	b.Helper()
	cmd := exec.Command(h48, "serve", "--listen", "127.0.0.1:0")
	cmd.Dir = b.TempDir()
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	address := strings.TrimSpace(line[strings.Index(line, "http"):])
	response, err := http.Get(address + "/sign-in")
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	took = time.Since(began)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("the first answer is %s, %v", response.Status, err)
	}
	_ = response.Body.Close()
	rss = resident(b, cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Errorf("stopping: %v", err)
	}
	return took, rss
}

// resident is the memory that a process holds, in MB, as Linux says.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("this machine does not say how much memory a process holds: ", err)
	}
	kb := 0
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "VmRSS:") {
			_, _ = fmt.Sscanf(line, "VmRSS: %d kB", &kb) // zero is told below
		}
	}
	if kb == 0 {
		b.Fatal("no VmRSS")
	}
	return float64(kb) / 1024
}

// BenchmarkPublicPage measures the page that a poster's QR code leads to, read by 32
// strangers from another process, and the ratio to a bare net/http handler that answers
// with the same bytes.
func BenchmarkPublicPage(b *testing.B) {
	a, err := arena.Open(b.Context(), b.TempDir(), 20)
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, a.Close)
	ours := serve(b, a.Handler()) + a.Edition.URL()
	page, header := fetch(b, ours)
	bare := serve(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		_, _ = w.Write(page)
	}))
	for b.Loop() {
		var ratios, rates []float64
		p99 := 0.0
		for range 3 { // turn about, so that a busy moment of the machine meets both
			reference := load(b, nil, "get", bare, "32", "2s")
			measured := load(b, nil, "get", ours, "32", "2s")
			if measured.Failed+reference.Failed > 0 {
				b.Fatalf("%d and %d requests failed", measured.Failed, reference.Failed)
			}
			rate := float64(measured.Requests) / measured.Seconds
			rates, ratios = append(rates, rate), append(ratios, rate/(float64(reference.Requests)/reference.Seconds))
			p99 = max(p99, measured.P99)
		}
		slices.Sort(rates)
		slices.Sort(ratios)
		b.ReportMetric(rates[1], "pages/s")
		b.ReportMetric(ratios[1], "ratio")
		b.ReportMetric(p99, "p99-ms")
		b.ReportMetric(float64(len(page)), "bytes")
	}
}

// fetch returns a page as it goes over the wire, compressed.
func fetch(b *testing.B, url string) ([]byte, http.Header) {
	b.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%s: %v", response.Status, err)
	}
	if plain, err := gzip.NewReader(bytes.NewReader(page)); err != nil {
		b.Fatalf("the page is not compressed: %v", err)
	} else if text, _ := io.ReadAll(plain); !strings.Contains(string(text), "Amiens") {
		b.Fatal("this is not the public page")
	}
	header := response.Header.Clone()
	header.Del("Date")
	header.Del("Content-Length")
	return page, header
}

// openPages is how many pages of an event in an arena are open at once.
const openPages = 5000

// BenchmarkLive measures how long an announcement takes from the organiser's press to the
// last of 5,000 open pages, which are another process's, and the memory of each page.
func BenchmarkLive(b *testing.B) {
	a, err := arena.Open(b.Context(), b.TempDir(), 3)
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, a.Close)
	server := serve(b, a.Handler())
	for b.Loop() {
		before := resident(b, os.Getpid())
		cmd := exec.CommandContext(b.Context(), binary(b, "load"), "live", server+"/live?t="+edition.Topic(a.Edition.ID)+"&t="+message.Topic(a.Edition.ID), fmt.Sprint(openPages))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewReader(out)
		if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
			b.Fatalf("the pages are not open: %q, %v", line, err)
		}
		each := (resident(b, os.Getpid()) - before) * 1024 / openPages
		pressed := time.Now()
		if _, err := a.Message.Send(b.Context(), a.Boss, a.Edition.ID, message.Draft{Text: "Le dîner est servi", Audience: message.Everyone, Level: message.Now}, once.Action{}); err != nil {
			b.Fatal(err)
		}
		var s seen
		if err := json.NewDecoder(lines).Decode(&s); err != nil {
			b.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Unix(0, s.Last).Sub(pressed).Microseconds())/1000, "last-page-ms")
		b.ReportMetric(each, "kB/page")
	}
}
