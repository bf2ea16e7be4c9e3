package workflows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/domain"
	"lectern/internal/store"
)

// Reminders are what happens by itself. Every sweep does what is due at an
// instant and was not done before, one transaction per subject, so that it may
// be stopped anywhere, repeated, and run by several instances at once.
type Reminders struct{ Base }

// The jobs, as the table swept names them.
const (
	windowJob  = "window_reminder"
	speakerJob = "speaker_reminder"
	nudgeJob   = "undecided_nudge"
	papersJob  = "stipend_papers"
)

// speakerReminderLimit is how long after a reminder's day it is still sent.
const speakerReminderLimit = 30

// keepExpired is how long an expired sign-in can still say that it expired, and
// how long the answer to a repeated request is kept.
const keepExpired = 24 * time.Hour

// Run does every reminder that is due at the instant, closes the sale of webinars
// whose time has come, and erases the access requests of those held 30 days ago.
// Problems with one subject do not keep the others from theirs; all are returned.
func (w Reminders) Run(ctx context.Context, now time.Time) error {
	at := Reminders{Base{Store: w.Store, NewID: w.NewID, Now: func() time.Time { return now }}}
	_, callingOff := Orders{Base: at.Base}.CallOffDue(ctx)
	_, closing := Offerings(at).CloseDue(ctx)
	seats := at.Seats(ctx, now)
	_, erasing := Offerings(at).EraseAccessRequests(ctx)
	return errors.Join(at.Windows(ctx, now), at.Speakers(ctx, now), at.Undecided(ctx, now), at.Papers(ctx, now), closing, erasing, Orders{Base: at.Base}.ExpireDue(ctx, now), callingOff,
		seats, at.Quotes(ctx, now), Quotes{Base: at.Base}.LapseDue(ctx, now))
}

// Expire removes what has had its time. It always takes the real time, also in
// the demo: sign-ins, sessions and tokens do not travel.
func (w Reminders) Expire(ctx context.Context, now time.Time) (store.Expired, error) {
	return store.Write(ctx, w.Store, func(tx *store.Tx) (store.Expired, error) {
		return tx.Expire(now, now.Add(-keepExpired))
	})
}

// sweep does the job for each subject that is not done yet. A transaction that
// has begun is finished when ctx ends.
func (w Reminders) sweep(ctx context.Context, job string, now time.Time, subjects []string, do func(tx *store.Tx, subject string) error) error {
	open, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]string, error) { return tx.Unswept(job, subjects) })
	if err != nil {
		return err
	}
	var problems []error
	for _, subject := range open {
		if ctx.Err() != nil {
			return errors.Join(append(problems, ctx.Err())...)
		}
		_, err := store.Write(context.WithoutCancel(ctx), w.Store, func(tx *store.Tx) (struct{}, error) {
			mine, err := tx.Sweep(job, subject, now)
			if err != nil || !mine {
				return struct{}{}, err
			}
			return struct{}{}, do(tx, subject)
		})
		if err != nil {
			problems = append(problems, fmt.Errorf("%s %s: %w", job, subject, err))
		}
	}
	return errors.Join(problems...)
}

// Windows reminds the chairs of groups with a draft before a window closes. Each
// gets one mail per call and reminder that names all their drafts. An extended
// window has reminders of its own, because its end is part of the key.
func (w Reminders) Windows(ctx context.Context, now time.Time) error {
	calls, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]domain.Call, error) {
		return tx.CallsClosing(now, now.AddDate(0, 0, slices.Max(domain.WindowReminderDays)+1))
	})
	if err != nil {
		return err
	}
	due := map[string]domain.Call{}
	var subjects []string
	for _, c := range calls {
		if days := c.ReminderDue(now); days > 0 {
			key := fmt.Sprintf("%s/%s/%d", c.ID, c.ClosesAt.UTC().Format(time.RFC3339), days)
			due[key] = c
			subjects = append(subjects, key)
		}
	}
	return w.sweep(ctx, windowJob, now, subjects, func(tx *store.Tx, key string) error {
		return w.remindOfWindow(tx, due[key], key, now)
	})
}

