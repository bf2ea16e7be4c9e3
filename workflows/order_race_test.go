package workflows_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"lectern/domain"
	"lectern/internal/pgtest"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// long asks for all twenty rounds of the races: go test ./workflows -run Race with
// LECTERN_TEST_LONG=1.
func saleRounds() int {
	if os.Getenv("LECTERN_TEST_LONG") != "" {
		return 20
	}
	return 2
}

const (
	raceBuyers   = 200
	raceSeats    = 50
	raceTogether = 32 // goroutines
)

// TestSaleRace lets 200 buyers want 1 to 9 of 50 seats at once, and do all a buyer
// does, again and again: never is a seat sold twice, and what lectern check proves
// holds after each round.
func TestSaleRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, raceSeats, 3*7900)
		for round := range saleRounds() {
			bought := w.stampede(round)
			if taken := w.taken(); taken > raceSeats || taken != bought {
				t.Fatalf("round %d: %d of %d seats are taken, buyers have %d", round, taken, raceSeats, bought)
			}
			if w.refused.Swap(0) == 0 {
				t.Fatalf("round %d: nobody found it sold out, so nothing was tried", round)
			}
			w.proven()
			w.endAll()
		}
	})
}

// stampede runs all buyers, and gives how many seats they have afterwards.
func (w *sale) stampede(round int) int {
	w.t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	bought, jobs := 0, make(chan int)
	for range raceTogether {
		all.Go(func() {
			for i := range jobs {
				n, err := w.buy(w.t.Context(), rand.New(rand.NewPCG(uint64(round), uint64(i))))
				mu.Lock()
				bought += n
				if err != nil {
					w.t.Errorf("buyer %d: %v", i, err)
				}
				mu.Unlock()
			}
		})
	}
	for i := range raceBuyers {
		jobs <- i
	}
	close(jobs)
	all.Wait()
	return bought
}

// buy is one buyer: holds, and then goes on, changes their mind or leaves. It
// gives how many seats the buyer ends up with.
func (w *sale) buy(ctx context.Context, dice *rand.Rand) (int, error) {
	want := strconv.Itoa(1 + dice.IntN(9))
	v, err := w.orders.Hold(ctx, domain.Actor{}, w.offering.Slug, w.wish(want, ""))
	if domain.HasCode(err, "sold_out") {
		w.refused.Add(1)
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	me, o := buyerOf(v.Order), v.Order
	moves := []struct {
		do domain.OrderAction
		in domain.OrderInput
	}{
		{domain.SubmitPO, billing},
		{domain.CancelOrder, domain.OrderInput{}},
		{domain.ChangeSeats, domain.OrderInput{Seats: strconv.Itoa(1 + dice.IntN(9))}},
		{domain.ExtendHold, domain.OrderInput{}},
	}
	for range dice.IntN(3) {
		m := moves[dice.IntN(len(moves))]
		v, err := w.orders.Act(ctx, me, o.ID, m.do, workflows.OrderChange{OrderInput: m.in})
		switch {
		case err == nil:
			o = v.Order
		case !domain.IsKind(err, domain.Conflict):
			return o.SeatsTaken(), err
		}
	}
	return o.SeatsTaken(), nil
}

// endAll gives every seat back, each order by a way of its own, many at once.
func (w *sale) endAll() {
	w.t.Helper()
	lines := sectiontest.Read(w.Fixture, func(tx *store.Tx) ([]store.OrderLine, error) {
		return tx.Orders(store.OrderFilter{Limit: 10_000})
	})
	fay := w.Actor("Fay Nguyen")
	_, lost := race(len(lines), func(i int) error {
		if !lines[i].State.Live() {
			return nil
		}
		_, err := w.orders.Act(w.t.Context(), fay, lines[i].ID, domain.CancelOrder, workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "The next round."}})
		return err
	})
	for _, err := range lost {
		w.t.Error(err)
	}
	if taken := w.taken(); taken != 0 {
		w.t.Fatalf("%d seats are taken by nobody", taken)
	}
	w.proven()
}

// TestLastSeat is X15: of two who want the last seat one has it, and the other is
// told, and owes nothing.
func TestLastSeat(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, 1, 0)
		for range rounds {
			won, lost := race(2, func(int) error {
				_, err := w.orders.Hold(t.Context(), domain.Actor{}, w.offering.Slug, w.wish("1", ""))
				return err
			})
			if won != 1 || len(lost) != 1 || !domain.HasCode(lost[0], "sold_out") {
				t.Fatalf("%d have the last seat; the other was told %v", won, lost)
			}
			w.endAll()
		}
	})
}

// TestEveryEndOnce ends one order in every way at once: one way happens, and the
// seats go back once.
func TestEveryEndOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, raceSeats, 0)
		fay := w.Actor("Fay Nguyen")
		for range rounds {
			w.At("2027-04-05T13:00:00-05:00")
			o := w.hold("9")
			w.At("2027-04-05T13:35:00-05:00")
			won, lost := race(12, func(i int) error {
				if i%3 == 0 {
					_, err := w.orders.Act(t.Context(), domain.TheClock(w.Now()), o.ID, domain.ExpireHold, workflows.OrderChange{})
					return err
				}
				_, err := w.orders.Act(t.Context(), fay, o.ID, domain.CancelOrder, workflows.OrderChange{OrderInput: domain.OrderInput{Reason: "x"}})
				return err
			})
			if won != 1 || w.taken() != 0 {
				t.Fatalf("%d ends, %d seats taken", won, w.taken())
			}
			allConflict(t, lost, "not_from_here", "stale_version")
		}
		w.proven()
	})
}

