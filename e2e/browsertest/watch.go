package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watcher collects what a page complains of. A form refused with 4xx is an
// answer, not a complaint; a style, script or picture that is missing is one,
// and so is every 5xx.
type watcher struct {
	mu      sync.Mutex
	heard   []string
	allowed []string
}

// Allow lets the page complain in words that contain any of these, for a test
// that provokes them.
func (p *Page) Allow(words ...string) {
	p.watcher.mu.Lock()
	defer p.watcher.mu.Unlock()
	p.watcher.allowed = append(p.watcher.allowed, words...)
}

// hear is called by the browser's connection for each event, and must not wait.
func (w *watcher) hear(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && e.Entry.Source != log.SourceNetwork {
			w.add(e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			w.add(spoken(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.add(e.ExceptionDetails.Error())
	case *network.EventResponseReceived:
		w.hearAnswer(e)
	}
}

func (w *watcher) hearAnswer(e *network.EventResponseReceived) {
	status := e.Response.Status
	asked := e.Type == network.ResourceTypeDocument || e.Type == network.ResourceTypeFetch || e.Type == network.ResourceTypeXHR
	if status >= 500 || status >= 400 && !asked {
		w.add(fmt.Sprintf("%s answered %d", e.Response.URL, status))
	}
}

func (w *watcher) add(complaint string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, complaint)
}

func (w *watcher) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.heard), func(complaint string) bool {
		return slices.ContainsFunc(w.allowed, func(words string) bool { return strings.Contains(complaint, words) })
	})
}

func spoken(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a.Description != "" {
			words = append(words, a.Description)
		} else {
			words = append(words, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(words, " ")
}

// awaiting lets an expression that gives a promise give the promise's value.
func awaiting(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
