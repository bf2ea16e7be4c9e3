package workflows

import (
	"fmt"
	"strings"

	"lectern/domain"
	"lectern/internal/store"
)

// letter is a mail before it is addressed.
type letter struct {
	kind    domain.NoticeKind
	cause   string // one mail per cause, address and kind
	about   string // what it is about; superseding works by it
	subject string
	body    []string // paragraphs
	link    domain.LinkKind
	linkTo  string
}

// tell writes a letter to each person who has an address, once per person.
func (b Base) tell(tx *store.Tx, l letter, people ...domain.Person) error {
	for _, p := range people {
		if p.Email == "" {
			continue
		}
		now := b.Now()
		err := tx.Tell(domain.Mail{
			ID: b.NewID(), Cause: l.cause, Kind: l.kind, SubjectID: l.about, PersonID: p.ID, To: p.Email, Name: p.Name,
			Subject: oneLine(l.subject), Body: strings.Join(l.body, "\n\n"), Link: l.link, LinkTo: l.linkTo,
			State: domain.MailWaiting, NextAt: now, CreatedAt: now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// oneLine keeps a title from adding header lines to a mail.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (w Proposals) letterAbout(p domain.Proposal, kind domain.NoticeKind, cause, subject string, body ...string) letter {
	return letter{kind: kind, cause: cause, about: p.ID, subject: subject, body: body, link: domain.LinkPage, linkTo: "/proposals/" + p.Ref()}
}

func (w Proposals) tellChairs(tx *store.Tx, f domain.Facts, l letter, also ...domain.Person) error {
	chairs, err := tx.Chairs(f.Group.ID, f.Actor.Today)
	if err != nil {
		return err
	}
	return w.tell(tx, l, append(chairs, also...)...)
}

func actorPerson(a domain.Actor) domain.Person {
	return domain.Person{ID: a.ID, Name: a.Name, Email: a.Email}
}

// sendReceipt sends a full copy of what was submitted.
func (w Proposals) sendReceipt(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	body := []string{
		fmt.Sprintf("%s submitted “%s” to %s on %s. Its reference is %s.", f.Actor.Name, p.Title, f.Call.Name, domain.LongTime(f.Now, f.Call.Zone), p.Number),
	}
	if step.Detail != "" {
		body = append(body, step.Detail+".")
	}
	if f.Venue.Decider == domain.DecidedOutside {
		body = append(body, fmt.Sprintf("It still has to be put into %s. Copy the text from the proposal’s page, then record the reference there.", f.Venue.Site))
	}
	body = append(body, "This is what was submitted:")
	body = append(body, fullCopy(p, f)...)
	l := w.letterAbout(p, domain.Receipt, step.ID, "Submitted: "+p.Title+" ("+p.Number+")", body...)
	return w.tellChairs(tx, f, l, actorPerson(f.Actor))
}

func fullCopy(p domain.Proposal, f domain.Facts) []string {
	lines := []string{"Title: " + p.Title}
	for _, field := range f.Form.Spec.Fields {
		values := p.Answers[field.Key]
		if field.Key == domain.TitleKey || len(values) == 0 {
			continue
		}
		lines = append(lines, field.Label+": "+strings.Join(values, "\n- "))
	}
	for _, s := range domain.Active(f.Speakers) {
		lines = append(lines, "Speaker: "+s.Line())
	}
	return lines
}

func (w Proposals) tellGrant(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	l := w.letterAbout(p, domain.GrantNotice, step.ID, "You may submit late: "+p.Title,
		fmt.Sprintf("%s lets you submit “%s” to %s until %s.", f.Actor.Name, p.Title, f.Call.Name, domain.LongTime(*f.Input.Until, f.Call.Zone)),
		"Reason: "+f.Input.Reason)
	return w.tellChairs(tx, f, l)
}

func (w Proposals) tellLateWithdrawal(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	leaders, err := tx.Leaders(f.Group.SectionID, f.Actor.Today)
	if err != nil {
		return err
	}
	body := []string{
		fmt.Sprintf("%s of %s withdrew “%s” (%s) after %s had closed. %s", f.Actor.Name, f.Group.Name, p.Title, p.Number, f.Call.Name, step.Detail),
		"Reason: " + f.Input.Reason,
	}
	if f.NamesHidden { // the Leadership Team may still judge it, should it come back
		body = []string{fmt.Sprintf("“%s” (%s) was withdrawn after %s had closed.", p.Title, p.Number, f.Call.Name)}
	}
	l := w.letterAbout(p, domain.LateWithdrawal, step.ID, "Withdrawn after the deadline: "+p.Title, body...)
	return w.tell(tx, l, leaders...)
}

// tellOutdated writes to the reviewers of an older revision. It names nobody:
// they may not know yet whose the proposal is.
func (w Proposals) tellOutdated(tx *store.Tx, p domain.Proposal, f domain.Facts) error {
	readers, err := tx.OutdatedReviewers(p.ID, p.Revision)
	if err != nil || len(readers) == 0 {
		return err
	}
	l := w.letterAbout(p, domain.ReviewOutdated, fmt.Sprintf("%s revision %d", p.ID, p.Revision), "Changed since you reviewed it: "+p.Title,
		fmt.Sprintf("The text of “%s” (%s) changed after you reviewed it. Your review stays as it is.", p.Title, p.Number),
		"Look at what changed, and score it again if that matters.")
	l.linkTo = "/calls/" + f.Call.Slug + "/review/" + p.Number
	return w.tell(tx, l, readers...)
}

func (w Proposals) tellOutcome(tx *store.Tx, p domain.Proposal, f domain.Facts, d domain.Decision) error {
	body := []string{fmt.Sprintf("“%s” (%s), submitted to %s, was decided: %s.", p.Title, p.Number, f.Call.Name, d.Outcome)}
	switch {
	case d.Feedback != "":
		body = append(body, "Feedback: "+d.Feedback)
	case d.NoFeedback && d.Outcome == domain.OutcomeDeclined:
		body = append(body, "Those who decided gave no feedback.")
	}
	advice, err := tx.Recommendation(p.ID)
	if err != nil {
		return err
	}
	if advice != nil && advice.NoteSubmitter != "" {
		body = append(body, "From the Leadership Team: "+advice.NoteSubmitter)
	}
	if d.Outcome != domain.OutcomeAccepted && len(f.Venue.CarryTo) > 0 {
		body = append(body, "You can carry it forward to another venue from its page.")
	}
	return w.tellChairs(tx, f, w.letterAbout(p, domain.OutcomeNotice, d.ID, domain.State(d.Outcome).Label()+": "+p.Title, body...))
}

func (w Proposals) tellCorrection(tx *store.Tx, p domain.Proposal, f domain.Facts, d domain.Decision) error {
	return w.tellChairs(tx, f, w.letterAbout(p, domain.CorrectionNotice, d.ID, "Corrected: "+p.Title,
		fmt.Sprintf("The decision on “%s” (%s) was corrected. It is now: %s.", p.Title, p.Number, d.Outcome), "Reason: "+d.Reason))
}

func (w Proposals) tellCancelled(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	if err := silence(tx, p, f.Speakers); err != nil {
		return err
	}
	l := w.letterAbout(p, domain.CancelledNotice, step.ID, "Cancelled: "+p.Title,
		fmt.Sprintf("“%s” (%s) was cancelled.", p.Title, p.Number), "Reason: "+f.Input.Reason)
	if err := w.tellChairs(tx, f, l); err != nil {
		return err
	}
	l.link = domain.NoLink
	for _, s := range domain.Active(f.Speakers) {
		if err := w.tell(tx, l, domain.Person{Name: s.Name, Email: s.Email}); err != nil {
			return err
		}
	}
	return nil
}

// tellEventOff tells the chairs that the whole event is off and what they can do,
// and those speakers who were ever asked.
func (w Proposals) tellEventOff(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	if err := silence(tx, p, f.Speakers); err != nil {
		return err
	}
	off := fmt.Sprintf("%s %s was cancelled, and with it “%s” (%s).", f.Venue.Name, p.Year.Short(), p.Title, p.Number)
	l := w.letterAbout(p, domain.CancelledNotice, step.ID, "Cancelled: "+p.Title, off, "Reason: "+f.Input.Reason,
		"What your group owed for that year stays met. From its page you can carry it forward to any venue of this program year or the next.")
	if err := w.tellChairs(tx, f, l); err != nil {
		return err
	}
	l.link, l.body = domain.NoLink, l.body[:2]
	for _, s := range eventOffSpeakers(f.Speakers) {
		if err := w.tell(tx, l, s); err != nil {
			return err
		}
	}
	return nil
}

// eventOffSpeakers are the speakers who hear of a cancelled event: those who
// were ever asked to speak.
func eventOffSpeakers(all []domain.Speaker) []domain.Person {
	var told []domain.Person
	for _, s := range domain.Active(all) {
		if s.InvitedAt != nil && s.Answer != domain.DeclinedTo {
			told = append(told, domain.Person{Name: s.Name, Email: s.Email})
		}
	}
	return told
}

func (w Proposals) tellChanges(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	l := w.letterAbout(p, domain.ChangesAsked, step.ID, "Changes requested: "+p.Title,
		fmt.Sprintf("%s asks for changes to “%s” (%s), submitted to %s. You can edit it until %s; it stays submitted.", f.Actor.Name, p.Title, p.Number, f.Call.Name, domain.LongTime(*f.Input.Until, f.Section.Zone)),
		"What should change: "+f.Input.Reason)
	return w.tellChairs(tx, f, l)
}

func (w Proposals) tellCarried(tx *store.Tx, parent, child domain.Proposal, f domain.Facts, step domain.Step) error {
	members, err := tx.Members(f.Group.ID, f.Actor.Today)
	if err != nil {
		return err
	}
	return w.tell(tx, w.letterAbout(child, domain.CarriedNotice, step.ID, "Carried forward: "+parent.Title,
		fmt.Sprintf("%s carried “%s” (%s) forward to %s. It is a draft: text and speakers were copied, and the new form may ask for more.", f.Actor.Name, parent.Title, parent.Ref(), f.Target.Call.Name)), members...)
}

func (w Proposals) tellAllDeclined(tx *store.Tx, p domain.Proposal, f domain.Facts, step domain.Step) error {
	l := w.letterAbout(p, domain.AllDeclined, step.ID, "All speakers declined: "+p.Title,
		fmt.Sprintf("No speaker of “%s” (%s) is left. Replace them, or ask to cancel it.", p.Title, p.Number))
	var deciders []domain.Person
	var err error
	switch f.Venue.Decider {
	case domain.DecidedByStaff:
		deciders, err = tx.PeopleWith(domain.Staff)
	case domain.DecidedByForum:
		deciders, err = tx.PeopleWith(domain.ForumMember, domain.ForumChair)
	}
	if err != nil {
		return err
	}
	return w.tellChairs(tx, f, l, deciders...)
}

// tellSpeaker writes to a speaker with their own link.
func (w Proposals) tellSpeaker(tx *store.Tx, p domain.Proposal, f domain.Facts, s domain.Speaker, kind domain.NoticeKind, cause string) error {
	subject, body := speakerWords(p, f, kind)
	l := letter{kind: kind, cause: cause, about: s.ID, subject: subject, body: body, link: domain.LinkSpeaker, linkTo: s.ID}
	return w.tell(tx, l, domain.Person{Name: s.Name, Email: s.Email})
}

func speakerWords(p domain.Proposal, f domain.Facts, kind domain.NoticeKind) (subject string, body []string) {
	switch kind {
	case domain.SpeakerConfirm:
		return "Please confirm: " + p.Title, []string{
			fmt.Sprintf("“%s” was accepted for %s. You are named as a speaker.", p.Title, f.Call.Name),
			"Please say with the link below whether you will speak. You need no account.",
		}
	case domain.SpeakerReminder:
		return "Still waiting for your answer: " + p.Title, []string{
			fmt.Sprintf("You are named as a speaker of “%s” (%s) and have not answered yet.", p.Title, f.Call.Name),
			"Please say with the link below whether you will speak.",
		}
	case domain.StipendOffer:
		return "A stipend for you: " + p.Title, []string{
			fmt.Sprintf("%s designated you for a stipend of %s for speaking in “%s”.", f.Group.Name, domain.Dollars(f.Section.Settings.StipendCentsFor(p.Year)), p.Title),
			"Accept it, ask for it to be paid to your employer, or waive it with the link below. Tax numbers are never asked for here.",
		}
	}
	if kind == domain.SpeakerNewLink {
		return "Your new link: " + p.Title, []string{
			fmt.Sprintf("%s sends you a new link for “%s”. Earlier links no longer open.", f.Actor.Name, p.Title),
			"With it you see what you answered and how the program prints you. You need no account.",
		}
	}
	return "You are invited to speak: " + p.Title, []string{
		fmt.Sprintf("%s of %s names you as a speaker in a proposal: “%s”, for %s.", f.Actor.Name, f.Group.Name, p.Title, f.Call.Name),
		"Please say with the link below whether you agree. You need no account.",
	}
}
