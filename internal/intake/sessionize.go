package intake

import (
	"fmt"
	"strings"

	"lectern/domain"
)

// isSessionize: the grid (days with rooms with sessions) or the list of groups.
func isSessionize(s source) bool {
	found, _ := sessions(s.root)
	return len(found) > 0 && found[0].has("id", "title", "isServiceSession")
}

// sessions finds every session once: a grid repeats them under its time slots.
func sessions(root tree) (found []tree, pointers []string) {
	add := func(list tree, at string) {
		for i, one := range list.list {
			found, pointers = append(found, one), append(pointers, fmt.Sprintf("%s/sessions/%d", at, i))
		}
	}
	for d, day := range root.list {
		add(day.get("sessions"), fmt.Sprintf("/%d", d))
		for r, room := range day.get("rooms").list {
			add(room.get("sessions"), fmt.Sprintf("/%d/rooms/%d", d, r))
		}
	}
	return found, pointers
}

func readSessionize(s source, b *Batch, known shape) {
	found, pointers := sessions(s.root)
	for i, one := range found {
		title := strings.TrimSpace(one.get("title").text)
		if one.get("isServiceSession").text == "true" {
			b.Skipped = append(b.Skipped, Skip{one.line, fmt.Sprintf("“%s” is a service session, not a proposal", title)})
			continue
		}
		r := Record{Line: one.line, Pointer: pointers[i], Title: title, Answers: answers("full_description", one.get("description").text)}
		for _, p := range one.get("speakers").list {
			r.Speakers = append(r.Speakers, domain.Speaker{Role: domain.Speaks, Name: strings.TrimSpace(p.get("name").say())})
		}
		b.addItem(r, known, one.get("id").text)
	}
	b.noteUnusedNames(found, "id", "title", "description", "speakers", "isServiceSession")
}
