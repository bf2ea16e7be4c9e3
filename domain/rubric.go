package domain

import "fmt"

// Criterion is one thing a reviewer scores from 1 to 5, with what the ends and
// the middle mean.
type Criterion struct {
	ID     string `json:"id" yaml:"id"`
	Name   string `json:"name" yaml:"name"`
	Weight int    `json:"weight" yaml:"weight"` // of 100
	One    string `json:"one" yaml:"one"`
	Three  string `json:"three" yaml:"three"`
	Five   string `json:"five" yaml:"five"`
}

// Rubric is what reviewers score, in its order. The weights come to 100.
type Rubric []Criterion

// The least and the most a criterion can be scored.
const (
	LeastScore = 1
	MostScore  = 5
)

// FullScore is the highest score of a review, in hundredths of a point: 100.00.
const FullScore = 10000

// DefaultRubric is what a venue scores by that names no criteria of its own.
func DefaultRubric() Rubric {
	return Rubric{
		{"clarity", "Clarity of description", 20, "Cannot tell what happens", "Adequate, gaps", "Clear purpose, plan, takeaway"},
		{"outcomes", "Learning outcomes", 20, "Missing, or topics only", "Some measurable", "All specific: verb and why"},
		{"relevance", "Relevance and timeliness for the section", 20, "Off scope", "Some members", "Needed now by many"},
		{"innovation", "Innovation, not recently offered", 15, "Repeat", "New angle", "Fresh, evidence given"},
		{"engagement", "Engagement and format fit", 15, "Lecture only", "Q&A", "Activities fit the length"},
		{"variety", "Variety of perspectives and presenters", 10, "One institution or committee", "Mixed", "Several institutions, levels, voices"},
	}
}

// Score is the weighted score in hundredths of a point, exact: 8125 is 81.25. It
// is not complete while a criterion is not scored.
func (r Rubric) Score(scores map[string]int) (hundredths int, complete bool) {
	for _, c := range r {
		s := scores[c.ID]
		if s == 0 {
			return 0, false
		}
		hundredths += c.Weight * (s - 1) * 100 / (MostScore - LeastScore)
	}
	return hundredths, true
}

// Scored is how many of the criteria have a score.
func (r Rubric) Scored(scores map[string]int) int {
	n := 0
	for _, c := range r {
		if scores[c.ID] != 0 {
			n++
		}
	}
	return n
}

// Has tells whether a criterion has the id.
func (r Rubric) Has(id string) bool {
	for _, c := range r {
		if c.ID == id {
			return true
		}
	}
	return false
}

// checkScores names every score that cannot be one.
func (r Rubric) checkScores(scores map[string]int) []Reason {
	var why []Reason
	for id, s := range scores {
		switch {
		case !r.Has(id):
			why = append(why, Wrong("/scores/"+id, "unknown_criterion", "There is no criterion “%s”.", shorten(id)))
		case s < LeastScore || s > MostScore:
			why = append(why, Wrong("/scores/"+id, "out_of_range", "A score is a whole number from %d to %d.", LeastScore, MostScore))
		}
	}
	return why
}

func (f *findings) rubric(r Rubric) {
	seen, sum := map[string]bool{}, 0
	for i, c := range r {
		key := fmt.Sprintf("rubric/%d", i)
		f.slug(key+"/id", c.ID)
		f.once(seen, key+"/id", c.ID)
		f.text(key+"/name", c.Name)
		f.need(c.Weight > 0, key+"/weight", "out_of_range", "A weight is 1 or more.")
		sum += c.Weight
	}
	f.need(len(r) == 0 || sum == 100, "rubric", "weights_not_100", "The weights come to %d. They have to come to 100.", sum)
}
