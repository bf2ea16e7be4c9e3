package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"lectern/domain"
)

func isPretalx(s source) bool {
	return s.every("title", "speakers") && (s.every("code") || s.every("guid"))
}

func readPretalx(s source, b *Batch, known shape) {
	b.readEvents(s.items(), known, pretalxPointer(s), "speakers")
}

func pretalxPointer(s source) func(int) string {
	return func(i int) string {
		switch {
		case s.root.kind == '[':
			return fmt.Sprintf("/%d", i)
		case s.root.get("results").kind == '[':
			return fmt.Sprintf("/results/%d", i)
		}
		return ""
	}
}

func isPretalxSchedule(s source) bool {
	return s.root.get("schedule").get("conference").get("days").kind == '['
}

func readPretalxSchedule(s source, b *Batch, known shape) {
	var events []tree
	var pointers []string
	for d, day := range s.root.get("schedule").get("conference").get("days").list {
		for _, room := range day.get("rooms").object {
			for i, event := range room.value.list {
				events = append(events, event)
				pointers = append(pointers, fmt.Sprintf("/schedule/conference/days/%d/rooms/%s/%d", d, pointerToken(room.name), i))
			}
		}
	}
	b.readEvents(events, known, func(i int) string { return pointers[i] }, "persons")
}

func pointerToken(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func (b *Batch) readEvents(events []tree, known shape, pointer func(int) string, people string) {
	for i, e := range events {
		r := Record{Line: e.line, Pointer: pointer(i), Title: strings.TrimSpace(e.get("title").say()), Answers: descriptions(e)}
		if n := minutes(e.get("duration").text); n != "" {
			r.Answers["length"] = []string{n}
		}
		if tags := e.get("tags").leaves(); len(tags) > 0 {
			r.Answers["tags"] = tags
		}
		for _, p := range e.get(people).list {
			r.Speakers = append(r.Speakers, pretalxSpeaker(p))
		}
		id := e.get("code").text
		if id == "" {
			id = e.get("guid").text
		}
		b.addItem(r, known, id)
	}
	b.noteUnusedNames(events, "title", "abstract", "description", "duration", "tags", people, "code", "guid", "$schema")
}

// descriptions: the abstract is the short one, unless there is no other.
func descriptions(e tree) domain.Answers {
	abstract, description := e.get("abstract").say(), e.get("description").say()
	if strings.TrimSpace(description) == "" {
		return answers("full_description", abstract)
	}
	return answers("short_description", abstract, "full_description", description)
}

func pretalxSpeaker(p tree) domain.Speaker {
	s := domain.Speaker{Role: domain.Speaks, Email: p.get("email").text, Bio: p.get("biography").say()}
	for _, name := range []string{"full_name", "public_name", "name"} {
		if s.Name = p.get(name).say(); s.Name != "" {
			break
		}
	}
	s.Name = strings.TrimSpace(s.Name)
	return s
}

var clockLength = regexp.MustCompile(`^(\d{1,2}):(\d{2})$`)

// minutes reads 30 or 00:30; anything else is no length.
func minutes(text string) string {
	if m := clockLength.FindStringSubmatch(text); m != nil {
		hours, _ := strconv.Atoi(m[1]) // digits by the pattern
		rest, _ := strconv.Atoi(m[2])
		return strconv.Itoa(hours*60 + rest)
	}
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n <= 1440 {
		return strconv.Itoa(n)
	}
	return ""
}
