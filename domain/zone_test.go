package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInUSZones(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at, home string
		want     []ZoneTime
	}{
		"an hour after noon": {"2027-05-20T13:00:00-05:00", "America/Chicago", []ZoneTime{{"Pacific", "11 a.m.", ""}, {"Mountain", "noon", ""}, {"Central", "1 p.m.", ""}, {"Eastern", "2 p.m.", ""}}},
		"winter, half past":  {"2027-01-14T13:30:00-06:00", "America/Chicago", []ZoneTime{{"Pacific", "11:30 a.m.", ""}, {"Mountain", "12:30 p.m.", ""}, {"Central", "1:30 p.m.", ""}, {"Eastern", "2:30 p.m.", ""}}},
		"over midnight":      {"2027-05-20T00:30:00-04:00", "America/New_York", []ZoneTime{{"Pacific", "9:30 p.m.", "Wed, May 19"}, {"Mountain", "10:30 p.m.", "Wed, May 19"}, {"Central", "11:30 p.m.", "Wed, May 19"}, {"Eastern", "12:30 a.m.", ""}}},
		"the clocks have gone forward in the US only": {"2027-03-18T18:00:00Z", "Europe/Berlin", []ZoneTime{{"Pacific", "11 a.m.", ""}, {"Mountain", "noon", ""}, {"Central", "1 p.m.", ""}, {"Eastern", "2 p.m.", ""}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, InUSZones(at, tt.home)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