func (w Reminders) remindOfWindow(tx *store.Tx, c domain.Call, key string, now time.Time) error {
	section, err := tx.Section(c.SectionID)
	if err != nil {
		return err
	}
	drafts, err := tx.DraftsOf(c.ID)
	if err != nil {
		return err
	}
	return w.tellEach(tx, drafts, domain.DateOf(now, domain.Zone(section.Zone)), func(mine []store.DraftLine) letter {
		closes := domain.Deadline(*c.ClosesAt, c.Zone)
		body := append([]string{fmt.Sprintf("%s closes on %s. A draft cannot be submitted after that.", c.Name, closes), "Not submitted yet:"}, named(mine)...)
		return letter{
			kind: domain.WindowReminder, cause: key, about: c.ID, subject: fmt.Sprintf("%s closes on %s", c.Name, domain.LongDay(c.ClosesAt.Add(-time.Minute), c.Zone)),
			body: body, link: domain.LinkPage, linkTo: pathTo(mine, domain.Draft),
		}
	})
}

// Speakers reminds those who were asked and have not answered.
func (w Reminders) Speakers(ctx context.Context, now time.Time) error {
	now = now.UTC()
	first, last := slices.Min(domain.SpeakerReminderDays), slices.Max(domain.SpeakerReminderDays)
	waiting, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]store.WaitingSpeaker, error) {
		return tx.WaitingSpeakers(now.AddDate(0, 0, -last-speakerReminderLimit), now.AddDate(0, 0, -first))
	})
	if err != nil {
		return err
	}
	due := map[string]store.WaitingSpeaker{}
	var subjects []string
	for _, s := range waiting {
		key := fmt.Sprintf("%s/%s/%d", s.ID, s.InvitedAt.UTC().Format(time.RFC3339Nano), domain.SpeakerReminderDue(s.InvitedAt, now))
		due[key] = s
		subjects = append(subjects, key)
	}
	return w.sweep(ctx, speakerJob, now, subjects, func(tx *store.Tx, key string) error {
		return w.remindSpeaker(tx, due[key], key, now)
	})
}

// remindSpeaker looks again, because the speaker may have answered, or the
// proposal ended, since the list was read.
func (w Reminders) remindSpeaker(tx *store.Tx, asked store.WaitingSpeaker, key string, now time.Time) error {
	p, f, err := tx.Proposal(domain.TheClock(now), asked.ProposalID)
	if domain.IsKind(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := tx.Speakers(p.ID)
	if err != nil {
		return err
	}
	s, err := pick(domain.Active(all), asked.ID)
	if err != nil || !stillAsked(s, asked, p, f.Call, now) {
		return nil //nolint:nilerr // a speaker taken off meanwhile needs no reminder
	}
	return Proposals(w).tellSpeaker(tx, p, f, s, domain.SpeakerReminder, key)
}

// stillAsked tells whether an answer is still wanted. A draft whose window is
// over goes nowhere as it is, so nobody is pressed about it.
func stillAsked(s domain.Speaker, asked store.WaitingSpeaker, p domain.Proposal, c domain.Call, now time.Time) bool {
	if s.Answer != domain.Invited || s.InvitedAt == nil || !s.InvitedAt.Equal(asked.InvitedAt) {
		return false
	}
	if p.State == domain.Draft {
		return !c.ClosedAt(now)
	}
	return slices.Contains([]domain.State{domain.Submitted, domain.Alternate, domain.Accepted}, p.State)
}

// Undecided asks the chairs, from December 15 to the end of the year, about
// proposals for ALA Annual that have no outcome here yet (R13). Each gets one
// mail a year that names all of theirs.
func (w Reminders) Undecided(ctx context.Context, now time.Time) error {
	sections, err := store.Read(ctx, w.Store, (*store.Tx).Sections)
	if err != nil {
		return err
	}
	due := map[string]domain.Section{}
	var subjects []string
	for _, s := range sections {
		year := now.In(domain.Zone(s.Zone)).Year()
		if from, until := domain.NudgeWindow(year, s.Zone); !now.Before(from) && now.Before(until) {
			key := fmt.Sprintf("%s/%d", s.ID, year)
			due[key] = s
			subjects = append(subjects, key)
		}
	}
	return w.sweep(ctx, nudgeJob, now, subjects, func(tx *store.Tx, key string) error {
		return w.nudge(tx, due[key], key, now)
	})
}

func (w Reminders) nudge(tx *store.Tx, s domain.Section, key string, now time.Time) error {
	today := domain.DateOf(now, domain.Zone(s.Zone))
	undecided, err := tx.UndecidedAt(s.ID, domain.NudgedVenue, domain.YearOf(today))
	if err != nil || len(undecided) == 0 {
		return err
	}
	venue, err := tx.Venue(domain.NudgedVenue)
	if err != nil {
		return err
	}
	return w.tellEach(tx, undecided, today, func(mine []store.DraftLine) letter {
		body := append([]string{fmt.Sprintf("%s usually tells in December what was accepted. These proposals of yours have no outcome here yet:", venue.Name)}, named(mine)...)
		body = append(body, "When you have heard, record the outcome on the proposal’s page. A declined one can then be carried forward.")
		return letter{
			kind: domain.UndecidedNudge, cause: key, about: s.ID, subject: "Have you heard from " + venue.Name + "?",
			body: body, link: domain.LinkPage, linkTo: pathTo(mine, domain.Submitted),
		}
	})
}

// tellEach writes one letter to each person who chairs a group with one of the
// proposals, about those of all their groups.
func (w Reminders) tellEach(tx *store.Tx, lines []store.DraftLine, today domain.Date, write func(mine []store.DraftLine) letter) error {
	mine := map[string][]store.DraftLine{}
	var people []domain.Person
	for _, group := range groupsOf(lines) {
		chairs, err := tx.Chairs(group, today)
		if err != nil {
			return err
		}
		for _, p := range chairs {
			if mine[p.ID] == nil {
				people = append(people, p)
			}
			mine[p.ID] = append(mine[p.ID], ofGroup(lines, group)...)
		}
	}
	for _, p := range people {
		if err := w.tell(tx, write(mine[p.ID]), p); err != nil {
			return err
		}
	}
	return nil
}

func groupsOf(lines []store.DraftLine) []string {
	var ids []string
	for _, l := range lines {
		if !slices.Contains(ids, l.GroupID) {
			ids = append(ids, l.GroupID)
		}
	}
	return ids
}

func ofGroup(lines []store.DraftLine, group string) []store.DraftLine {
	return slices.DeleteFunc(slices.Clone(lines), func(l store.DraftLine) bool { return l.GroupID != group })
}

// named are the proposals as paragraphs of a mail.
func named(lines []store.DraftLine) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		title := oneLine(l.Title)
		if title == "" {
			title = "(no title yet)"
		}
		out[i] = strings.TrimSpace("- “" + title + "” " + l.Number)
	}
	return out
}

