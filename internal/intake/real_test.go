package intake

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realFile reads a file of other people's conferences, or skips by its name.
func realFile(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("LECTERN_TEST_DATA")
	if dir == "" {
		t.Skip("LECTERN_TEST_DATA is not set: " + name + " is not there to read")
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRead_real_files(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		file, shape       string
		records, skipped  int
		speakers, emailed int // of all records
	}{
		{"code4lib-2020/presentation-proposals.yml", "code4lib proposals", 80, 0, 0, 0},
		{"code4lib-votes/code4lib-2011-bloomington-in.json", "code4lib votes", 50, 0, 64, 52},
		{"code4lib-votes/code4lib-2012-seattle-wa.json", "code4lib votes", 70, 0, 88, 76},
		{"csvconf/2019_speakers.csv", "csv,conf speakers", 42, 0, 46, 0},
		{"csvconf/2020_speakers.csv", "csv,conf speakers", 34, 0, 42, 0},
		{"mcm2025-google-forms/plenary_abstracts.csv", "Google Forms", 7, 0, 15, 15},
		{"mcm2025-google-forms/special_session_submissions_v01.csv", "Google Forms", 27, 0, 100, 100},
		{"c3voc-schedule/submission-json/examples/pretalx-submission.json", "pretalx submissions", 1, 0, 1, 0},
		{"c3voc-schedule/submission-json/examples/frab-event.json", "pretalx submissions", 1, 0, 2, 2},
		{"c3voc-schedule/json/examples/pretalx-democon.json", "pretalx schedule", 36, 0, 43, 0},
		{"dddperth-sessionize/2018-agenda-data.json", "Sessionize", 27, 14, 30, 0},
	} {
		t.Run(filepath.Base(want.file), func(t *testing.T) {
			t.Parallel()
			b, err := Read(realFile(t, want.file), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if b.Shape != want.shape || len(b.Records) != want.records || len(b.Skipped) != want.skipped || len(b.Problems) != 0 {
				t.Errorf("%s: %d records, %d skipped, problems %v", b.Shape, len(b.Records), len(b.Skipped), b.Problems)
			}
			speakers, emailed := 0, 0
			for _, r := range b.Records {
				speakers += len(r.Speakers)
				for _, s := range r.Speakers {
					if s.Name == "" || strings.ContainsAny(s.Name, ";*[") {
						t.Errorf("line %d: speaker named %q", r.Line, s.Name)
					}
					if s.Email != "" {
						emailed++
					}
				}
			}
			if speakers != want.speakers || emailed != want.emailed {
				t.Errorf("%d speakers, %d with an e-mail", speakers, emailed)
			}
		})
	}
}
