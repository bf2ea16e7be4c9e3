package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lectern/domain"
	"lectern/internal/sectiontest"
	"lectern/internal/store"
)

// The people of the crawl, by what they may know. The Leadership Team's Sol is in
// the submitting group, and so is Max, of the Core Forum Committee and the staff.
var (
	theGroup   = []string{"Ana Reyes", "Ben Castellano", "Sol Marek", "Max Merger"}
	theOffice  = []string{"Fay Nguyen", "Kim Adeyemi"}
	theTeam    = []string{"Chidi Okonkwo", "Vera Lindholm", "Dana Whitfield", "Rhea Stamm", "Ivo Brandt"}
	theGuest   = []string{"Greta Ohm"}
	deciding   = []string{"Eli Marsh", "Fern Abbott"}
	strangers  = []string{"", "Otto Lang", "Hollis Grant", "Mira Solberg", "Gus Petrakis", "Lars Otten", "Lea Holm", "Ulla Former"}
	inConflict = map[int]string{1: "Ivo Brandt", 2: "Rhea Stamm", 3: "Dana Whitfield"}

	everyone = slices.Concat(strangers, theGroup, theTeam, theGuest, deciding, theOffice)
)

// without are people but for one.
func without(all []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return n == name })
}

// about tells of addresses whether they are about a proposal, or one of the first four.
func (r *plantedRound) about(numbers ...int) func(path string) bool {
	return func(path string) bool {
		for _, i := range numbers {
			if p := r.all[i-1]; strings.Contains(path, p.ID) || strings.Contains(path, p.Number) {
				return true
			}
		}
		return false
	}
}

// whose are the words that say whose a proposal is, on the addresses about it.
func (r *plantedRound) whose(numbers []int, knows []string) []plantedWord {
	var all []plantedWord
	for _, word := range []string{"new leaders and managers", newLeaders, r.Group(newLeaders).ID, "ana reyes", "ben castellano"} {
		all = append(all, plantedWord{word, knows, r.about(numbers...)})
	}
	return all
}

// naming are the words of a proposal that tell whose it is. Ivo's library is on
// every roster he is on.
func naming(i int) []string {
	all := []string{"zyphrane", "plindery", "vantrope", "murkwell"}
	if i == 1 {
		all = all[:3]
	}
	for n := range all {
		all[n] += fmt.Sprint(i)
	}
	return all
}

// theDraft are the words of the draft: its group's, its title also the team's.
func theDraft() []plantedWord {
	own := append(slices.Clone(theGroup), "Kim Adeyemi")
	all := []plantedWord{{"ostrilune5", slices.Concat(own, theTeam), nil}, {"grombelick5", own, nil}}
	for _, word := range naming(5) {
		all = append(all, plantedWord{word, own, nil})
	}
	return all
}

// scored are the scores of Chidi and Vera, and their mean, as they are written.
func scored(knows []string) []plantedWord {
	var all []plantedWord
	for _, word := range []string{"81.25", "8125", "36.25", "3625", "58.75"} {
		all = append(all, plantedWord{word, knows, nil})
	}
	return all
}

// hiddenNames are the words while reviews are written.
func (r *plantedRound) hiddenNames() []plantedWord {
	judges := slices.Concat(theTeam, theGuest)
	own := slices.Concat(theGroup, theOffice)
	all := append(theDraft(), scored([]string{"Chidi Okonkwo", "Vera Lindholm", "Kim Adeyemi"})...)
	all = append(all, r.whose([]int{1, 2, 3, 4}, slices.Concat(strangers, own, deciding))...)
	for i := 1; i <= 4; i++ {
		word := func(w string) string { return fmt.Sprint(w, i) }
		all = append(all,
			plantedWord{word("ostrilune"), slices.Concat(own, judges), nil},
			plantedWord{word("grombelick"), slices.Concat(own, without(judges, inConflict[i])), nil},
			plantedWord{word("chidinote"), []string{"Chidi Okonkwo", "Vera Lindholm", "Kim Adeyemi"}, nil},
			plantedWord{word("veranote"), []string{"Chidi Okonkwo", "Vera Lindholm", "Kim Adeyemi"}, nil},
		)
		for _, w := range naming(i) {
			all = append(all, plantedWord{w, own, nil})
		}
	}
	return append(all, r.reviewers()...)
}

// reviewers are the names of those who judge, where the group reads about its proposals.
func (r *plantedRound) reviewers() []plantedWord {
	var all []plantedWord
	for _, name := range []string{"chidi okonkwo", "rhea stamm", "greta ohm"} {
		all = append(all, plantedWord{name, slices.Concat(theOffice, theTeam, theGuest), r.about(1, 2, 3, 4)})
	}
	return all
}

// stagedWords are the words when the packet is out, 4 is declined and the others
// have a decision that is not published.
func (r *plantedRound) stagedWords() []plantedWord {
	judges := slices.Concat(theTeam, theGuest)
	own := slices.Concat(theGroup, theOffice)
	all := append(theDraft(), scored(slices.Concat(judges, theOffice, deciding))...)
	for i := 1; i <= 4; i++ {
		word := func(w string) string { return fmt.Sprint(w, i) }
		free := without(judges, inConflict[i])
		all = append(all,
			plantedWord{word("ostrilune"), slices.Concat(own, judges, deciding), nil},
			plantedWord{word("grombelick"), slices.Concat(own, free, deciding), nil},
			plantedWord{word("chidinote"), append(slices.Clone(free), "Kim Adeyemi"), nil},
			plantedWord{word("veranote"), append(slices.Clone(free), "Kim Adeyemi"), nil},
			plantedWord{word("nextnote"), slices.Concat(without(theTeam, inConflict[i]), theOffice, deciding), nil},
		)
		for _, w := range naming(i) {
			all = append(all, plantedWord{w, slices.Concat(own, free, deciding), nil})
		}
		if i < 4 {
			all = append(all, r.whose([]int{i}, without(everyone, inConflict[i]))...)
			all = append(all, plantedWord{word("subnote"), append(without(theTeam, inConflict[i]), "Kim Adeyemi"), nil})
			all = append(all, plantedWord{word("feedword"), slices.Concat(deciding, theOffice), nil}, plantedWord{word("stageword"), slices.Concat(deciding, theOffice), nil})
		}
	}
	all = append(all, plantedWord{"feedword4", slices.Concat(own, judges, deciding), nil})
	all = append(all, plantedWord{"subnote4", slices.Concat(own, judges), nil})
	return append(all, r.reviewers()...)
}

// mailsTo are all mails to a person.
func (r *plantedRound) mailsTo(name string) []domain.Mail {
	all := sectiontest.Read(r.Fixture, func(tx *store.Tx) ([]domain.Mail, error) { return tx.Mails(store.MailFilter{Limit: 5000}) })
	return slices.DeleteFunc(all, func(m domain.Mail) bool { return m.To != sectiontest.Email(name) })
}

func (r *plantedRound) orderNow() domain.Order {
	return sectiontest.Read(r.Fixture, func(tx *store.Tx) (domain.Order, error) { return tx.Order(domain.Actor{Clock: true}, r.order.ID) })
}

// measure is the number at the end of a line of /metrics, which may be any.
var measure = regexp.MustCompile(`(?m) \S+$`)

// in tells whether a text has the word; numbers stand alone.
func (p plantedWord) in(text string) bool {
	if !strings.Contains(text, p.word) {
		return false
	}
	return !numberAlone.MatchString(p.word) || regexp.MustCompile(`\b`+regexp.QuoteMeta(p.word)+`\b`).MatchString(text)
}
