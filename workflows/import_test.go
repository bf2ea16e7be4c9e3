package workflows_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/onhand"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
	"lectern/workflows"
)

// smallCall adds a call with the small form, which takes titles and abstracts of
// other people's conferences.
func smallCall(t *testing.T, f *sectiontest.Fixture) {
	t.Helper()
	opens, closes := domain.WindowOf("2026-07-01", "2027-06-30", "America/Chicago")
	written(t, f, func(tx *store.Tx) error {
		form, err := tx.NewestForm("other_division", "short")
		if err != nil {
			return err
		}
		return tx.AddCall(domain.Call{
			ID: f.NewID(), Version: 1, SectionID: f.Section.ID, Slug: "small", Name: "A small call", VenueID: "other_division",
			FormatID: "short", Year: "2026-27", Zone: "America/Chicago", OpensAt: &opens, ClosesAt: &closes, FormID: form.ID,
		})
	})
}

func importFile(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, path string, change func(*workflows.ImportProposals)) workflows.ImportReport {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := workflows.ImportProposals{Data: data, Group: "new-leaders-and-managers", Call: "small"}
	if change != nil {
		change(&in)
	}
	report, err := w.ImportProposals(t.Context(), f.Actor("Ben Castellano"), in)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return report
}

// TestImportRealFiles takes in other people's files, and takes them in again:
// the second time nothing is created and nothing updated.
func TestImportRealFiles(t *testing.T) {
	for file, want := range map[string]struct{ created, skipped int }{
		"code4lib-2020/presentation-proposals.yml":                        {80, 0},
		"code4lib-votes/code4lib-2011-bloomington-in.json":                {50, 0},
		"code4lib-votes/code4lib-2012-seattle-wa.json":                    {70, 0},
		"csvconf/2019_speakers.csv":                                       {42, 0},
		"csvconf/2020_speakers.csv":                                       {34, 0},
		"mcm2025-google-forms/plenary_abstracts.csv":                      {7, 0},
		"mcm2025-google-forms/special_session_submissions_v01.csv":        {27, 0},
		"c3voc-schedule/submission-json/examples/pretalx-submission.json": {1, 0},
		"dddperth-sessionize/2018-agenda-data.json":                       {27, 14},
	} {
		t.Run(strings.ReplaceAll(file, "/", "_"), func(t *testing.T) {
			path := onhand.Data(t, file)
			each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
				smallCall(t, f)
				dry := importFile(t, f, w, path, func(in *workflows.ImportProposals) { in.DryRun = true })
				if dry.Created != want.created || len(listed(t, f, w)) != 0 {
					t.Errorf("a dry run says %d would be created, and %d were", dry.Created, len(listed(t, f, w)))
				}
				first := importFile(t, f, w, path, nil)
				if first.Created != want.created || len(first.Skipped) != want.skipped || len(first.Refused) != 0 {
					t.Errorf("created %d, skipped %d, refused %v", first.Created, len(first.Skipped), first.Refused)
				}
				again := importFile(t, f, w, path, nil)
				if again.Created != 0 || again.Updated != 0 || again.Unchanged != want.created {
					t.Errorf("again: created %d, updated %d, unchanged %d", again.Created, again.Updated, again.Unchanged)
				}
				roundTrip(t, f, w, want.created)
			})
		})
	}
}

