package intake

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lectern/domain"
)

func exported() []Exported {
	return []Exported{
		{
			Number: "27-W-001", ID: "one", State: "submitted", Call: "webinars", Group: "night", Title: "=1+1 <script>alert(1)</script> \u200f\U0001F4DA",
			Answers: domain.Answers{
				"full_description": {"'=a\r\nb;=c"}, "outcomes": {"-x", "", "'''@y"}, "state": {"s"}, "speaker_1_name": {"n"},
				"tags": {"=a", "+a", "-a", "@a", "\ta", "\ra", "'@a", "'a"},
			},
			Speakers: []ExportedSpeaker{
				{Role: "speaker", Name: "Ada Fenwick", Titles: []string{`Head; \ of`, " x"}, Affiliations: []string{"+1"}, StaffMember: true},
				{Role: "moderator", ToBeNamed: true, Stipend: "waive"},
			},
		},
		{ID: "two", State: "draft", Answers: domain.Answers{}},
	}
}

// records is what reading an export must give.
func records(all []Exported) (want []Record) {
	for _, x := range all {
		r := Record{Key: "lectern:" + x.ID, ID: x.ID, Title: x.Title, Group: x.Group, Number: x.Number, State: x.State, Call: x.Call, Answers: x.Answers.Clone()}
		for i, s := range x.Speakers {
			sp := s.speaker()
			sp.Position = i + 1
			r.Speakers = append(r.Speakers, sp)
		}
		want = append(want, r)
	}
	return want
}

var notWhere = cmp.Options{cmpopts.IgnoreFields(Record{}, "Line", "Pointer"), cmpopts.EquateEmpty()}

func TestExport_reads_back(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"csv":  func(w *bytes.Buffer) error { return ExportCSV(w, exported()) },
		"json": func(w *bytes.Buffer) error { return ExportJSON(w, exported()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w bytes.Buffer
			if err := write(&w); err != nil {
				t.Fatal(err)
			}
			b, err := Read(w.Bytes(), Options{})
			if err != nil || len(b.Problems) > 0 || b.Shape != "Lectern export" {
				t.Fatalf("%v %+v", err, b)
			}
			if diff := cmp.Diff(records(exported()), b.Records, notWhere); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestExport_is_inert is X19: no cell begins with what a spreadsheet runs, as an
// independent reader sees it.
func TestExport_is_inert(t *testing.T) {
	t.Parallel()
	var w bytes.Buffer
	if err := ExportCSV(&w, exported()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(w.Bytes(), byteOrderMark))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("cell %q runs", cell)
			}
		}
	}
	if rows[1][5] != "'"+exported()[0].Title {
		t.Errorf("title is %q", rows[1][5])
	}
}

func TestExport_of_a_key_that_names_no_column(t *testing.T) {
	t.Parallel()
	if err := ExportCSV(&bytes.Buffer{}, []Exported{{ID: "x", Answers: domain.Answers{"A b": {"c"}}}}); err == nil {
		t.Error("no error")
	}
}

func TestExport_of_a_proposal(t *testing.T) {
	t.Parallel()
	p := domain.Proposal{ID: "p", Number: "27-W-002", State: domain.Accepted, Title: "T"}
	got := Export(p, "webinars", "night", []domain.Speaker{{Position: 2, Name: "B"}, {Position: 1, Name: "A", Role: domain.Speaks}, {Position: 3, ReplacedBy: "x"}})
	want := Exported{
		ID: "p", Number: "27-W-002", State: "accepted", Call: "webinars", Group: "night", Title: "T",
		Speakers: []ExportedSpeaker{{Role: "speaker", Name: "A"}, {Name: "B"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestReadCSV_spectrum reads the csv-spectrum files as their JSON says.
func TestReadCSV_spectrum(t *testing.T) {
	t.Parallel()
	realFile(t, "csv-spectrum/csvs/simple.csv")
	files, err := filepath.Glob(filepath.Join(os.Getenv("LECTERN_TEST_DATA"), "csv-spectrum", "csvs", "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []map[string]string
			text := bytes.TrimSpace(realFile(t, "csv-spectrum/json/"+name+".json"))
			if text[0] == '{' { // one of the files leaves the list out
				text = []byte("[" + string(text) + "]")
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			if name == "location_coordinates" { // its JSON has another phone number than its CSV
				want[0]["Contact Phone Number"] = "2095257564"
			}
			header, rows, err := ReadCSV(realFile(t, "csv-spectrum/csvs/"+name+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			var got []map[string]string
			for _, row := range rows {
				one := map[string]string{}
				for i, cell := range row {
					one[header[i]] = cell
				}
				got = append(got, one)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWriteCSV_refuses_a_ragged_row(t *testing.T) {
	t.Parallel()
	if err := WriteCSV(&bytes.Buffer{}, []string{"a"}, [][]string{{"1", "2"}}); err == nil {
		t.Error("no error")
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, file := range []string{"google-forms.csv", "csvconf.csv", "other.csv", "pretalx.json", "sessionize.json", "code4lib.yml", "code4lib-votes.json", "pretalx-schedule.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{"a\r\n\"b\"\"\r\n\"", "\"", "a,b\n\"x\"y,z\n1,2", "a\rb", "'=a\n''=b", "[{\"a\":", "- &a [*a]", "/**/{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(data, Options{})
		if err == nil {
			for _, r := range b.Records {
				if r.Key == "" || r.Line < 1 || !utf8.ValidString(r.Title) {
					t.Errorf("record %+v", r)
				}
			}
		}
		header, rows, err := ReadCSV(data)
		if err != nil {
			return
		}
		var w bytes.Buffer
		if err := WriteCSV(&w, header, rows); err != nil {
			t.Fatal(err)
		}
		_, again, err := ReadCSV(w.Bytes())
		if err != nil {
			t.Fatalf("%q: %v", w.String(), err)
		}
		if diff := cmp.Diff(rows, again); diff != "" {
			t.Errorf("%q: %s", data, diff)
		}
	})
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("title", "text", "item", "name", "head")
	f.Add("'=x", "\r\n'-", "a;b", `\;`, " ;")
	f.Add("", "\u200f\U0001F4DA", "'", ",\"", "\t")
	f.Fuzz(func(t *testing.T, title, text, item, name, post string) {
		for _, s := range []string{title, text, item, name, post} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Skip("no text")
			}
		}
		all := []Exported{{
			ID: "a", Title: title, State: "draft", Answers: domain.Answers{"full_description": {text}, "outcomes": {item, text, "end"}, "id": {title + "x"}},
			Speakers: []ExportedSpeaker{{Role: "speaker", Name: name, Titles: []string{post, name, "x" + post}, Bio: text}, {Role: "moderator", Email: post}},
		}}
		if text == "" {
			delete(all[0].Answers, "full_description")
		}
		var asCSV, asJSON bytes.Buffer
		if err := ExportCSV(&asCSV, all); err != nil {
			t.Fatal(err)
		}
		if err := ExportJSON(&asJSON, all); err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{asCSV.Bytes(), asJSON.Bytes()} {
			b, err := Read(data, Options{})
			if err != nil {
				t.Fatalf("%q: %v", data, err)
			}
			if diff := cmp.Diff(records(all), b.Records, notWhere); diff != "" {
				t.Errorf("%q: %s", data, diff)
			}
		}
		if runs(Inert(text)) && !strings.HasPrefix(Inert(text), "'") || bare(Inert(text)) != text {
			t.Errorf("%q becomes %q", text, Inert(text))
		}
	})
}
