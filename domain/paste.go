package domain

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pasted is what the text of a web page or document says, sorted into the parts
// of a draft. It is shown before anything is saved: every part tells where it
// came from, and what found no place is in Left.
type Pasted struct {
	Title    string    // empty when the text does not begin with one
	Answers  Answers   // by field key, only keys the form has; the title is not among them
	Speakers []Speaker // in order, Position from 1
	Sources  []Source  // one for each part that was found, in the order of the text
	Left     []string  // the paragraphs that were not used, as pasted
}

// Source tells where in the text a part was found.
type Source struct {
	Field string // a field key, or "speakers"
	From  string // in words: the first line; under “Learning Outcomes”
	Label string // the heading itself, as pasted; empty when there was none
}

// SpeakersKey names the speakers among the sources of a Pasted.
const SpeakersKey = "speakers"

// The keys of the fields that a pasted text can fill.
const (
	shortKey    = "short_description"
	fullKey     = "full_description"
	outcomesKey = "outcomes"
	audienceKey = "audience"
	leftKey     = "" // a part of a page that is not a proposal: prices, technical notes
)

// longestTitle is the most characters a first line may have to be read as a
// title: the longest seen in real files is 198.
const longestTitle = 250

// headings are the lines that begin a part, in lower case, without a colon.
var headings = map[string]string{
	"title": TitleKey, "program title": TitleKey, "session title": TitleKey, "webinar title": TitleKey, "talk title": TitleKey,
	"description": fullKey, "full description": fullKey, "program description": fullKey, "session description": fullKey,
	"webinar description": fullKey, "webcast description": fullKey, "abstract": fullKey, "overview": fullKey,
	"about this webinar": fullKey, "about this webcast": fullKey, "about this session": fullKey, "about this program": fullKey,
	"short description": shortKey, "summary": shortKey, "brief description": shortKey,
	"learning outcomes": outcomesKey, "learning objectives": outcomesKey, "outcomes": outcomesKey, "objectives": outcomesKey,
	"learning outcome": outcomesKey, "takeaways": outcomesKey, "key takeaways": outcomesKey, "what you will learn": outcomesKey,
	"target audience": audienceKey, "audience": audienceKey, "intended audience": audienceKey, "who should attend": audienceKey,
	"presenters": SpeakersKey, "presenter": SpeakersKey, "presenter(s)": SpeakersKey, "speakers": SpeakersKey, "speaker": SpeakersKey,
	"speaker(s)": SpeakersKey, "presented by": SpeakersKey, "instructors": SpeakersKey, "instructor": SpeakersKey,
	"panelists": SpeakersKey, "about the presenters": SpeakersKey, "about the speakers": SpeakersKey,
	"pricing": leftKey, "cost": leftKey, "fees": leftKey, "registration": leftKey, "how to register": leftKey, "register": leftKey,
	"tech requirements": leftKey, "technical requirements": leftKey, "contact": leftKey, "questions": leftKey,
	"date": leftKey, "date and time": leftKey, "when": leftKey, "where": leftKey, "accessibility": leftKey, "cancellation policy": leftKey,
}

var (
	bullet      = regexp.MustCompile(`^[\s\p{Z}]*(?:[•·▪◦‣○●*–—-]|\d{1,2}[.)])[\s\p{Z}]+`)
	glued       = regexp.MustCompile(`([.;!?])[\s\p{Z}]*(?:[&•][\s\p{Z}]*)*((?:Participants|Attendees|Learners)[\s\p{Z}]+will\b)`)
	boilerplate = regexp.MustCompile(`(?i)^(pricing\b|to register\b|register (now|here|by)\b|registration\b|cost:|for more information\b|if you have (a |any )?question)`)
)

// Paste sorts a text into title, description, outcomes, audience and speakers.
// Text is kept as typed (curly quotes, em dashes); only bullets are dropped, and
// outcomes that were run together are parted. Fields the form lacks are not
// filled; a form without fields stands for all of them.
func Paste(text string, form FormSpec) Pasted {
	p := paste{form: form, section: fullKey, found: Pasted{Answers: Answers{}}}
	for _, block := range paragraphs(text) {
		p.block(block)
	}
	p.settle()
	return p.found
}

type paste struct {
	form     FormSpec
	section  string   // the part the text is in
	label    string   // the heading that began it
	begun    bool     // anything was read
	full     []string // paragraphs of the description
	bulleted bool     // the part is a list with bullets
	filled   bool     // the part has its content; what follows needs a reason
	noted    []string // the fields that named this label as their source; leftKey when it is in Left
	found    Pasted
}