// pathTo is the page of the only proposal, or the list of them.
func pathTo(lines []store.DraftLine, s domain.State) string {
	if len(lines) == 1 {
		return "/proposals/" + lines[0].Ref()
	}
	return "/proposals?state=" + string(s)
}

// NextDue is the next instant after the given one at which something happens by
// itself: a reminder, the end of a window, December 15. False when nothing ever
// will, because there is no section.
func (w Reminders) NextDue(ctx context.Context, after time.Time) (time.Time, bool, error) {
	instants, err := store.Read(ctx, w.Store, func(tx *store.Tx) ([]time.Time, error) { return instantsAfter(tx, after) })
	if err != nil || len(instants) == 0 {
		return time.Time{}, false, err
	}
	return slices.MinFunc(instants, time.Time.Compare), true, nil
}

// instantsAfter looks a year ahead: December 15 is never further away.
func instantsAfter(tx *store.Tx, after time.Time) ([]time.Time, error) {
	sections, err := tx.Sections()
	if err != nil {
		return nil, err
	}
	calls, err := tx.CallsClosing(after.AddDate(0, 0, -1), after.AddDate(1, 0, slices.Max(domain.WindowReminderDays)))
	if err != nil {
		return nil, err
	}
	waiting, err := tx.WaitingSpeakers(after.AddDate(0, 0, -slices.Max(domain.SpeakerReminderDays)), after)
	if err != nil {
		return nil, err
	}
	all, err := paperInstants(tx)
	if err != nil {
		return nil, err
	}
	for _, s := range sections {
		year := after.In(domain.Zone(s.Zone)).Year()
		this, _ := domain.NudgeWindow(year, s.Zone)
		next, _ := domain.NudgeWindow(year+1, s.Zone)
		all = append(all, this, next)
	}
	for _, c := range calls {
		all = append(all, c.Instants()...)
	}
	for _, s := range waiting {
		for _, days := range domain.SpeakerReminderDays {
			all = append(all, domain.SpeakerReminderAt(s.InvitedAt, days))
		}
	}
	quotes, err := quoteInstants(tx, after)
	if err != nil {
		return nil, err
	}
	all = append(all, quotes...)
	sale, err := saleInstants(tx, after)
	if err != nil {
		return nil, err
	}
	all = append(all, sale...)
	over, err := tx.NextOver(after)
	if err != nil {
		return nil, err
	}
	if over != nil {
		all = append(all, *over)
	}
	return slices.DeleteFunc(all, func(t time.Time) bool { return !t.After(after) }), nil
}
