package store

import (
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

type proposalRow struct {
	ID            string `gorm:"primaryKey"`
	Version       int
	Revision      int
	Number        string
	CallID        string
	GroupID       string
	VenueID       string
	FormatID      string
	Year          domain.Year
	State         domain.State
	Title         string
	Answers       domain.Answers `gorm:"serializer:document"`
	IdeaID        string
	ParentID      string
	Hops          int
	CarriedFrom   domain.State
	CreatedBy     string
	CreatedAt     time.Time `gorm:"autoCreateTime:false"`
	UpdatedBy     string
	UpdatedAt     time.Time `gorm:"autoUpdateTime:false"`
	SubmittedAt   *time.Time
	LateUntil     *time.Time
	ReopenedUntil *time.Time
	GateOverride  string
	DeliveredAt   *time.Time
	ImportKey     string
}

func (proposalRow) TableName() string { return "proposals" }

// AddProposal writes a new draft. Conflict when its parent has a child already,
// or its import key is in the call already.
func (tx *Tx) AddProposal(p domain.Proposal) error {
	row := proposalRow(p)
	err := tx.db.Create(&row).Error
	switch constraint(err) {
	case "proposals_one_child":
		return domain.Refuse(domain.Because("R14", "already_carried", "It was carried forward already."))
	case "proposals_import":
		return domain.Refuse(domain.Because("", "imported_already", "This proposal was imported already."))
	}
	return err
}

// SaveProposal writes a changed proposal whose Version was raised by one, if its
// row still has the version before and the state from. Stale otherwise; Conflict
// when the database does not know the change of state.
func (tx *Tx) SaveProposal(p domain.Proposal, from domain.State) error {
	row := proposalRow(p)
	changed := tx.db.Model(&proposalRow{}).
		Where("id = ? AND version = ? AND state = ?", p.ID, p.Version-1, from).
		Select("*").Updates(&row)
	switch constraint(changed.Error) {
	case "proposals_lifecycle":
		return domain.Refuse(domain.Because("", "not_from_here", "The lifecycle has no such step."))
	case "proposals_one_child":
		return domain.Refuse(domain.Because("R14", "parent_moved_on", "The proposal it was carried from has another child."))
	}
	return guarded(changed, "proposal")
}

// DeleteProposal removes a draft with all that hangs on it; its history stays.
func (tx *Tx) DeleteProposal(p domain.Proposal) error {
	return guarded(tx.db.Where("id = ? AND version = ? AND state = ?", p.ID, p.Version, domain.Draft).Delete(&proposalRow{}), "proposal")
}

// visible limits a query on proposals p to what the actor may see (lifecycle,
// "Who sees what"): members their group's, former members what they handled, the
// Leadership Team and staff what was submitted, administrators all. The clock and
// a speaker by link were let through elsewhere.
func visible(q *gorm.DB, a domain.Actor) *gorm.DB {
	condition, values := visibleTo(a)
	if condition == "" {
		return q
	}
	return q.Where(condition, values...)
}

// visibleTo is that condition, empty for who sees everything.
func visibleTo(a domain.Actor) (string, []any) {
	if a.Has(domain.Admin) || a.Clock || a.SpeakerID != "" {
		return "", nil
	}
	var ways []string
	var args []any
	way := func(condition string, values ...any) {
		ways = append(ways, condition)
		args = append(args, values...)
	}
	if own := a.Groups(); len(own) > 0 {
		way("p.group_id IN (?)", own)
	}
	if former := a.FormerGroups(); len(former) > 0 {
		way("p.group_id IN (?) AND EXISTS (SELECT 1 FROM history h WHERE h.proposal_id = p.id AND h.actor_id = ?)", former, a.ID)
	}
	if led := a.Sections(); len(led) > 0 {
		// The row's own group is looked at, rather than rows looked up by group: a
		// section is nearly all groups, and the list's order has an index.
		way("p.submitted_at IS NOT NULL AND p.state <> 'draft' AND EXISTS (SELECT 1 FROM groups sg WHERE sg.id = p.group_id AND sg.section_id IN (?))", led)
	}
	if len(a.GuestOf) > 0 {
		way("p.submitted_at IS NOT NULL AND p.state <> 'draft' AND p.call_id IN (?)", a.GuestOf)
	}
	if a.Has(domain.Staff) {
		way("p.submitted_at IS NOT NULL AND p.state <> 'draft'")
	}
	if len(ways) == 0 {
		return "1 = 0", nil
	}
	return "((" + strings.Join(ways, ") OR (") + "))", args
}

// ProposalByKey finds a proposal of a call by its import key. NotFound when there is none.
func (tx *Tx) ProposalByKey(callID, key string) (domain.Proposal, error) {
	var row proposalRow
	err := one(tx.locked().Where("call_id = ? AND import_key = ? AND import_key <> ''", callID, key).Take(&row), "proposal")
	return domain.Proposal(row), err
}

// ChildOf finds what a proposal was carried forward to, unless that was
// withdrawn; nil when there is nothing.
func (tx *Tx) ChildOf(id string) (*domain.Proposal, error) {
	return tx.maybe(tx.locked().Where("parent_id = ? AND parent_id <> '' AND state <> 'withdrawn'", id))
}

// ByID finds any proposal, for rules that need it whoever asks; nil when there is none.
func (tx *Tx) ByID(id string) (*domain.Proposal, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // no parent is not an error
	}
	return tx.maybe(tx.locked().Where("id = ?", id))
}

