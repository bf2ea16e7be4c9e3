package mail

import (
	"bytes"
	_ "embed" // the HTML of a message
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"lectern/domain"
)

//go:embed message.html
var messageHTML string

var page = template.Must(template.New("message").Parse(messageHTML))

// block is a paragraph, or a list whose items are its lines.
type block struct {
	List  bool
	Lines []line
}

// line is a run of text. What stands between “ and ” was typed by somebody, may
// be in any script, and is kept from turning the words around it.
type line []span

type span struct {
	Text   string
	Quoted bool
	Number bool // of a proposal: it stays on one line
}

type content struct {
	Subject, Name, Link, LinkWords, LinkUntil, Why, Section, Contact string
	Blocks                                                           []block
}

// Render makes a mail's subject, its plain text and its HTML. The link is
// the zero one for a mail without. All text is escaped; nothing in it becomes markup.
func (h Letterhead) Render(m domain.Mail, link domain.MailLink) (subject, text, html string, err error) {
	c := content{
		Subject: bare(m.Subject), Name: bare(m.Name), Link: link.URL, LinkWords: linkWords[m.Link], LinkUntil: until(link), Why: why(m.Kind),
		Section: h.Section, Contact: h.Contact, Blocks: blocksOf(m.Body),
	}
	var b bytes.Buffer
	if err := page.Execute(&b, c); err != nil {
		return "", "", "", fmt.Errorf("render a mail: %w", err)
	}
	return c.Subject, h.plain(m, c), b.String(), nil
}

func (h Letterhead) plain(m domain.Mail, c content) string {
	parts := []string{}
	if c.Name != "" {
		parts = append(parts, c.Name+",")
	}
	parts = append(parts, strings.ReplaceAll(m.Body, "\n\n- ", "\n- "))
	if c.Link != "" {
		parts = append(parts, strings.TrimSpace(c.LinkWords+"\n"+c.Link+"\n"+c.LinkUntil))
	}
	footer := "-- \n" + c.Why
	if h.Contact != "" {
		footer += "\nQuestions: " + h.Contact
	}
	if h.Section != "" {
		footer += "\n" + h.Section + ", with Lectern"
	} else {
		footer += "\nLectern"
	}
	return strings.Join(append(parts, footer), "\n\n") + "\n"
}

// until says how long a link opens, when that is known.
func until(l domain.MailLink) string {
	if l.Until.IsZero() {
		return ""
	}
	return "The link opens until " + domain.LongTime(l.Until, l.Zone) + ". After that, ask the group for a new one."
}

func blocksOf(body string) []block {
	var all []block
	for _, p := range strings.Split(body, "\n\n") {
		item, isItem := strings.CutPrefix(p, "- ")
		if isItem && len(all) > 0 && all[len(all)-1].List {
			last := &all[len(all)-1]
			last.Lines = append(last.Lines, spans(item))
			continue
		}
		b := block{List: isItem}
		if isItem {
			b.Lines = []line{spans(item)}
		} else {
			for _, l := range strings.Split(p, "\n") {
				b.Lines = append(b.Lines, spans(l))
			}
		}
		all = append(all, b)
	}
	return all
}

// spans cuts a line at its quotation marks, which stay outside the quoted text.
// What is quoted may quote again, so the last closing mark ends it.
func spans(text string) line {
	before, rest, opened := strings.Cut(text, "“")
	end := strings.LastIndex(rest, "”")
	if !opened || end < 0 {
		return numbers(nil, text)
	}
	return numbers(append(numbers(nil, before+"“"), span{Text: rest[:end], Quoted: true}), rest[end:])
}

// numbers adds a text to a line, the numbers of proposals as spans of their own.
func numbers(l line, text string) line {
	for text != "" {
		before, number, after := domain.CutReference(text)
		if before != "" {
			l = append(l, span{Text: before})
		}
		if number != "" {
			l = append(l, span{Text: number, Number: true})
		}
		text = after
	}
	return l
}

// bare is a text for a header: one line, without control characters and without
// the marks that turn the direction of what follows.
func bare(s string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(kept), " ")
}

