package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// localTime reads a time of the field: 2026-09-21 23:59 in a zone.
func localTime(t *testing.T, zone, text string) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04:05", text, Zone(zone))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func callFrom(first, last Date, zone string) Call {
	opens, closes := WindowOf(first, last, zone)
	return Call{Zone: zone, OpensAt: &opens, ClosesAt: &closes, Grace: 5}
}

func TestReminderDue(t *testing.T) {
	t.Parallel()
	const east = "America/New_York"
	long, short := callFrom("2026-08-17", "2026-09-21", east), callFrom("2026-09-12", "2026-09-21", east)
	for _, c := range []struct {
		name string
		call Call
		now  string
		want int
	}{
		{"before_the_first", long, "2026-09-07 23:59:59", 0},
		{"14_days", long, "2026-09-08 00:00:00", 14},
		{"until_3_days", long, "2026-09-18 23:59:59", 14},
		{"3_days", long, "2026-09-19 00:00:00", 3},
		{"1_day", long, "2026-09-21 00:00:00", 1},
		{"last_second", long, "2026-09-21 23:59:59", 1},
		{"closed", long, "2026-09-22 00:00:00", 0}, // the grace is for submitting only
		{"was_not_open_14_days_before", short, "2026-09-12 08:00:00", 0},
		{"short_3_days", short, "2026-09-19 00:00:00", 3},
		{"dates_not_announced", Call{}, "2026-09-19 00:00:00", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.call.ReminderDue(localTime(t, east, c.now)); got != c.want {
				t.Errorf("%d days, want %d", got, c.want)
			}
		})
	}
}

func TestInstants(t *testing.T) {
	t.Parallel()
	const east = "America/New_York"
	var got []string
	for _, i := range callFrom("2026-10-20", "2026-11-10", east).Instants() { // over the end of summer time
		got = append(got, i.In(Zone(east)).Format("2006-01-02 15:04 MST"))
	}
	want := []string{"2026-10-28 00:00 EDT", "2026-11-08 00:00 EST", "2026-11-10 00:00 EST", "2026-11-11 00:05 EST"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (Call{}).Instants(); got != nil {
		t.Errorf("without dates: %v", got)
	}
}

func TestSpeakerReminderDue(t *testing.T) {
	t.Parallel()
	asked := localTime(t, "UTC", "2026-12-20 10:00:00")
	for now, want := range map[string]int{
		"2026-12-20 10:00:00": 0, "2026-12-27 09:59:59": 0, "2026-12-27 10:00:00": 7,
		"2027-01-03 09:59:59": 7, "2027-01-03 10:00:00": 14, "2027-06-01 00:00:00": 14,
	} {
		if got := SpeakerReminderDue(asked, localTime(t, "UTC", now)); got != want {
			t.Errorf("at %s: %d, want %d", now, got, want)
		}
	}
}

func TestNudgeWindow(t *testing.T) {
	t.Parallel()
	from, until := NudgeWindow(2026, "America/Chicago")
	if !from.Equal(localTime(t, "UTC", "2026-12-15 06:00:00")) || !until.Equal(localTime(t, "UTC", "2027-01-01 06:00:00")) {
		t.Errorf("from %v until %v", from, until)
	}
}