func (tx *Tx) maybe(q *gorm.DB) (*domain.Proposal, error) {
	var rows []proposalRow
	if err := q.Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	p := domain.Proposal(rows[0])
	return &p, nil
}

// Lineage are all proposals of one idea, oldest first.
func (tx *Tx) Lineage(ideaID string) ([]domain.Proposal, error) {
	var rows []proposalRow
	err := tx.db.Where("idea_id = ?", ideaID).Order("created_at, id").Find(&rows).Error
	return convert(rows, func(r proposalRow) domain.Proposal { return domain.Proposal(r) }), err
}

// Siblings are the other proposals a group submitted in a year, oldest first.
func (tx *Tx) Siblings(p domain.Proposal) ([]domain.Proposal, error) {
	var rows []proposalRow
	err := tx.db.Where("group_id = ? AND year = ? AND id <> ? AND state NOT IN ('draft', 'withdrawn')", p.GroupID, p.Year, p.ID).
		Order("submitted_at, id").Limit(50).Find(&rows).Error
	return convert(rows, func(r proposalRow) domain.Proposal { return domain.Proposal(r) }), err
}

// NextNumber gives the next reference of a venue and year: 27-W-006.
func (tx *Tx) NextNumber(kind string) (int, error) {
	var n int
	err := tx.db.Raw(`INSERT INTO sequences (kind, next) VALUES (?, 2)
		ON CONFLICT (kind) DO UPDATE SET next = sequences.next + 1 RETURNING next - 1`, kind).Scan(&n).Error
	return n, err
}

// Index replaces the words a proposal is found by. Those of named come from
// nothing but its speakers' names, so whom names are hidden from does not find by them.
func (tx *Tx) Index(proposalID string, words, named []string) error {
	if err := tx.db.Exec("DELETE FROM proposal_words WHERE proposal_id = ?", proposalID).Error; err != nil {
		return err
	}
	if len(words) == 0 {
		return nil
	}
	rows := make([]map[string]any, len(words))
	for i, w := range words {
		rows[i] = map[string]any{"word": w, "proposal_id": proposalID, "named": slices.Contains(named, w)}
	}
	return tx.db.Table("proposal_words").Create(&rows).Error
}

// SetCoSponsors replaces the groups that sponsor a proposal beside its own.
func (tx *Tx) SetCoSponsors(proposalID string, groupIDs []string) error {
	if err := tx.db.Exec("DELETE FROM proposal_cosponsors WHERE proposal_id = ?", proposalID).Error; err != nil {
		return err
	}
	for _, g := range groupIDs {
		if err := tx.db.Exec("INSERT INTO proposal_cosponsors (proposal_id, group_id) VALUES (?, ?)", proposalID, g).Error; err != nil {
			return err
		}
	}
	return nil
}

// CoSponsors are the groups that sponsor a proposal beside its own, by name.
func (tx *Tx) CoSponsors(proposalID string) ([]domain.Group, error) {
	var rows []groupRow
	err := tx.db.Where("id IN (SELECT group_id FROM proposal_cosponsors WHERE proposal_id = ?)", proposalID).Order("name").Find(&rows).Error
	return convert(rows, func(r groupRow) domain.Group { return domain.Group(r) }), err
}

// SponsorChoice is a group that may sponsor a proposal beside its own.
type SponsorChoice struct {
	ID, Name string
	Chosen   bool
}

// SponsorChoices are the groups a proposal's editor offers as co-sponsors, by name:
// the active ones of its section without its own, and those chosen already.
func (tx *Tx) SponsorChoices(p domain.Proposal) ([]SponsorChoice, error) {
	var all []SponsorChoice
	err := tx.db.Raw(`SELECT g.id, g.name, s.group_id IS NOT NULL AS chosen
FROM groups g LEFT JOIN proposal_cosponsors s ON s.group_id = g.id AND s.proposal_id = @id
WHERE g.id <> @own AND (s.group_id IS NOT NULL OR g.status = 'active' AND g.section_id = (SELECT o.section_id FROM groups o WHERE o.id = @own))
ORDER BY g.name, g.id`, map[string]any{"id": p.ID, "own": p.GroupID}).Scan(&all).Error
	return all, err
}

// SetRevisionNumber points a proposal, whose row the transaction has changed
// already, at a newer revision.
func (tx *Tx) SetRevisionNumber(id string, number int) error {
	return tx.db.Model(&proposalRow{}).Where("id = ?", id).Update("revision", number).Error
}

// Contents are whole proposals by id, for exports; scope is the caller's.
func (tx *Tx) Contents(ids []string) (map[string]domain.Proposal, error) {
	var rows []proposalRow
	err := tx.db.Where("id IN ?", ids).Find(&rows).Error
	all := map[string]domain.Proposal{}
	for _, r := range rows {
		all[r.ID] = domain.Proposal(r)
	}
	return all, err
}
