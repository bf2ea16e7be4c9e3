package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A load asks one server for the same addresses again and again over
// connections that stay open. It reads answers with little work of its own, so
// that what is measured is the server.
type load struct {
	addr     string
	requests [][]byte // taken in turn
	conns    int
}

// mark stands in a request where each that is sent has a number of its own, so
// that no two change a thing to the same.
const mark = "@0000000@"

var sent atomic.Int64

// number gives a request that is sent its number, into a copy.
func (c *client) number(request []byte) []byte {
	at := bytes.Index(request, []byte(mark))
	if at < 0 {
		return request
	}
	c.out = append(c.out[:0], request...)
	copy(c.out[at:], nextMark())
	return c.out
}

func nextMark() string { return fmt.Sprintf("@%07d@", sent.Add(1)) }

func numbered(r request) request {
	r.body = strings.Replace(r.body, mark, nextMark(), 1)
	return r
}

// figures are what a load saw.
type figures struct {
	rate   float64       // answers a second
	p50    time.Duration // of an answer
	cpu    time.Duration // of this process, client and server, for each answer
	allocs float64       // for each answer
	size   int           // bytes of an answer's body, mean
}

// run keeps up the load for a while.
func (l load) run(b *testing.B, d time.Duration) figures {
	b.Helper()
	clients := make([]*client, l.conns)
	for i := range clients {
		clients[i] = dial(b, l.addr)
		defer func() { _ = clients[i].conn.Close() }()
		clients[i].times = make([]time.Duration, 0, 1<<13)
		clients[i].ask(b, l.requests[0]) // the first answer on a connection is not counted
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, began := cpuUsed(), time.Now()
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() { c.until(b, began.Add(d), l.requests, i) })
	}
	all.Wait()
	took, used := time.Since(began), cpuUsed()-cpu
	runtime.ReadMemStats(&after)
	return sum(clients, took, used, after.Mallocs-before.Mallocs)
}

func sum(clients []*client, took, cpu time.Duration, mallocs uint64) figures {
	var times []time.Duration
	size := 0
	for _, c := range clients {
		times, size = append(times, c.times...), size+c.size
	}
	n := max(len(times), 1)
	slices.Sort(times)
	f := figures{rate: float64(len(times)) / took.Seconds(), cpu: cpu / time.Duration(n), allocs: float64(mallocs) / float64(n), size: size / n}
	if len(times) > 0 {
		f.p50 = times[len(times)/2]
	}
	return f
}

// client is one connection.
type client struct {
	conn  net.Conn
	in    *bufio.Reader
	out   []byte
	times []time.Duration
	size  int
}

func dial(b *testing.B, addr string) *client {
	b.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
}

func (c *client) until(b *testing.B, end time.Time, requests [][]byte, first int) {
	for i := first; ; i++ {
		asked := time.Now()
		if !asked.Before(end) {
			return
		}
		c.size += c.ask(b, requests[i%len(requests)])
		c.times = append(c.times, time.Since(asked))
	}
}

// ask sends a request and reads its answer, which must be 200 or send on; it gives
// the length of the body.
func (c *client) ask(b *testing.B, request []byte) int {
	if _, err := c.conn.Write(c.number(request)); err != nil {
		b.Error(err)
		return 0
	}
	size, err := c.answer()
	if err != nil {
		b.Errorf("%s: %v", bytes.SplitN(request, []byte("\r\n"), 2)[0], err)
	}
	return size
}

// answer reads one answer without making anything of it.
func (c *client) answer() (int, error) {
	first, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(first, []byte("HTTP/1.1 200")) && !bytes.HasPrefix(first, []byte("HTTP/1.1 303")) {
		return 0, fmt.Errorf("answered %s", bytes.TrimSpace(first))
	}
	length := -1
	for {
		h, err := c.in.ReadSlice('\n')
		if err != nil || len(h) <= 2 {
			return c.body(length, err)
		}
		if value, ok := bytes.CutPrefix(h, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		}
	}
}

// body skips a body of a length, or one in chunks when there is none.
func (c *client) body(length int, err error) (int, error) {
	if err != nil || length >= 0 {
		return c.in.Discard(max(length, 0))
	}
	for size := 0; ; {
		h, err := c.in.ReadSlice('\n')
		if err != nil {
			return size, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(h)), 16, 32)
		if err != nil {
			return size, err
		}
		if _, err := c.in.Discard(int(n) + 2); err != nil || n == 0 {
			return size, err
		}
		size += int(n)
	}
}

// sides puts two loads to work in turns, the first of a round changing, after
// one round that is not counted.
func sides(b *testing.B, one, two load) (ones, twos []figures) {
	b.Helper()
	one.run(b, turn()/2)
	two.run(b, turn()/2)
	for i := range rounds() {
		if i%2 == 0 {
			ones, twos = append(ones, one.run(b, turn())), append(twos, two.run(b, turn()))
		} else {
			twos, ones = append(twos, two.run(b, turn())), append(ones, one.run(b, turn()))
		}
		if b.Failed() {
			b.FailNow()
		}
	}
	return ones, twos
}

// each gives one figure of every round.
func each(all []figures, pick func(figures) float64) []float64 {
	out := make([]float64, len(all))
	for i, f := range all {
		out[i] = pick(f)
	}
	return out
}

// ratio is the median over the rounds of a figure of one side to that of the other.
func ratio(ones, twos []figures, pick func(figures) float64) float64 {
	r := make([]float64, len(ones))
	for i := range ones {
		r[i] = pick(ones[i]) / pick(twos[i])
	}
	return median(r)
}

func rate(f figures) float64    { return f.rate }
func latency(f figures) float64 { return float64(f.p50) / 1e3 }
func cpu(f figures) float64     { return float64(f.cpu) / 1e3 }
func allocs(f figures) float64  { return f.allocs }
