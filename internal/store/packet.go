package store

import (
	"time"

	"gorm.io/gorm"

	"lectern/domain"
)

type packetRow struct {
	ID           string `gorm:"primaryKey"`
	SectionID    string
	VenueID      string
	Year         domain.Year
	Number       int
	Note         string
	Content      domain.PacketContent `gorm:"serializer:document"`
	ReleasedBy   string
	ReleasedName string
	ReleasedAt   time.Time
}

func (packetRow) TableName() string { return "packets" }

type packetProposalRow struct {
	PacketID   string `gorm:"primaryKey"`
	ProposalID string `gorm:"primaryKey"`
}

func (packetProposalRow) TableName() string { return "packet_proposals" }

// AddPacket writes a packet, for good. Stale when its number was given meanwhile.
func (tx *Tx) AddPacket(p domain.Packet) error {
	row := packetRow(p)
	err := tx.db.Create(&row).Error
	if constraint(err) == "packets_number" {
		return domain.Refuse(domain.Reason{Kind: domain.Stale, Code: "preview_outdated", Detail: "Someone else released a packet in the moment before. Look at it first."})
	}
	if err != nil {
		return err
	}
	var items []packetProposalRow
	for _, id := range p.Content.ProposalIDs() {
		items = append(items, packetProposalRow{p.ID, id})
	}
	return tx.db.CreateInBatches(&items, 400).Error
}

// NewestPacket finds the last packet of a section for a venue in a year; nil when
// none was released.
func (tx *Tx) NewestPacket(sectionID, venueID string, y domain.Year) (*domain.Packet, error) {
	var rows []packetRow
	err := tx.db.Where("section_id = ? AND venue_id = ? AND year = ?", sectionID, venueID, y).Order("number DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	p := domain.Packet(rows[0])
	return &p, nil
}

// readable limits a query on packets k to those the actor may read: those of the
// section whose Leadership Team they are on, those of the venues whose committee
// they are on, and all for staff and administrators.
func readable(q *gorm.DB, a domain.Actor) *gorm.DB {
	if a.Has(domain.Admin, domain.Staff) {
		return q
	}
	forum := a.Has(domain.ForumMember, domain.ForumChair)
	return q.Where("(k.section_id IN ? OR ? AND k.venue_id IN (SELECT v.id FROM venues v WHERE v.decider = ?))", orNone(a.Sections()), forum, domain.DecidedByForum)
}

// PacketLine is a packet in a list.
type PacketLine struct {
	ID           string
	VenueID      string
	VenueName    string
	Year         domain.Year
	Number       int
	Note         string
	Proposals    int
	ReleasedName string
	ReleasedAt   time.Time
}

// Packets are the packets the actor may read, the newest first, behind the cursor.
func (tx *Tx) Packets(a domain.Actor, after *ListCursor, limit int) ([]PacketLine, error) {
	q := readable(tx.db.Table("packets k"), a).Joins("JOIN venues n ON n.id = k.venue_id").
		Select(`k.id, k.venue_id, n.name AS venue_name, k.year, k.number, k.note, k.released_name, k.released_at,
			(SELECT COUNT(*) FROM packet_proposals i WHERE i.packet_id = k.id) AS proposals`)
	if after != nil {
		q = q.Where("(k.released_at, k.id) < (?, ?)", after.UpdatedAt, after.ID)
	}
	var lines []PacketLine
	err := q.Order("k.released_at DESC, k.id DESC").Limit(limit).Scan(&lines).Error
	return lines, err
}

// Packet finds a packet that the actor may read. NotFound otherwise.
func (tx *Tx) Packet(a domain.Actor, id string) (domain.Packet, error) {
	var row packetRow
	err := one(readable(tx.db.Table("packets k"), a).Where("k.id = ?", id).Take(&row), "packet")
	return domain.Packet(row), err
}

// ClosedIn are the proposals of a packet that are closed to the actor, by id.
func (tx *Tx) ClosedIn(a domain.Actor, packetID string) (map[string]bool, error) {
	closed := map[string]bool{}
	found, err := tx.crews(a, those{"SELECT i.proposal_id FROM packet_proposals i WHERE i.packet_id = ?", []any{packetID}})
	for id, f := range found.proposals {
		closed[id] = f.ClosedTo(a, f.sectionID)
	}
	return closed, err
}
