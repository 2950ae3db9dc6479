package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/ids"
	"h48/internal/kit/obs"
)

// Serve runs the program for an organisation.
type Serve struct {
	config.Config `embed:""`
	configured
}

// nextPorts is how many ports after a taken one are tried.
const nextPorts = 20

// drain is how long a stop waits for answers that are being written.
const drain = 10 * time.Second

// Run serves until it is interrupted.
func (s *Serve) Run(r *Run) error {
	if err := s.Check(); err != nil {
		return Exit{Code: 2, Err: err}
	}
	if err := noFolder(s.Database); err != nil {
		return err
	}
	listener, err := listen(r, s.Listen)
	if err != nil {
		return err
	}
	s.Listen = serving(s.Listen, listener)
	log := obs.Logger(r.Streams.Err, s.Log.Level, s.Log.Format)
	wall := clock.Wall{}
	a, err := app.New(r.Context, s.Config, app.Parts{Clock: wall, IDs: ids.NewSource(wall.Now), Log: log})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(r.Out, "H48 is open on %s\n", s.Base())
	first, err := a.FirstURL(r.Context)
	if err != nil {
		return errors.Join(err, listener.Close(), a.Close())
	}
	if first != "" {
		fmt.Fprintf(r.Out, "Nobody looks after this installation yet. Open this once, in your browser:\n%s\n", first)
	}
	a.Start()
	err = serve(r.Context, listener, a.Handler())
	a.Stop()
	return errors.Join(err, a.Close())
}

// listen takes the address, or says that its port is taken and takes the next free one.
func listen(r *Run, address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, Exit{Code: 2, Err: fmt.Errorf("--listen wants HOST:PORT: %w", err)}
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, Exit{Code: 2, Err: fmt.Errorf("--listen wants a port in numbers: %w", err)}
	}
	for next := port; ; next++ {
		l, err := (&net.ListenConfig{}).Listen(r.Context, "tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || next == port+nextPorts {
			if err != nil {
				return nil, fmt.Errorf("opening %s: %w", address, err)
			}
			if next != port && port != 0 {
				fmt.Fprintf(r.Streams.Err, "Port %d is taken by another program; using %d.\n", port, next)
			}
			return l, nil
		}
	}
}

// serving is the address that people type: the host that was asked for, and the port that
// was found.
func serving(asked string, l net.Listener) string {
	host, _, err := net.SplitHostPort(asked)
	_, port, err2 := net.SplitHostPort(l.Addr().String())
	if err != nil || err2 != nil || host == "" {
		return l.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// serve answers until the context ends, then lets what is being answered finish. Event
// streams end at once: pages take them up again by themselves.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	streams, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return streams }}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		endStreams()
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	// Requests get a moment before their context ends with the streams'.
	timer := time.AfterFunc(time.Second, endStreams)
	defer timer.Stop()
	defer endStreams()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}
