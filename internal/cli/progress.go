package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// progress shows how far something is: in a terminal as one line that fills up, in a
// file or a pipe as a line for every tenth.
type progress struct {
	w        io.Writer
	terminal bool
	last     string
	tenth    int
	ended    atomic.Bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, tenth: -1}
	if file, is := w.(*os.File); is {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

const barWidth = 30

// show says what is being done, and which share of all is behind; it is for one
// goroutine.
func (p *progress) show(what string, share float64) {
	if p.ended.Load() {
		return
	}
	share = min(max(share, 0), 1)
	if !p.terminal {
		if tenth := int(share * 10); tenth > p.tenth {
			p.tenth = tenth
			fmt.Fprintf(p.w, "%3.0f %%  %s\n", share*100, what)
		}
		return
	}
	filled := int(share * barWidth)
	line := fmt.Sprintf("%s%s %3.0f %%  %-44s", strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled), share*100, what)
	if line != p.last {
		fmt.Fprintf(p.w, "\r%s", line)
		p.last = line
	}
}

// done clears the line; what comes after is not shown.
func (p *progress) done() {
	p.ended.Store(true)
	if p.terminal {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", barWidth+56))
	}
}
