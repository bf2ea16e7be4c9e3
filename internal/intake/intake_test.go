package intake

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lectern/domain"
)

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func speaker(position int, name, email string, titles, houses []string) domain.Speaker {
	return domain.Speaker{Position: position, Role: domain.Speaks, Name: name, Email: email, Titles: titles, Affiliations: houses}
}

func TestRead_shapes(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]Batch{
		"google-forms.csv": {
			Shape: "Google Forms", KeyedBy: "the title with the first speaker's e-mail or name",
			Records: []Record{
				{
					Line: 2, Title: "Night reading rooms", Received: "2026-03-11T15:43:51",
					Answers: domain.Answers{"full_description": {"Two lines\nof text, <b>bold</b>"}, "outcomes": {"Plan a pilot", "Count visits"}},
					Speakers: []domain.Speaker{
						speaker(1, "Ada Fenwick", "ada@example.org", nil, []string{"Larkfield Public Library"}),
						speaker(2, "Bo de Vries", "bo@example.org", nil, []string{"Westmere College"}),
					},
				},
				{Line: 5, Title: "To be found", Answers: domain.Answers{}},
			},
			Skipped: []Skip{{6, "an empty row"}},
			Notes:   []string{"Not used: “Is there a second presenter?”, “Upload a file with the Session Title”."},
		},
		"google-forms-twins.csv": {
			Shape: "Google Forms", KeyedBy: "the title with the first speaker's e-mail or name",
			Records: []Record{{
				Line: 2, Title: "Maps for all", Received: "2026-12-01T16:00:00", Answers: domain.Answers{},
				Speakers: []domain.Speaker{speaker(1, "Cy Moss", "cy@example.org", nil, nil), speaker(2, "Di Roe", "di@example.org", nil, nil)},
			}},
		},
		"csvconf.csv": {
			Shape: "csv,conf speakers", KeyedBy: "the column “id”",
			Records: []Record{
				{
					Line: 2, Key: "csvconf:moss", Title: "A map a day", Answers: domain.Answers{"full_description": {`<a href="https://example.org">Maps</a>, daily`}},
					Speakers: []domain.Speaker{speaker(1, "Cy Moss", "", nil, nil)},
				},
				{
					Line: 3, Key: "csvconf:roe_fen", Title: "Two views", Answers: domain.Answers{"full_description": {"Both of them"}},
					Speakers: []domain.Speaker{speaker(1, "Di Roe", "", nil, nil), speaker(2, "Ada Fenwick", "", nil, nil)},
				},
			},
			Notes: []string{"The column “name” was parted at “&” and “and” in 1 row.", "Not used: “img”."},
		},
		"pretalx.json": {
			Shape: "pretalx submissions", KeyedBy: "the submission's code or guid",
			Records: []Record{{
				Line: 3, Key: "pretalx:QWERT", Title: "Shelves that talk",
				Answers:  domain.Answers{"short_description": {"Short."}, "full_description": {"Long."}, "length": {"45"}, "tags": {"sound"}},
				Speakers: []domain.Speaker{{Position: 1, Role: domain.Speaks, Name: "Ada Fenwick", Bio: "Keeps shelves."}},
			}},
			Notes: []string{"The comment before the JSON (bytes 0 to 33) was passed over.", "Not used: “submission_type”, “internal_notes”."},
		},
		"pretalx-schedule.json": {
			Shape: "pretalx schedule", KeyedBy: "the event's guid",
			Records: []Record{{
				Line: 2, Pointer: "/schedule/conference/days/0/rooms/Hall~1A/0", Key: "pretalx:6d0a", Title: "Opening",
				Answers:  domain.Answers{"full_description": {"Only this."}, "length": {"90"}},
				Speakers: []domain.Speaker{speaker(1, "Bo de Vries", "", nil, nil)},
			}},
			Notes: []string{"Not used: “id”."},
		},
		"sessionize.json": {
			Shape: "Sessionize", KeyedBy: "the session's id",
			Records: []Record{{
				Line: 3, Pointer: "/0/rooms/0/sessions/1", Key: "sessionize:c-1", Title: "Quiet carts",
				Answers: domain.Answers{"full_description": {"Carts\r\nand oil."}}, Speakers: []domain.Speaker{speaker(1, "Di Roe", "", nil, nil)},
			}},
			Skipped: []Skip{{2, "“Coffee” is a service session, not a proposal"}},
		},
		"code4lib.yml": {
			Shape: "code4lib proposals", KeyedBy: "the slug",
			Records: []Record{
				{Line: 2, Pointer: "/0", Key: "code4lib:0001", Title: "Loans without cards", Answers: domain.Answers{"full_description": {"A phone is enough.\n\nMost days."}}},
				{Line: 5, Pointer: "/1", Key: "code4lib:0002", Title: "Late fees, early endings", Answers: domain.Answers{"full_description": {"We ended them."}}},
			},
		},
		"code4lib-votes.json": {
			Shape: "code4lib votes", KeyedBy: "the id",
			Records: []Record{
				{
					Line: 1, Pointer: "/0", Key: "code4lib-votes:7", Title: "Records at rest", Answers: domain.Answers{"full_description": {"Records sleep."}},
					Speakers: []domain.Speaker{
						speaker(1, "Cy Moss", "cy@example.org", []string{"Archivist"}, []string{"Tarn College"}),
						speaker(2, "Di Roe", "", nil, []string{"University of Westmere, North Campus"}),
					},
				},
				{
					Line: 2, Pointer: "/1", Key: "code4lib-votes:8", Title: "Indexes", Answers: domain.Answers{"full_description": {"We index."}},
					Speakers: []domain.Speaker{speaker(1, "Ada Fenwick", "ada@example.org", nil, []string{"LAB"}), speaker(2, "Bo de Vries", "", []string{"Dean"}, nil)},
				},
			},
			Notes: []string{
				"“Records at rest”: “di AT example DOT org” is not an e-mail address as written, and was not used.",
				"The presenters were read from the description, and taken out of it, in 2 proposals.", "Not used: “score”.",
			},
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			got, err := Read(fixture(t, file), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range got.Records {
				if strings.HasPrefix(r.Key, "google-forms:") {
					got.Records[i].Key = ""
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRead_by_mapping(t *testing.T) {
	t.Parallel()
	m, err := ReadMapping(fixture(t, "other.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(fixture(t, "other.csv"), Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	want := Batch{Shape: "by mapping", KeyedBy: "“No”", Notes: []string{"Not used: “Level wanted”, “Hobby”."}, Records: []Record{
		{
			Line: 2, Key: "mapped:1", Title: "Carts; oiled", Group: "night-library", Answers: domain.Answers{"full_description": {"About carts"}, "level": {"intro"}},
			Speakers: []domain.Speaker{speaker(1, "Di Roe", "di@example.org", nil, []string{"Westmere College", "North Lab"})},
		},
		{Line: 3, Key: "mapped:2", Title: "Shelves", Group: "night-library", Answers: domain.Answers{"full_description": {"About shelves"}, "level": {"intro"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	m.Append, m.Split = "full_description", map[string]string{"What": " "}
	m.Columns["What"] = "tags"
	got, err = Read(fixture(t, "other.csv"), Options{Mapping: &m})
	if err != nil || got.Records[0].Answers.Text("full_description") != "Level wanted: basic\n\nHobby: rowing" || len(got.Records[0].Answers["tags"]) != 2 {
		t.Errorf("%v %+v", err, got.Records)
	}
}

func TestRead_by_mapping_of_nested_names(t *testing.T) {
	t.Parallel()
	m := Mapping{Items: "data.talks", Columns: map[string]string{"name.text": "title", "goals": "outcomes"}, Speakers: []SpeakerColumns{{First: "who.1.first", Last: "who.1.last"}}}
	got, err := Read([]byte(`{"data": {"talks": [{"name": {"text": "Carts"}, "goals": ["a", "b"], "who": [{"first": "Di", "last": "Roe"}]}, 5]}}`), Options{Mapping: &m})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Records) != 1 || got.Records[0].Title != "Carts" || len(got.Records[0].Answers["outcomes"]) != 2 || got.Records[0].Speakers[0].Name != "Di Roe" {
		t.Errorf("records = %+v", got.Records)
	}
	want := []Problem{{1, 0, "/data/talks/1", "not_an_object", "This item of the list is not an object with names."}}
	if diff := cmp.Diff(want, got.Problems); diff != "" {
		t.Error(diff)
	}
}

// TestRead_refuses: each file is refused as a whole, naming where.
func TestRead_refuses(t *testing.T) {
	t.Parallel()
	mapping := &Mapping{Columns: map[string]string{"a": "title", "z": "level"}}
	for name, c := range map[string]struct {
		data string
		opts Options
		code string
		says string
	}{
		"empty":                {" \n", Options{}, "empty_file", "empty"},
		"only a mark":          {"\uFEFF", Options{}, "empty_file", "empty"},
		"UTF-16":               {"\xff\xfei\x00d\x00", Options{}, "not_utf8", "UTF-16 (byte 0"},
		"Latin-1":              {"id,name\n1,Ren\xe9\n", Options{}, "not_utf8", "Byte 13 (line 2) is 0xE9"},
		"NUL (X20)":            {"id,name\n1,a\x00b\n", Options{}, "nul_character", "Byte 11 (line 2)"},
		"a spreadsheet":        {"PK\x03\x04abc", Options{}, "not_utf8", "spreadsheet"},
		"NUL escaped in JSON":  {`[{"a": "x\u0000"}]`, Options{}, "nul_character", "Line 1"},
		"NUL escaped in YAML":  {"- a: \"x\\0\"\n", Options{}, "nul_character", "Line 1"},
		"half a character":     {`["\ud83d"]`, Options{}, "half_character", "Line 1"},
		"trailing JSON":        {"[]\n[]", Options{}, "not_json", "byte 3 (line 2)"},
		"JSON name twice":      {"[{\"a\": 1,\n\"a\": 2}]", Options{}, "duplicate_name", "Lines 1 and 2"},
		"a comment elsewhere":  {"/* x */ [{\"slug\": 1}]", Options{}, "not_json", "byte 0 (line 1)"},
		"a comment unfinished": {"/*/", Options{}, "not_json", "byte 0"},
		"YAML name twice":      {"- a: 1\n  a: 2\n", Options{}, "duplicate_name", "Lines 1 and 2"},
		"YAML alias":           {"- &x a\n- *x\n", Options{}, "alias", "Line 2"},
		"two YAML documents":   {"---\na: 1\n---\nb: 2\n", Options{}, "several_documents", "line"},
		"bad YAML":             {"- a: [1\n- b", Options{}, "not_yaml", "line"},
		"column twice":         {"id,talk,Talk\n1,2,3\n", Options{}, "duplicate_column", "Columns 2 and 3"},
		"too many columns":     {strings.Repeat("name,", 1000) + "x\n", Options{}, "too_many_columns", "1001"},
		"unknown shape":        {"talk,what\n1,2\n", Options{}, "unknown_shape", "columns: talk, what"},
		"mapped column absent": {"a,b\n1,2\n", Options{Mapping: mapping}, "unknown_column", "“z”"},
		"field not asked for":  {"a,z\n1,2\n", Options{Mapping: mapping, Form: &domain.FormSpec{}}, "unknown_field", "“level”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read([]byte(c.data), c.opts)
			var refused *domain.Error
			if !errors.As(err, &refused) || refused.Code() != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestReadMapping_refuses_a_misspelt_name(t *testing.T) {
	t.Parallel()
	if _, err := ReadMapping([]byte("colums: {a: title}\n")); !domain.HasCode(err, "not_a_mapping") {
		t.Errorf("err = %v", err)
	}
}

// TestRead_problems: every bad line is named, by the line it begins on.
func TestRead_problems(t *testing.T) {
	t.Parallel()
	got, err := Read([]byte("\uFEFFid,name,title,abstract\r\n1,A,\"two\r\nlines\",x\r\n2,B\r\n3,C,\"a\"b,x\r\n4,D,,x\r\n1,E,T,x\r\n,F,T,x\r\n5,G,T,x,y\r\n6,H,\"open\r\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, p := range got.Problems {
		said = append(said, strings.Join([]string{string(rune('0' + p.Line)), p.Code}, " "))
	}
	want := []string{"4 ragged_row", "5 bad_quotes", "6 title_missing", "7 duplicate_key", "8 key_missing", "9 ragged_row", ": bad_quotes"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if len(got.Records) != 1 || got.Records[0].Title != "two\r\nlines" || !strings.Contains(got.Problems[3].Detail, "Lines 2 and 7") {
		t.Errorf("records = %+v, problems = %+v", got.Records, got.Problems)
	}
	var refused *domain.Error
	if !errors.As(got.Refusal(), &refused) || len(refused.Reasons) != 7 {
		t.Errorf("refusal = %v", got.Refusal())
	}
}

func TestRead_keeps_only_what_the_form_asks(t *testing.T) {
	t.Parallel()
	form := &domain.FormSpec{Fields: []domain.Field{{Key: "title"}, {Key: "full_description", Kind: domain.Prose}, {Key: "tags", Kind: domain.Prose}}}
	got, err := Read(fixture(t, "pretalx.json"), Options{Form: form})
	if err != nil {
		t.Fatal(err)
	}
	want := domain.Answers{"full_description": {"Short.\n\nLong."}, "tags": {"sound"}}
	if diff := cmp.Diff(want, got.Records[0].Answers); diff != "" {
		t.Error(diff)
	}
	if note := got.Notes[len(got.Notes)-1]; note != "The form has no field “length”: left out of 1 proposal." {
		t.Errorf("note = %s", note)
	}
}

// TestRead_twice gives the same keys: an import is idempotent by them.
func TestRead_twice(t *testing.T) {
	t.Parallel()
	a, errA := Read(fixture(t, "google-forms.csv"), Options{})
	b, errB := Read(fixture(t, "google-forms.csv"), Options{})
	if errA != nil || errB != nil || a.Records[0].Key == a.Records[1].Key || a.Records[0].Key != b.Records[0].Key {
		t.Errorf("%v %v %q %q", errA, errB, a.Records[0].Key, b.Records[0].Key)
	}
}
