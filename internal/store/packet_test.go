package store_test

import (
	"testing"
	"time"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/internal/store/storetest"
)

// TestPacketsImmutable asks both databases to change a released packet and to
// remove it; only a demonstration that starts over may.
func TestPacketsImmutable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		f := sectiontest.New(t, s)
		p := domain.Packet{ID: f.NewID(), SectionID: f.Section.ID, VenueID: "forum", Year: sectiontest.Year, Number: 1, ReleasedAt: time.Date(2027, 4, 20, 12, 0, 0, 0, time.UTC)}
		write := func(work func(tx *store.Tx) error) error {
			_, err := store.Write(t.Context(), s, func(tx *store.Tx) (struct{}, error) { return struct{}{}, work(tx) })
			return err
		}
		if err := write(func(tx *store.Tx) error { return tx.AddPacket(p) }); err != nil {
			t.Fatal(err)
		}
		again := p
		again.ID = f.NewID()
		if err := write(func(tx *store.Tx) error { return tx.AddPacket(again) }); !domain.HasCode(err, "preview_outdated") {
			t.Errorf("the same number again: %v", err)
		}
		for _, sql := range []string{"UPDATE packets SET note = 'x'", "UPDATE packets SET content = '{}' WHERE number = 1", "DELETE FROM packets"} {
			if err := write(func(tx *store.Tx) error { return tx.Exec(sql) }); store.Constraint(err) != "packets_immutable" {
				t.Errorf("%s: %v", sql, err)
			}
		}
		if err := write(func(tx *store.Tx) error { return tx.Empty() }); err != nil {
			t.Errorf("starting over: %v", err)
		}
		kept := sectiontest.Read(f, func(tx *store.Tx) ([]store.PacketLine, error) {
			return tx.Packets(domain.Actor{Roles: []domain.Role{domain.Admin}}, nil, 5)
		})
		if len(kept) != 0 {
			t.Errorf("%v is left", kept)
		}
	})
}
