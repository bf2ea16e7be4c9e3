package domain

import "slices"

// ConflictKind is why somebody must not judge a proposal.
type ConflictKind string

// The kinds of conflict. All but the declared ones are worked out from facts and
// never stored.
const (
	ConflictProposer    ConflictKind = "proposer"
	ConflictSpeaker     ConflictKind = "speaker"
	ConflictGroup       ConflictKind = "group"       // member or chair of the submitting group
	ConflictSponsor     ConflictKind = "co_sponsor"  // of a group that sponsors it
	ConflictInstitution ConflictKind = "institution" // the same as a speaker's
	ConflictDeclared    ConflictKind = "declared"    // by themselves, no reason needed
)

// ConflictOfInterest is one reason why a person must not judge a proposal.
type ConflictOfInterest struct {
	Kind ConflictKind
}

// Label is the conflict in a librarian's words, for those who may know of it.
func (c ConflictOfInterest) Label() string {
	return map[ConflictKind]string{
		ConflictProposer: "Started the proposal", ConflictSpeaker: "Is a speaker", ConflictGroup: "Is in the submitting group",
		ConflictSponsor: "Is in a co-sponsoring group", ConflictInstitution: "Works where a speaker does", ConflictDeclared: "Declared by themselves",
	}[c.Kind]
}

// Reader is somebody who might judge a proposal, as conflicts depend on them.
type Reader struct {
	ID          string
	Name        string
	Email       string
	Institution string
	Groups      []string // ids of the groups they are in today
}

// Reader is the actor as conflicts depend on them.
func (a Actor) Reader() Reader {
	return Reader{ID: a.ID, Name: a.Name, Email: a.Email, Institution: a.Institution, Groups: a.Groups()}
}

// ConflictFacts are what a proposal's conflicts depend on.
type ConflictFacts struct {
	GroupID   string
	CreatedBy string
	Speakers  []Speaker // those replaced do not count
	Sponsors  []string  // ids of the co-sponsoring groups
	Declared  []string  // ids of those who declared a conflict
	Disclose  bool      // being in the group is disclosed, not a bar
}

// ConflictsOf are all conflicts of a person with a proposal; nil when there is
// none. Names, addresses and institutions are compared folded.
func ConflictsOf(r Reader, f ConflictFacts) []ConflictOfInterest {
	if r.ID == "" {
		return nil
	}
	var all []ConflictOfInterest
	add := func(holds bool, kind ConflictKind) {
		if holds {
			all = append(all, ConflictOfInterest{kind})
		}
	}
	speaks, works := r.among(f.Speakers)
	add(f.CreatedBy == r.ID, ConflictProposer)
	add(speaks, ConflictSpeaker)
	add(!f.Disclose && slices.Contains(r.Groups, f.GroupID), ConflictGroup)
	add(!f.Disclose && slices.ContainsFunc(f.Sponsors, func(g string) bool { return slices.Contains(r.Groups, g) }), ConflictSponsor)
	add(works, ConflictInstitution)
	add(slices.Contains(f.Declared, r.ID), ConflictDeclared)
	return all
}

// among tells whether the reader is one of the speakers who have not been replaced,
// and whether they work where one does.
func (r Reader) among(speakers []Speaker) (speaks, works bool) {
	somewhere := folds(r.Institution)
	for i := range speakers {
		if s := &speakers[i]; s.ReplacedBy == "" {
			speaks = speaks || s.isReader(&r)
			works = works || somewhere && s.worksAt(r.Institution)
		}
	}
	return speaks, works
}

// isReader compares addresses and names.
func (s *Speaker) isReader(r *Reader) bool {
	if s.Email != "" && r.Email != "" && FoldEmail(s.Email) == FoldEmail(r.Email) {
		return true
	}
	return !blank(s.Name) && sameFolded(s.Name, r.Name)
}

// worksAt compares with the name of an institution.
func (s *Speaker) worksAt(institution string) bool {
	return slices.ContainsFunc(s.Affiliations, func(a string) bool { return sameFolded(a, institution) })
}

// InConflict is the refusal for who must not judge. It does not say why: that
// would tell whose proposal it is.
func InConflict() Reason {
	return Reason{Kind: Forbidden, Code: "conflict_of_interest", Rule: "R12", Detail: "You have a conflict of interest with this proposal, so you see its title only."}
}

// ConflictFactsOf are the facts of a proposal that conflicts depend on.
func (f Facts) conflictFacts(p Proposal) ConflictFacts {
	return ConflictFacts{
		GroupID: p.GroupID, CreatedBy: p.CreatedBy, Speakers: f.Speakers, Sponsors: f.Sponsors,
		Declared: f.Declared, Disclose: f.Section.Settings.GroupConflict == "disclose",
	}
}

// FindConflicts works out the actor's conflicts, and whether every chair of the
// Leadership Team has one, so that the vice chair acts.
func (f *Facts) FindConflicts(p Proposal) {
	of := f.conflictFacts(p)
	f.Conflict = ConflictsOf(f.Actor.Reader(), of)
	free := slices.ContainsFunc(f.Chairs, func(r Reader) bool { return len(ConflictsOf(r, of)) == 0 })
	f.ChairInConflict = len(f.Chairs) > 0 && !free
}

// Sight is how much of a proposal somebody sees.
type Sight int

// The sights, the least first.
const (
	TitleOnly Sight = iota + 1 // a conflict: the title and nothing else
	Nameless                   // judges without knowing whose it is
	Whole
)

// SightOf is how much of the proposal the actor sees, given that they may see it
// at all. Its group, staff and administrators see everything; who sees it only
// as a reviewer does not see names while they are hidden, and nothing but the
// title of one they have a conflict with while it is judged.
func (f Facts) SightOf(p Proposal) Sight {
	switch {
	case f.Actor.KnowsAll(p.GroupID, f.Group.SectionID):
		return Whole
	case f.Judged && len(f.Conflict) > 0:
		return TitleOnly
	case f.NamesHidden:
		return Nameless
	}
	return Whole
}

// KnowsAll tells whether the actor sees a proposal of the group as one of its
// own people, as staff or as an administrator, not only as a reviewer.
func (a Actor) KnowsAll(groupID, sectionID string) bool {
	if a.Has(Admin, Staff) || a.Clock || a.SpeakerID != "" || a.MemberOf(groupID) {
		return true
	}
	return a.FormerMemberOf(groupID) && !a.Leads(sectionID)
}

// NamingFields are the keys of a form's fields that say whose proposal it is.
var NamingFields = []string{"cosponsors", "in_name_only", "elsewhere_where"}

// Crew is what may be known of a proposal's speakers while names are hidden: the
// criterion of variety is scored from it.
type Crew struct {
	Speakers     int
	Institutions int
	Outside      int // who speak and are not in the submitting group; only the desk counts them
}

// CrewOf counts the speakers who have not been replaced, and where they work.
func CrewOf(all []Speaker) Crew {
	var c Crew
	var room [folding]byte
	at := map[string]bool{}
	for i := range all {
		if !all[i].speaks() {
			continue
		}
		c.Speakers++
		for _, a := range all[i].Affiliations {
			if f := appendFolded(room[:0], a); len(f) > 0 && !at[string(f)] {
				at[string(f)] = true
			}
		}
	}
	c.Institutions = len(at)
	return c
}
