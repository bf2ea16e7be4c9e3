package demo

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// ids makes the ids of what one event writes: UUIDv7 of the event's instant,
// whose other bits come from what the event is and how many ids it took before.
// Telling the story again gives everything its id again, so that links,
// screenshots and sessions hold.
func ids(at time.Time, what string) func() string {
	n := 0
	return func() string {
		id := idOf(at, what, n)
		n++
		return id
	}
}

func idOf(at time.Time, what string, n int) string {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%d", what, n) // never fails
	tail := h.Sum64()
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, n&0xfff, 0x8000|tail>>48&0x3fff, tail&0xffffffffffff)
}

// address is the invented address of somebody: first.last@example.org.
func address(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@example.org"
}