// TestSeatOnce names one person for two orders at once: they have one seat.
func TestSeatOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := selling(t, s, raceSeats, 100_000)
		for round := range rounds {
			var orders [2]workflows.OrderView
			for i := range orders {
				o := w.hold("3")
				orders[i] = w.act(buyerOf(o.Order), o.ID, domain.SubmitPO, billing)
			}
			saved := make([]workflows.Pasted, 8)
			_, lost := race(len(saved), func(i int) (err error) {
				o := orders[i%2].Order
				saved[i], err = w.orders.PasteSeats(t.Context(), buyerOf(o), o.ID, 0, fmt.Sprintf("Ella Grant, ella%d@example.org", round))
				return err
			})
			n := 0
			for _, p := range saved {
				n += p.Saved
			}
			if n != 1 || len(lost) > 0 {
				t.Fatalf("%d seats for one person; %v", n, lost)
			}
		}
		w.proven()
	})
}

// TestUnguarded is the control: the same stampede on a table without a guard,
// where each buyer reads, waits for another reader, and writes, sells too much.
// If it did not, the races above would prove nothing.
func TestUnguarded(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("pgx", pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, q := range []string{"CREATE TABLE unguarded (capacity INTEGER, taken INTEGER)", "INSERT INTO unguarded VALUES (1, 0)"} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	var read sync.WaitGroup // the barrier between reading and writing
	read.Add(2)
	won, _ := race(2, func(int) error {
		var free int
		err := db.QueryRowContext(t.Context(), "SELECT capacity - taken FROM unguarded").Scan(&free)
		read.Done()
		read.Wait()
		if err != nil || free < 1 {
			return fmt.Errorf("%d free: %w", free, err)
		}
		_, err = db.ExecContext(t.Context(), "UPDATE unguarded SET taken = taken + 1")
		return err
	})
	var taken int
	if err := db.QueryRowContext(t.Context(), "SELECT taken FROM unguarded").Scan(&taken); err != nil || won != 2 || taken != 2 {
		t.Errorf("%d bought the one seat, %d taken, %v: the control does not oversell", won, taken, err)
	}
}

// TestSaleRace_processes sells from two processes on one Postgres and kills one
// of them in the middle: no seat is sold twice or lost, and what the dead one held
// goes back when its time is over.
func TestSaleRace_processes(t *testing.T) {
	t.Parallel()
	url := pgtest.FromTemplate(t, "lectern", migrated)
	s, err := store.Open(t.Context(), url, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := selling(t, s, raceSeats, 3*7900)
	for round := range saleRounds() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		other := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestBuyerProcess$", "-test.count=1")
		other.Env = append(os.Environ(), "LECTERN_TEST_BUYER="+url, "LECTERN_TEST_BUYER_ROUND="+strconv.Itoa(round))
		out, err := other.StdoutPipe()
		if err == nil {
			err = other.Start()
		}
		if err != nil {
			cancel()
			t.Fatal(err)
		}
		word := make([]byte, 1)
		_, err = out.Read(word) // it has begun to buy
		w.stampede(round)
		_ = other.Process.Kill()
		_ = other.Wait()
		cancel()
		if err != nil || w.taken() > raceSeats {
			t.Fatalf("%v, %d taken", err, w.taken())
		}
		w.proven()
		w.endAll()
	}
}

func migrated(url string) error {
	s, err := store.Open(context.Background(), url, store.Options{NoSync: true})
	if err != nil {
		return err
	}
	return s.Close()
}

// TestBuyerProcess is the other process: it buys until it is killed.
func TestBuyerProcess(t *testing.T) {
	url := os.Getenv("LECTERN_TEST_BUYER")
	if url == "" {
		t.Skip("this is the other process of TestSaleRace_processes")
	}
	s, err := store.Open(t.Context(), url, store.Options{NoSync: true, NoMigrate: true})
	if err != nil {
		t.Fatal(err)
	}
	round := os.Getenv("LECTERN_TEST_BUYER_ROUND")
	now, ids, mu := time.Date(2027, 4, 5, 18, 0, 0, 0, time.UTC), 0, sync.Mutex{}
	newID := func() string {
		mu.Lock()
		defer mu.Unlock()
		ids++
		return fmt.Sprintf("1111%04s-0000-7000-8000-%012x", round, ids)
	}
	base := workflows.Base{Store: s, Now: func() time.Time { return now }, NewID: newID}
	w := &sale{t: t, refused: new(atomic.Int64), orders: workflows.Orders{Base: base, Links: workflows.Links{Keys: []string{linkKey}}}, offering: domain.Offering{Slug: "leading-a-team-you-inherited"}}
	_, _ = os.Stdout.WriteString(strings.Repeat("x", 1))
	var all sync.WaitGroup
	for i := range raceTogether / 2 {
		all.Go(func() {
			for n := range 10_000 {
				_, _ = w.buy(t.Context(), rand.New(rand.NewPCG(uint64(i), uint64(n))))
			}
		})
	}
	all.Wait()
}
