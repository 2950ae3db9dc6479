// Command load asks a running H48 for many things at once and prints what it saw as JSON.
// It runs in a process of its own, so that what it costs is not measured as the program's.
//
//	load get URL 32 3s            32 clients read one address for 3 seconds
//	load handin BASE SLUG 4000    hand-ins by the sessions whose tokens stand on stdin
//	load live URL 5000            5,000 open pages; prints "ready", then waits for a touch
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Seen is what a load saw.
type Seen struct {
	Requests int     `json:"requests"`
	Failed   int     `json:"failed"`
	Seconds  float64 `json:"seconds"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	// Last is when the last open page was told, in nanoseconds since 1970.
	Last int64 `json:"last,omitempty"`
}

func main() {
	seen, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		os.Exit(1)
	}
}

func run(args []string) (Seen, error) {
	raiseFiles()
	switch {
	case len(args) == 4 && args[0] == "get":
		clients, err := strconv.Atoi(args[2])
		if err != nil {
			return Seen{}, err
		}
		length, err := time.ParseDuration(args[3])
		if err != nil {
			return Seen{}, err
		}
		return get(args[1], clients, length), nil
	case len(args) == 4 && args[0] == "handin":
		count, err := strconv.Atoi(args[3])
		if err != nil {
			return Seen{}, err
		}
		tokens, err := io.ReadAll(os.Stdin)
		if err != nil {
			return Seen{}, err
		}
		return handIn(args[1]+"/api/v1/e/"+args[2]+"/project/handin", strings.Fields(string(tokens)), count), nil
	case len(args) == 3 && args[0] == "live":
		pages, err := strconv.Atoi(args[2])
		if err != nil {
			return Seen{}, err
		}
		return live(args[1], pages)
	}
	return Seen{}, fmt.Errorf("usage: load get URL CLIENTS TIME | load handin BASE SLUG COUNT | load live URL PAGES")
}

// raiseFiles lets the process open as many connections as the machine allows.
func raiseFiles() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // as it was, then
	}
}

// gauge gathers how long each request took.
type gauge struct {
	mu     sync.Mutex
	took   []time.Duration
	failed int
}

func (g *gauge) add(took time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.took = append(g.took, took)
	if !ok {
		g.failed++
	}
}

func (g *gauge) seen(began time.Time) Seen {
	s := Seen{Requests: len(g.took), Failed: g.failed, Seconds: time.Since(began).Seconds()}
	slices.Sort(g.took)
	if n := len(g.took); n > 0 {
		s.P50, s.P99 = milli(g.took[n/2]), milli(g.took[n*99/100])
	}
	return s
}

func milli(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// get reads the address as strangers' browsers do: compressed, over kept connections.
func get(url string, clients int, length time.Duration) Seen {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var g gauge
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				request, err := http.NewRequest(http.MethodGet, url, nil)
				if err != nil {
					return
				}
				request.Header.Set("Accept-Encoding", "gzip")
				from := time.Now()
				ok := answered(client, request)
				g.add(time.Since(from), ok)
			}
		})
	}
	all.Wait()
	return g.seen(began)
}

func answered(client *http.Client, request *http.Request) bool {
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// handIn lets every session hand in, one after the other, all sessions at once.
func handIn(url string, tokens []string, count int) Seen {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(tokens)}}
	var g gauge
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for _, token := range tokens {
		all.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(count) {
					return
				}
				body := fmt.Sprintf(`{"content": {"title": "Le guichet", "pitch": "Un guichet pour tous", "description": "Version %d"}}`, n)
				request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
				if err != nil {
					return
				}
				request.Header.Set("Content-Type", "application/json")
				request.Header.Set("Authorization", "Bearer "+token)
				from := time.Now()
				ok := answered(client, request)
				g.add(time.Since(from), ok)
			}
		})
	}
	all.Wait()
	return g.seen(began)
}

// live opens pages' event streams, says when all of them are open, and waits until each
// was told of a touch.
func live(url string, pages int) (Seen, error) {
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0}}
	opened, told := make(chan error, pages), make(chan time.Time, pages)
	gate := make(chan struct{}, 64) // so many connect at once
	began := time.Now()
	for range pages {
		go func() {
			gate <- struct{}{}
			response, err := client.Get(url)
			<-gate
			if err != nil {
				opened <- err
				return
			}
			lines := bufio.NewScanner(response.Body)
			lines.Scan()
			opened <- lines.Err()
			for lines.Scan() {
				if lines.Text() == "event: touch" {
					told <- time.Now()
					return
				}
			}
		}()
	}
	for range pages {
		if err := <-opened; err != nil {
			return Seen{}, fmt.Errorf("opening a page: %w", err)
		}
	}
	fmt.Println("ready")
	last := time.Time{}
	for range pages {
		select {
		case at := <-told:
			if at.After(last) {
				last = at
			}
		case <-time.After(time.Minute):
			return Seen{}, fmt.Errorf("a page was never told")
		}
	}
	return Seen{Requests: pages, Seconds: time.Since(began).Seconds(), Last: last.UnixNano()}, nil
}
