package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a person waits for a page to say what it should.
const patience = 45 * time.Second

// chromium is the one browser that all journeys share; everyone has cookies of their own.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop []func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range chromium.stop {
		stop()
	}
	if workshop != "" {
		_ = os.RemoveAll(workshop)
	}
	os.Exit(code)
}

func startChromium() {
	path, err := exec.LookPath("chromium")
	if err != nil {
		chromium.err = err
		return
	}
	profile, err := os.MkdirTemp("", "h48-e2e-chromium-")
	if err != nil {
		chromium.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile))
	for _, flag := range []string{"disable-gpu", "disable-quic", "disable-component-update"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	chromium.ctx = ctx
	chromium.stop = []func(){stop, stopAlloc, func() { _ = os.RemoveAll(profile) }}
	chromium.err = chromedp.Do(ctx) // starts the browser; this call must carry no timeout
}

// needChromium skips the test where there is no Chromium; where H48_NEED_CHROMIUM says
// that there must be one, it fails.
func needChromium(t testing.TB) {
	t.Helper()
	whole(t)
	chromium.once.Do(startChromium)
	switch {
	case chromium.err == nil:
	case os.Getenv("H48_NEED_CHROMIUM") != "":
		t.Fatalf("H48_NEED_CHROMIUM is set, and there is no Chromium: %v", chromium.err)
	default:
		t.Skipf("no Chromium to walk in; install Debian's package chromium: %v", chromium.err)
	}
}