// paragraphs are the blocks between blank lines, each a list of lines without
// white space at their ends.
func paragraphs(text string) [][]string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(text)
	var blocks [][]string
	var block []string
	for _, line := range append(strings.Split(text, "\n"), "") {
		line = strings.TrimSpace(line)
		if line != "" {
			block = append(block, line)
			continue
		}
		if len(block) > 0 {
			blocks = append(blocks, block)
		}
		block = nil
	}
	return blocks
}

// heading reads a line as a heading, or as "Target Audience: everyone".
func heading(line string) (section, label, rest string, ok bool) {
	label, rest, colon := strings.Cut(line, ":")
	section, ok = headings[strings.ToLower(strings.Trim(label, "#* \u00a0"))]
	if ok {
		return section, label, strings.Trim(rest, "* \u00a0"), true
	}
	if !colon {
		return "", "", "", false
	}
	section, ok = headings[strings.ToLower(strings.Trim(line, "#*: \u00a0"))]
	return section, line, "", ok
}

// block reads one paragraph, parting it where a line is a heading.
func (p *paste) block(lines []string) {
	var run []string
	for _, line := range lines {
		section, label, rest, ok := heading(line)
		if !ok {
			run = append(run, line)
			continue
		}
		p.paragraph(run)
		run = nil
		p.enter(section, label)
		if rest != "" {
			run = []string{rest}
		}
	}
	p.paragraph(run)
}

func (p *paste) enter(section, label string) {
	p.keepLabel()
	p.section, p.label, p.bulleted, p.filled, p.noted = section, label, false, false, nil
	p.begun = p.begun || section != TitleKey
}

// keepLabel lists a heading under which nothing was used.
func (p *paste) keepLabel() {
	if p.label != "" && len(p.noted) == 0 {
		p.found.Left = append(p.found.Left, p.label)
		p.noted = append(p.noted, leftKey)
	}
}

func (p *paste) paragraph(lines []string) {
	if len(lines) == 0 {
		return
	}
	if p.section == TitleKey || !p.begun {
		lines = p.title(lines)
	}
	p.begun = true
	if len(lines) == 0 {
		return
	}
	switch p.section {
	case outcomesKey:
		p.outcomes(lines)
	case audienceKey:
		p.audience(lines)
	case SpeakersKey:
		p.presenters(lines)
	case fullKey, shortKey:
		p.describe(lines)
	default:
		p.leave(lines)
	}
}

// title takes the first line, unless it is too long to be one.
func (p *paste) title(lines []string) []string {
	labelled := p.section == TitleKey
	p.section = fullKey
	if p.found.Title != "" || !labelled && utf8.RuneCountInString(lines[0]) > longestTitle {
		return lines
	}
	p.found.Title = lines[0]
	p.source(TitleKey, "the first line")
	p.label = "" // what follows is not the title
	return lines[1:]
}

func (p *paste) describe(lines []string) {
	text := strings.Join(lines, "\n")
	if p.unlabelledSpeakers(lines) {
		return
	}
	if boilerplate.MatchString(text) {
		p.section = leftKey
		p.leave(lines)
		return
	}
	if p.section == shortKey && p.has(shortKey) {
		p.put(shortKey, strings.TrimPrefix(p.found.Answers.Text(shortKey)+"\n\n"+text, "\n\n"))
		p.source(shortKey, "the paragraphs after the title")
		return
	}
	p.full = append(p.full, text)
	p.source(p.descriptionKey(), "the paragraphs after the title")
}

// outcomes takes a list. Text without a bullet after a list with bullets is not
// an outcome, unless it goes on in the line below one.
func (p *paste) outcomes(lines []string) {
	inList := false
	var over []string
	var items []string
	for _, line := range lines {
		marked := bullet.MatchString(line)
		p.bulleted = p.bulleted || marked
		switch {
		case marked || !p.bulleted:
			items = append(items, bullet.ReplaceAllString(line, ""))
			inList = true
		case inList:
			items[len(items)-1] += " " + line
		default:
			over = append(over, line)
		}
	}
	p.addOutcomes(items)
	p.rest(over)
}

func (p *paste) addOutcomes(items []string) {
	for _, item := range items {
		if !p.bulleted && p.unlabelledSpeakers([]string{item}) {
			continue
		}
		if !p.has(outcomesKey) {
			p.leave([]string{item})
			continue
		}
		p.found.Answers[outcomesKey] = append(p.found.Answers[outcomesKey], parted(item)...)
		p.source(outcomesKey, "a list")
	}
}

