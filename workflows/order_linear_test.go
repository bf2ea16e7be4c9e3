package workflows_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lectern/domain"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
	"lectern/workflows"
)

// A saleCall is what somebody asked of a webinar's sale.
type saleCall struct {
	do    domain.OrderAction
	id    string // of the order; empty for a hold
	seats int    // of a hold
}

// A saleReply is what they were told.
type saleReply struct {
	ok bool
	id string // of the order a hold made
}

// saleState is the whole sale as the model has it: orders by id. It is never changed.
type saleState struct {
	seats map[string]int
	is    map[string]domain.OrderState
}

func (s saleState) taken() int {
	n := 0
	for id, seats := range s.seats {
		if s.is[id].Live() {
			n += seats
		}
	}
	return n
}

func (s saleState) with(id string, seats int, is domain.OrderState) saleState {
	next := saleState{maps.Clone(s.seats), maps.Clone(s.is)}
	next.seats[id], next.is[id] = seats, is
	return next
}

const linearSeats = 12

// saleModel is a sale as one person with a list would run it.
var saleModel = porcupine.Model{
	Init: func() any { return saleState{map[string]int{}, map[string]domain.OrderState{}} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(saleState), input.(saleCall), output.(saleReply)
		if in.do == domain.HoldSeats {
			fits := s.taken()+in.seats <= linearSeats
			if !out.ok || !fits {
				return out.ok == fits, s
			}
			return true, s.with(out.id, in.seats, domain.OrderHeld)
		}
		is := s.is[in.id]
		to, may := map[domain.OrderAction]domain.OrderState{
			domain.SubmitPO: domain.OrderConfirmed, domain.CancelOrder: domain.OrderCancelled, domain.ExpireHold: domain.OrderExpired,
		}[in.do], is == domain.OrderHeld || is == domain.OrderConfirmed && in.do == domain.CancelOrder
		if !out.ok || !may {
			return out.ok == may, s
		}
		return true, s.with(in.id, s.seats[in.id], to)
	},
	Equal: func(a, b any) bool {
		x, y := a.(saleState), b.(saleState)
		return maps.Equal(x.seats, y.seats) && maps.Equal(x.is, y.is)
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}

// TestSaleIsLinear records what many callers of hold, confirm, cancel and expire
// were told, and when, and finds an order in which one caller after the other
// would have been told the same.
func TestSaleIsLinear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for round := range saleRounds() {
			w := sellingAgain(t, s, round)
			told := w.record(uint64(round))
			if result := porcupine.CheckOperationsTimeout(saleModel, told, 30*time.Second); result != porcupine.Ok {
				t.Fatalf("round %d: %d calls are %s", round, len(told), result)
			}
			if again := corrupted(told); porcupine.CheckOperationsTimeout(saleModel, again, 30*time.Second) != porcupine.Illegal {
				t.Fatal("the model believes a seat that was sold twice")
			}
			w.proven()
		}
	})
}

// corrupted is the same history, in which somebody was sold all seats at the end.
func corrupted(told []porcupine.Operation) []porcupine.Operation {
	end := int64(0)
	for _, o := range told {
		end = max(end, o.Return)
	}
	call := saleCall{do: domain.HoldSeats, seats: linearSeats + 1}
	return append(slices.Clone(told), porcupine.Operation{ClientId: 99, Input: call, Call: end + 1, Output: saleReply{ok: true, id: "x"}, Return: end + 2})
}

// record lets eight callers at the sale, and writes down what they were told.
func (w *sale) record(seed uint64) []porcupine.Operation {
	w.t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	var told []porcupine.Operation
	var ids []string
	var ticks atomic.Int64
	for client := range 8 {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(seed, uint64(client)))
			for range 15 {
				mu.Lock()
				call := someCall(dice, ids)
				mu.Unlock()
				begun := ticks.Add(1)
				reply, err := w.ask(call)
				ended := ticks.Add(1)
				mu.Lock()
				if err != nil {
					w.t.Error(err)
				}
				if reply.ok && call.do == domain.HoldSeats {
					ids = append(ids, reply.id)
				}
				told = append(told, porcupine.Operation{ClientId: client, Input: call, Call: begun, Output: reply, Return: ended})
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return told
}

// someCall is a hold, or a move of one of the latest orders, where others are too.
func someCall(dice *rand.Rand, ids []string) saleCall {
	if len(ids) == 0 || dice.IntN(5) < 2 {
		return saleCall{do: domain.HoldSeats, seats: 1 + dice.IntN(5)}
	}
	latest := ids[max(0, len(ids)-4):]
	moves := []domain.OrderAction{domain.SubmitPO, domain.CancelOrder, domain.ExpireHold}
	return saleCall{do: moves[dice.IntN(3)], id: latest[dice.IntN(len(latest))]}
}

// ask makes a call; a refusal by the state or the seats is a reply, not an error.
func (w *sale) ask(call saleCall) (saleReply, error) {
	if call.do == domain.HoldSeats {
		v, err := w.orders.Hold(w.t.Context(), domain.Actor{}, w.offering.ID, w.wish(strconv.Itoa(call.seats), ""))
		if domain.HasCode(err, "sold_out") {
			return saleReply{}, nil
		}
		return saleReply{ok: err == nil, id: v.ID}, err
	}
	orders, who, in := w.orders, domain.Actor{OrderID: call.id, OrderSerial: 1}, workflows.OrderChange{}
	switch call.do {
	case domain.SubmitPO:
		in.OrderInput = billing
	case domain.ExpireHold:
		later := w.Now().Add(time.Hour)
		orders.Now = func() time.Time { return later }
		who = domain.TheClock(later)
	}
	_, err := orders.Act(w.t.Context(), who, call.id, call.do, in)
	if domain.IsKind(err, domain.Conflict) {
		return saleReply{}, nil
	}
	return saleReply{ok: err == nil}, err
}
