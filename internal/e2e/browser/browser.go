// Package browser drives Debian's Chromium for the journeys and for the screenshots of
// the guides.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// ErrMissing says that no Chromium is installed: apt-get install chromium.
var ErrMissing = errors.New("no chromium is installed")

// Open starts a browser with nothing in it; cancel closes it and what it kept.
func Open(ctx context.Context) (browser context.Context, cancel func(), err error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, ErrMissing
	}
	dir, err := os.MkdirTemp("", "h48-chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("making the browser's folder: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-first-run", true), chromedp.Flag("hide-scrollbars", true), chromedp.WindowSize(1440, 900))
	allocated, free := chromedp.NewExecAllocator(ctx, options...)
	browser, closeBrowser := chromedp.NewContext(allocated)
	cancel = func() {
		closeBrowser()
		free()
		_ = os.RemoveAll(dir)
	}
	if err := chromedp.Do(browser); err != nil { // the first run must carry no deadline
		cancel()
		return nil, nil, fmt.Errorf("starting chromium: %w", err)
	}
	return browser, cancel, nil
}

// Tab opens a tab of the browser with a memory of its own: another person's device.
func Tab(browser context.Context) (tab context.Context, cancel func()) {
	return chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
}

// Device is the size and the taste of a screen.
type Device struct {
	Width, Height int64
	Phone         bool
	Lang          string // "fr-FR"
}

// Be makes the tab the device.
func Be(d Device) chromedp.Tasks {
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(d.Width, d.Height, 1, d.Phone),
		network.Enable(),
		network.SetExtraHTTPHeaders(network.Headers{"Accept-Language": d.Lang}),
	}
}

// Settle waits until the page's scripts have had their turn.
const Settle = 300 * time.Millisecond
