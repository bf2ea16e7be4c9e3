package domain

import (
	"strings"
	"time"
)

// FormRule is a rule of one venue's format that limits on fields cannot say.
//
// To add one: write a function of FormRuleFacts beside those below, give it a name
// in FormRules, list that name under "rules:" of the form in the section file, and
// add a row to TestFormRules. Nothing else changes: Check asks the rules a form
// lists, pages and API show the reasons, and the section file is refused when it
// lists a name that is not here.
type FormRule struct {
	Says  string                       // the rule in a sentence, for people who fill in the form
	Check func(FormRuleFacts) []Reason // what is wrong, each with a JSON pointer; nil when nothing is
}

// FormRuleFacts are what a rule of a form may look at.
type FormRuleFacts struct {
	CheckFacts
	Form     FormSpec
	Title    string
	Answers  Answers
	Speakers []Speaker // without those who were replaced, in order
}

// FormRules are the rules that a form may list, by name.
var FormRules = map[string]FormRule{
	"dates_not_within_8_weeks": {
		Says:  "Preferred dates are at least 8 weeks away, so that a webinar can be announced.",
		Check: datesNotWithin8Weeks,
	},
	"elsewhere_needs_where": {
		Says:  "A program that was presented or submitted elsewhere says where.",
		Check: elsewhereNeedsWhere,
	},
}

// checkRules asks the rules the form lists, in the order it lists them. A name
// that is not in FormRules cannot get here: SectionSpec.Check refuses it.
func (s FormSpec) checkRules(f FormRuleFacts) []Reason {
	var reasons []Reason
	for _, name := range s.Rules {
		if rule, ok := FormRules[name]; ok {
			reasons = append(reasons, rule.Check(f)...)
		}
	}
	return reasons
}

const eightWeeks = 8 * 7 // days

func datesNotWithin8Weeks(f FormRuleFacts) []Reason {
	field, asked := f.Form.Field("preferred_dates")
	if !asked || !f.Today.Valid() {
		return nil
	}
	var reasons []Reason
	first := f.Today.AddDays(eightWeeks)
	for i, day := range f.Answers[field.Key] {
		if Date(day).Valid() && Date(day) < first {
			reasons = append(reasons, Wrong(field.itemPointer(i), "date_too_soon",
				"Choose %s %d on or after %s: webinars need 8 weeks to be announced.", noun(field.Label), i+1, LongDay(first.Midnight(time.UTC), "UTC")))
		}
	}
	return reasons
}

func elsewhereNeedsWhere(f FormRuleFacts) []Reason {
	where, asked := f.Form.Field("elsewhere_where")
	if !asked || f.Answers.Text("elsewhere") != "yes" || strings.TrimSpace(f.Answers.Text(where.Key)) != "" {
		return nil
	}
	return []Reason{Wrong(where.Pointer(), "elsewhere_where_required", "Say where and when this was presented or submitted.")}
}
