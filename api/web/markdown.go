package web

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown reads paragraphs, emphasis, lists, quotes, code and links. Headings
// and images are left out at the parser: taken out afterwards they leave bare
// words and empty paragraphs behind. HTML stays text.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(linksOnly{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(util.Prioritized(parser.LinkReferenceParagraphTransformer, 100)),
	)
	return goldmark.New(goldmark.WithParser(p), goldmark.WithRendererOptions(html.WithHardWraps()))
})

// allowed is the second wall: whatever comes out above, only this passes.
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "strong", "em", "ul", "ol", "li", "blockquote", "br", "code")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	return p
})

// linksOnly is goldmark's link parser without its images: the exclamation mark
// stays, as text before a link.
type linksOnly struct{ parser.InlineParser }

// Trigger leaves out the exclamation mark, which begins an image.
func (linksOnly) Trigger() []byte { return []byte{'[', ']'} }

// CloseBlock hands on what the parser does at the end of a paragraph.
func (l linksOnly) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := l.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// Markdown shows text that people wrote in Markdown: paragraphs, **strong**,
// *emphasis*, lists, quotes, `code` and links to http, https and mailto. All else
// stays text. Put it into an element with class prose.
func Markdown(source string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		html, err := shown.of(source)
		if err != nil {
			return err
		}
		return html.Render(ctx, w)
	})
}

// How many texts are kept as they were shown, and up to how many bytes each: a
// public page is looked at by many, and its texts take longer to read than it to write.
const (
	textsKept = 128
	longText  = 8 << 10
)

var shown = shownTexts{html: map[string]markup{}}

// shownTexts are texts in Markdown with their HTML, which depends on nothing else.
// When they are too many, all are forgotten.
type shownTexts struct {
	mu   sync.Mutex
	html map[string]markup
}

func (s *shownTexts) of(source string) (markup, error) {
	s.mu.Lock()
	html, known := s.html[source]
	s.mu.Unlock()
	if known {
		return html, nil
	}
	html, err := fromMarkdown(source)
	if err == nil && len(source) <= longText {
		s.keep(source, html)
	}
	return html, err
}

func (s *shownTexts) keep(source string, html markup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.html) >= textsKept {
		clear(s.html)
	}
	s.html[strings.Clone(source)] = html
}

func fromMarkdown(source string) (markup, error) {
	var out bytes.Buffer
	if err := markdown().Convert([]byte(source), &out); err != nil {
		return "", err
	}
	return markup(allowed().SanitizeBytes(out.Bytes())), nil
}