// linkWords stand before the link, by what it opens.
var linkWords = map[domain.LinkKind]string{
	domain.LinkSignIn:  "Sign in with this link. It works once, and only for a short time:",
	domain.LinkSpeaker: "Answer here. The link is for you alone, so please do not pass it on:",
	domain.LinkPage:    "Open it here:",
	domain.LinkOrder:   "Your order, without an account. Whoever has this link can change it:",
	domain.LinkQuote:   "Your quote, without an account. Whoever has this link can accept it:",
	domain.LinkSeat:    "Your seat. The link is for you alone, so please do not pass it on:",
}

// reasons say why somebody gets a mail, by its occasion.
var reasons = map[domain.NoticeKind]string{
	domain.SignInLink:        "You get this because somebody asked to sign in with your address. If it was not you, do nothing.",
	domain.SpeakerInvitation: "You get this because you are named as a speaker in a draft.",
	domain.SpeakerMoved:      "You get this because you are named as a speaker.",
	domain.SpeakerConfirm:    "You get this because you are named as a speaker.",
	domain.SpeakerReminder:   "You get this because you are named as a speaker and have not answered. There are two reminders at most.",
	domain.AllDeclined:       "You get this because you chair the group, or decide at this venue.",
	domain.Receipt:           "You get this because you submitted this, or chair the group that did.",
	domain.OutcomeNotice:     "You get this because you chair the group that submitted this.",
	domain.CorrectionNotice:  "You get this because you chair the group that submitted this.",
	domain.CancelledNotice:   "You get this because you chair the group, or are one of the speakers.",
	domain.CarriedNotice:     "You get this because you are in the group this belongs to.",
	domain.LateWithdrawal:    "You get this because you are on the Leadership Team.",
	domain.WindowExtended:    "You get this because you chair a group with a draft for this call.",
	domain.WindowReminder:    "You get this because you chair a group with a draft for this call.",
	domain.UndecidedNudge:    "You get this because you chair a group that submitted this. It comes once a year.",
	domain.StipendOffer:      "You get this because you are a speaker of this webinar.",
	domain.SpeakerNewLink:    "You get this because you are a speaker of this proposal.",
	domain.StipendPapers:     "You get this because a stipend was designated for you and papers are missing. It comes at most three times.",
	domain.ChangesAsked:      "You get this because you chair the group.",
	domain.GrantNotice:       "You get this because you chair the group.",
	domain.AccessAsked:       "You get this because this address is the access contact of the webinar.",
	domain.ReviewOutdated:    "You get this because you reviewed this proposal.",

	domain.OrderReceived:        "You get this because you ordered seats of a webinar.",
	domain.OrderConfirmedNotice: "You get this because you ordered seats of a webinar.",
	domain.OrderEnded:           "You get this because you ordered seats of a webinar.",
	domain.POWaits:              "You get this because you are on the association’s staff.",
	domain.SeatInvitation:       "You get this because a library named you for one of its seats. We add you to no mailing list.",
	domain.OpenSeatsNotice:      "You get this because you ordered seats that have no name yet.",
	domain.SeatTomorrow:         "You get this because you have a seat of this webinar.",
	domain.OrderMoved:           "You get this because you ordered seats of this webinar.",
	domain.SeatMoved:            "You get this because you have a seat of this webinar.",
	domain.OrderRecording:       "You get this because you ordered seats of this webinar.",
	domain.SeatRecording:        "You get this because you have a seat of this webinar.",
	domain.SeatEnded:            "You get this because you had a seat of this webinar.",
	domain.PacketReleased:       "You get this because you decide at this venue.",

	domain.QuoteAsked:    "You get this because somebody asked for a quote with your address. If it was not you, do nothing.",
	domain.QuoteWaits:    "You get this because you are on the association’s staff.",
	domain.QuoteOut:      "You get this because you asked for a quote.",
	domain.QuoteReminder: "You get this because you asked for a quote. It comes once for each offer.",
	domain.QuoteEnded:    "You get this because you asked for a quote.",
}

func why(k domain.NoticeKind) string { return reasons[k] }