func listed(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) []store.ProposalLine {
	t.Helper()
	all, err := w.List(t.Context(), f.Actor("Ben Castellano"), store.ProposalFilter{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// roundTrip exports everything as CSV and JSON and reads it back: every record,
// with the same text.
func roundTrip(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals, want int) {
	t.Helper()
	all, err := w.Export(t.Context(), f.Actor("Ben Castellano"), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(*strings.Builder) error{
		"csv":  func(b *strings.Builder) error { return intake.ExportCSV(b, all) },
		"json": func(b *strings.Builder) error { return intake.ExportJSON(b, all) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		read, err := intake.Read([]byte(b.String()), intake.Options{})
		if err != nil || len(read.Records) != want || len(read.Problems) != 0 {
			t.Fatalf("%s reads back %d of %d, %v, %v", name, len(read.Records), want, read.Problems, err)
		}
		for i, r := range read.Records {
			if r.Title != all[i].Title || len(r.Speakers) != len(all[i].Speakers) {
				t.Errorf("%s: %q with %d speakers came back as %q with %d", name, all[i].Title, len(all[i].Speakers), r.Title, len(r.Speakers))
			}
		}
	}
}

const twoGood = `title,full_description,speaker_1_name
First talk,What happens.,Jun Mori
Second talk,What happens too.,Pia Holm
`

// TestExportReadBack reads an export back: where it came from nothing changes;
// elsewhere the same is made of it, in the calls and groups that it names.
func TestExportReadBack(t *testing.T) {
	exportOf := func(t *testing.T, w workflows.Proposals) []intake.Exported {
		t.Helper()
		return must[[]intake.Exported](t)(w.Export(t.Context(), domain.TheClock(w.Now()), ""))
	}
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		smallCall(t, f)
		mapping := &intake.Mapping{
			Columns:  map[string]string{"title": "title", "full_description": "full_description"},
			Speakers: []intake.SpeakerColumns{{Name: "speaker_1_name"}}, Key: []string{"title"},
		}
		if _, err := w.ImportProposals(t.Context(), f.Actor("Ben Castellano"), workflows.ImportProposals{Data: []byte(twoGood), Mapping: mapping, Group: "new-leaders-and-managers", Call: "small"}); err != nil {
			t.Fatal(err)
		}
		all := exportOf(t, w)
		var table, tree bytes.Buffer
		if err := errors.Join(intake.ExportCSV(&table, all), intake.ExportJSON(&tree, all)); err != nil || len(all) != 2 {
			t.Fatalf("%d exported: %v", len(all), err)
		}
		for _, data := range [][]byte{table.Bytes(), tree.Bytes()} {
			r, err := w.ImportProposals(t.Context(), domain.TheClock(w.Now()), workflows.ImportProposals{Data: data, Zone: "America/Chicago"})
			if err != nil || r.Unchanged != 2 || r.Created+r.Updated+len(r.Refused) != 0 {
				t.Errorf("where it came from: %+v %v", r, err)
			}
		}
		for _, p := range all {
			if _, err := w.Act(t.Context(), f.Actor("Ben Castellano"), p.ID, domain.Delete, workflows.Move{}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := w.ImportProposals(t.Context(), domain.TheClock(w.Now()), workflows.ImportProposals{Data: tree.Bytes(), Zone: "America/Chicago"})
		if err != nil || r.Created != 2 {
			t.Fatalf("elsewhere: %+v %v", r, err)
		}
		again := exportOf(t, w)
		plain := func(all []intake.Exported) []intake.Exported {
			out := slices.Clone(all)
			for i := range out {
				out[i].ID = ""
			}
			slices.SortFunc(out, func(a, b intake.Exported) int { return strings.Compare(a.Title, b.Title) })
			return out
		}
		if !reflect.DeepEqual(plain(again), plain(all)) {
			t.Errorf("made\n%+v\nof\n%+v", again, all)
		}
	})
}

// TestImport is all or nothing, names every bad line, and updates drafts only.
func TestImport(t *testing.T) {
	each(t, func(t *testing.T, f *sectiontest.Fixture, w workflows.Proposals) {
		smallCall(t, f)
		mapping := &intake.Mapping{
			Columns:  map[string]string{"title": "title", "full_description": "full_description"},
			Speakers: []intake.SpeakerColumns{{Name: "speaker_1_name"}}, Key: []string{"title"},
		}
		run := func(text string, change func(*workflows.ImportProposals)) (workflows.ImportReport, error) {
			in := workflows.ImportProposals{Data: []byte(text), Mapping: mapping, Group: "new-leaders-and-managers", Call: "small"}
			if change != nil {
				change(&in)
			}
			return w.ImportProposals(t.Context(), f.Actor("Ben Castellano"), in)
		}
		bad := twoGood + "Third talk,one cell too many,Jun Mori,what\n,No title,Pia Holm\n"
		report, err := run(bad, nil)
		if err != nil || report.Created != 0 || len(report.Refused) != 2 || len(listed(t, f, w)) != 0 {
			t.Fatalf("with two bad lines: created %d, refused %v, kept %d (%v)", report.Created, report.Refused, len(listed(t, f, w)), err)
		}
		if report.Refused[0].Line != 4 || report.Refused[1].Line != 5 {
			t.Errorf("the bad lines are 4 and 5, named as %+v", report.Refused)
		}
		report, err = run(bad, func(in *workflows.ImportProposals) { in.SkipBadLines = true })
		if err != nil || report.Created != 2 || len(report.Refused) != 2 {
			t.Fatalf("skipping bad lines: created %d, refused %d (%v)", report.Created, len(report.Refused), err)
		}
		report, err = run(strings.Replace(twoGood, "What happens.", "What happens now.", 1), nil)
		if err != nil || report.Updated != 1 || report.Unchanged != 1 {
			t.Fatalf("a changed line: updated %d, unchanged %d (%v)", report.Updated, report.Unchanged, err)
		}
		_, err = w.ImportProposals(t.Context(), f.Actor("Otto Lang"), workflows.ImportProposals{Data: []byte(twoGood), Mapping: mapping, Group: "new-leaders-and-managers", Call: "small"})
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := w.ImportProposals(t.Context(), f.Actor("Otto Lang"), workflows.ImportProposals{Data: []byte(strings.ReplaceAll(twoGood, "talk", "lecture")), Mapping: mapping, Group: "new-leaders-and-managers", Call: "small"})
		if err != nil || stranger.Created != 0 || len(stranger.Refused) == 0 || stranger.Refused[0].Code != "not_your_move" {
			t.Errorf("somebody without a right imported: %+v, %v", stranger, err)
		}
	})
}
