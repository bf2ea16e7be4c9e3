package api

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A person may be sent this many sign-in links in this time, whoever asks for them.
const (
	lettersEach = 5
	lettersPer  = 15 * time.Minute
)

// maxWatched is how many names a limiter keeps before it forgets those at rest.
const maxWatched = 10_000

// A limiter lets each name do n things in a time, and not more.
type limiter struct {
	n     int
	every rate.Limit
	mu    sync.Mutex
	by    map[string]*rate.Limiter
}

func newLimiter(n int, per time.Duration) *limiter {
	return &limiter{n: n, every: rate.Every(per / time.Duration(n)), by: map[string]*rate.Limiter{}}
}

// take counts one thing done by name; 429 with Retry-After when it is one too many.
func (l *limiter) take(now time.Time, name string) error {
	return l.count(now, name, func() error { return nil })
}

// count does a thing for name, unless it is one too many: take. What failed does
// not count.
func (l *limiter) count(now time.Time, name string, do func() error) error {
	r, err := l.reserve(now, name)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		r.CancelAt(now)
		return err
	}
	return nil
}

func (l *limiter) reserve(now time.Time, name string) (*rate.Reservation, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.by[name]
	if !ok {
		l.forget(now)
		one = rate.NewLimiter(l.every, l.n)
		l.by[name] = one
	}
	r := one.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait <= 0 {
		return r, nil
	}
	r.CancelAt(now)
	return nil, &fault{status: http.StatusTooManyRequests, code: "too_many_requests", detail: "There were too many requests in a short time. Nothing was changed. Wait a little.", retry: wait}
}

// forget drops the names that have all their tokens back.
func (l *limiter) forget(now time.Time) {
	if len(l.by) < maxWatched {
		return
	}
	for name, one := range l.by {
		if one.TokensAt(now) >= float64(l.n) {
			delete(l.by, name)
		}
	}
}
