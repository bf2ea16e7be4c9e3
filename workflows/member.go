package workflows

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strings"

	"lectern/domain"
	"lectern/internal/intake"
	"lectern/internal/store"
)

// Members keeps the list of members, which proves who buys at a member's rate.
// Addresses and numbers are kept as HMACs under the first of the keys.
type Members struct {
	Base
	Links Links
}

func memberMail(key, email string) string {
	return macOf(key, []string{"member mail", domain.FoldEmail(email)})
}

func memberNumber(key, number string) string {
	return macOf(key, []string{"member number", strings.ToLower(strings.TrimSpace(number))})
}

// prove finds out which rate a buyer has earned. The same is read and computed
// whoever asks, so that neither words nor time tell a stranger who is a member.
func (w Orders) prove(tx *store.Tx, who domain.Actor, wish HoldWish, f domain.OrderFacts) (string, domain.Evidence, error) {
	var hmacs []string
	for _, k := range w.Links.Keys {
		hmacs = append(hmacs, memberMail(k, wish.Email))
	}
	found, err := tx.MembersBy(hmacs)
	if err != nil {
		return "", domain.Evidence{}, err
	}
	c := domain.Claim{
		NumberGiven: strings.TrimSpace(wish.MemberNumber) != "",
		SignedIn:    who.SignedIn() && domain.FoldEmail(who.Email) == domain.FoldEmail(wish.Email),
	}
	for i, k := range w.Links.Keys {
		m, listed := found[hmacs[i]]
		fits := hmac.Equal([]byte(m.NumberHMAC), []byte(memberNumber(k, wish.MemberNumber)))
		if listed && c.ByEmail == nil {
			c.ByEmail, c.NumberFits = &m, fits
		}
	}
	class, e := domain.Prove(c, domain.DateOf(f.Now, domain.Zone(f.Offering.Zone)), f.Now)
	if _, priced := domain.TierFor(f.Tiers, class, 1); !priced {
		class = domain.Nonmember // this webinar has no price for the class
	}
	return class, e, nil
}

// MemberReport says what an import of members did, or would do.
type MemberReport struct {
	Created, Updated, Unchanged int
	Refused                     []intake.Problem
}

// ImportMembers takes in a file of members, CSV with the columns email,
// member_number, class and valid_to: all of it or nothing. Importing it again
// changes nothing. Forbidden for anybody but staff and administrators.
func (w Members) ImportMembers(ctx context.Context, who domain.Actor, file []byte) (MemberReport, error) {
	if !who.Clock && !who.Has(domain.Staff, domain.Admin) {
		return MemberReport{}, domain.NotAllowed("not_your_move", "Only association staff or an administrator can import members.")
	}
	lines, problems, err := intake.Members(file)
	if err != nil {
		return MemberReport{}, err
	}
	report := MemberReport{Refused: append(problems, checkMembers(lines)...)}
	if len(report.Refused) > 0 {
		return report, nil
	}
	return store.Write(ctx, w.Store, func(tx *store.Tx) (MemberReport, error) { return w.putMembers(tx, lines) })
}

func checkMembers(lines []domain.MemberLine) []intake.Problem {
	var all []intake.Problem
	first := map[string]int{}
	for _, l := range lines {
		for _, r := range l.Check() {
			all = append(all, intake.Problem{Line: l.Line, Code: r.Code, Detail: r.Detail, Pointer: r.Pointer})
		}
		key := domain.FoldEmail(l.Email)
		if before, twice := first[key]; twice && key != "" {
			all = append(all, intake.Problem{Line: l.Line, Code: "twice", Detail: fmt.Sprintf("The address is on line %d too.", before), Pointer: "/email"})
		}
		first[key] = l.Line
	}
	return all
}

func (w Members) putMembers(tx *store.Tx, lines []domain.MemberLine) (MemberReport, error) {
	var report MemberReport
	key := w.Links.Keys[0]
	hmacs := make([]string, len(lines))
	for i, l := range lines {
		hmacs[i] = memberMail(key, l.Email)
	}
	there, err := tx.MembersBy(hmacs)
	if err != nil {
		return report, err
	}
	var changed []domain.Member
	for i, l := range lines {
		m := domain.Member{EmailHMAC: hmacs[i], NumberHMAC: memberNumber(key, l.Number), Class: l.Class, ValidTo: l.ValidTo, UpdatedAt: w.Now()}
		old, known := there[hmacs[i]]
		switch {
		case !known:
			report.Created++
		case old.NumberHMAC == m.NumberHMAC && old.Class == m.Class && old.ValidTo == m.ValidTo:
			report.Unchanged++
			continue
		default:
			report.Updated++
		}
		changed = append(changed, m)
	}
	return report, tx.PutMembers(changed)
}
