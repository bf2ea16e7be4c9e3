// Package browsertest drives a real Chromium for tests: pages by width, color
// scheme and with or without JavaScript, the keyboard, axe-core, screenshots.
// One browser runs per test process, with a fresh profile; each Page has its
// own cookies and storage. Whatever a page complains of in its console, and
// every break of its content security policy, fails the test.
package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"

	"lectern/internal/onhand"
)

// patience bounds one step of a test: a page to load, an element to appear.
const patience = 20 * time.Second

// flags keep the browser small, quiet and off the network: it opens what a
// test opens and nothing else.
var flags = []chromedp.ExecAllocatorOption{
	chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
	chromedp.Flag("disable-background-networking", true),
	chromedp.Flag("disable-component-update", true),
	chromedp.Flag("disable-domain-reliability", true),
	chromedp.Flag("disable-client-side-phishing-detection", true),
	chromedp.Flag("disable-default-apps", true),
	chromedp.Flag("disable-extensions", true),
	chromedp.Flag("disable-sync", true),
	chromedp.Flag("disable-quic", true),
	chromedp.Flag("disable-breakpad", true),
	chromedp.Flag("disable-dev-shm-usage", true),
	chromedp.Flag("disable-background-timer-throttling", true),
	chromedp.Flag("disable-renderer-backgrounding", true),
	chromedp.Flag("disable-backgrounding-occluded-windows", true),
	chromedp.Flag("disable-ipc-flooding-protection", true),
	chromedp.Flag("disable-features", strings.Join(unused, ",")),
	chromedp.Flag("disable-field-trial-config", true), // the browser as it is, without experiments
	chromedp.Flag("metrics-recording-only", true),
	chromedp.Flag("no-pings", true),
	chromedp.Flag("no-proxy-server", true),
	chromedp.Flag("password-store", "basic"),
	chromedp.Flag("use-mock-keychain", true),
	chromedp.Flag("force-color-profile", "srgb"),
	chromedp.Flag("hide-scrollbars", true),
	chromedp.WSURLReadTimeout(time.Minute),
}

// unused are parts of the browser that no test looks at. Those from the omnibox
// on would start processes and frames beside the page's own for each window and
// each page, or keep those of pages that were left: half of the work.
var unused = []string{
	"Translate", "OptimizationHints", "MediaRouter", "InterestFeedContentSuggestions", "CertificateTransparencyComponentUpdater",
	"WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI",
	"SpareRendererForSitePerProcess", "BackForwardCache", "RenderDocument",
}

// keeper runs the browser, waits until its standard input closes, which is
// when the test process ends however that happens, and then ends the browser
// and removes its profile. The browser's last helpers may still write there.
// Its own output goes nowhere: a word to a reader that is gone would end it.
const keeper = `profile=$1; shift
"$@" </dev/null & browser=$!
exec >/dev/null 2>&1
cat
kill -KILL "$browser"; wait "$browser"
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$profile" && break; sleep 0.2; done`

// running is the browser of this process. Its lifeline is the keeper's standard
// input, open for as long as the process lives.
type running struct {
	context.Context
	lifeline *os.File
}

// start launches the process's one browser.
var start = sync.OnceValues(func() (*running, error) {
	path, err := onhand.FindBrowser()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "lectern-browser-")
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(profile))
	}
	options := append([]chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { keep(cmd, profile, read) }),
	}, flags...)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	browser, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Run(browser); err != nil { // starts it
		cancel()
		return nil, errors.Join(err, write.Close())
	}
	return &running{browser, write}, read.Close()
})

// keep makes the browser's command one of the keeper.
func keep(cmd *exec.Cmd, profile string, lifeline *os.File) {
	cmd.Args = append([]string{"/bin/sh", "-c", keeper, "keeper", profile, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.Stdin = lifeline
	cmd.Env = []string{"HOME=" + profile, "TMPDIR=" + profile} // beside our own environment
	ownGroup(cmd)
}