// parted splits outcomes that were run together: "… effort. &  Participants will …" (C11).
func parted(item string) []string {
	var items []string
	for _, piece := range strings.Split(glued.ReplaceAllString(item, "$1\x00$2"), "\x00") {
		for _, one := range strings.Split(piece, " • ") {
			if one = strings.TrimSpace(one); one != "" {
				items = append(items, one)
			}
		}
	}
	return items
}

func (p *paste) audience(lines []string) {
	if p.filled || !p.has(audienceKey) {
		p.rest(lines)
		return
	}
	for i, line := range lines {
		lines[i] = bullet.ReplaceAllString(line, "")
	}
	said := append(p.found.Answers[audienceKey], strings.Join(lines, "\n"))
	p.put(audienceKey, strings.Join(said, "\n"))
	p.filled = true
	p.source(audienceKey, "a line")
}

// rest is what follows a part that is complete: speakers, or nothing of ours.
func (p *paste) rest(lines []string) {
	if len(lines) > 0 && !p.unlabelledSpeakers(lines) {
		p.leave(lines)
	}
}

func (p *paste) unlabelledSpeakers(lines []string) bool {
	var all []Speaker
	for _, line := range lines {
		found, sure := SpeakerList(line)
		if !sure {
			return false
		}
		all = append(all, found...)
	}
	label := p.label
	p.label = ""
	p.add(all)
	p.label = label
	return true
}

// presenters reads what stands under a heading for speakers: names with titles,
// and prose about the person named last.
func (p *paste) presenters(lines []string) {
	for _, line := range lines {
		line = bullet.ReplaceAllString(line, "")
		found, sure := SpeakerList(line)
		switch {
		case sure || allNamed(found):
			p.add(found)
		case len(p.found.Speakers) == 0 || boilerplate.MatchString(line):
			p.leave([]string{line})
		default:
			last := &p.found.Speakers[len(p.found.Speakers)-1]
			last.Bio = strings.TrimPrefix(last.Bio+"\n\n"+line, "\n\n")
		}
	}
}

func (p *paste) add(speakers []Speaker) {
	for _, s := range speakers {
		s.Position = len(p.found.Speakers) + 1
		p.found.Speakers = append(p.found.Speakers, s)
	}
	p.source(SpeakersKey, "names with titles and institutions")
}

func (p *paste) leave(lines []string) {
	p.keepLabel()
	p.found.Left = append(p.found.Left, strings.Join(lines, "\n"))
}

func (p *paste) put(key, text string) {
	if p.has(key) {
		p.found.Answers[key] = []string{text}
	}
}

func (p *paste) has(key string) bool {
	_, ok := p.form.Field(key)
	return ok || len(p.form.Fields) == 0
}

func (p *paste) descriptionKey() string {
	if p.has(fullKey) || !p.has(shortKey) {
		return fullKey
	}
	return shortKey
}

// source notes where a part came from, once for each heading.
func (p *paste) source(field, from string) {
	if p.label != "" {
		if !slices.Contains(p.noted, field) {
			p.noted = append(p.noted, field)
			p.found.Sources = append(p.found.Sources, Source{Field: field, From: "under “" + strings.Trim(p.label, "#* ") + "”", Label: p.label})
		}
		return
	}
	source := Source{Field: field, From: from}
	if !slices.Contains(p.found.Sources, source) {
		p.found.Sources = append(p.found.Sources, source)
	}
}

// settle writes the description: into the short one too, where it fits.
func (p *paste) settle() {
	p.keepLabel()
	if len(p.full) == 0 {
		return
	}
	key := p.descriptionKey()
	if !p.has(key) {
		p.unask(key)
		return
	}
	text := strings.Join(p.full, "\n\n")
	if key == shortKey {
		text = strings.TrimPrefix(p.found.Answers.Text(shortKey)+"\n\n"+text, "\n\n")
	}
	p.put(key, text)
	short, ok := p.form.Field(shortKey)
	if ok && len(p.found.Answers[shortKey]) == 0 && fits(text, short) {
		p.put(shortKey, text)
		p.found.Sources = append(p.found.Sources, Source{Field: shortKey, From: "the description, which is short enough"})
	}
}

// unask moves the description to what is left: the form has no field for it.
func (p *paste) unask(key string) {
	var kept []Source
	left := []string{}
	for _, s := range p.found.Sources {
		if s.Field != key {
			kept = append(kept, s)
		} else if s.Label != "" {
			left = append(left, s.Label)
		}
	}
	p.found.Sources = kept
	p.found.Left = append(append(left, p.full...), p.found.Left...)
}

func fits(text string, f Field) bool {
	return (f.MaxWords == 0 || WordCount(text) <= f.MaxWords) && (f.MaxChars == 0 || utf8.RuneCountInString(text) <= f.MaxChars)
}
