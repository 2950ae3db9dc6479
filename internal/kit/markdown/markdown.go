// Package markdown turns what people write about their project, their challenge or
// their workshop into HTML that is safe on any page.
//
// It takes CommonMark with tables, strikethrough and bare links. HTML in the text is
// text. Nothing is loaded from elsewhere: a picture becomes a link to it. A link leads
// to http, https or mailto and to nothing else. Headings begin where the page wants
// them. The package holds no style: a page styles the elements.
package markdown

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// HTML renders the source; a heading of the first level becomes one of level top (3
// gives h3), and none goes below h6. The answer is well-formed as XML too, and may be
// put into a page as it is. In the worst case time grows with the square of the length
// (20,000 bytes of "> " took 0.6 s): callers bound what people may write to 10,000 bytes.
func HTML(source string, top int) string {
	src := []byte(clean(source))
	doc := dialect.Parser().Parse(text.NewReader(src))
	var nodes []ast.Node // inner ones first; gathered before any is replaced
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			nodes = append(nodes, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range nodes {
		tame(n, src, top)
	}
	var b bytes.Buffer
	if err == nil {
		err = dialect.Renderer().Render(&b, src, doc)
	}
	if err != nil { // neither the walk nor a buffer fails; if one did, the text is shown plain
		return "<pre>" + html.EscapeString(string(src)) + "</pre>"
	}
	return clean(b.String()) // a reference such as &#1; brings a control character back
}

// dialect is compiled once, like a regular expression, and never changes. The parsers of
// HTML are missing from it on purpose.
var dialect = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)),
	goldmark.WithExtensions(
		// Alignment would be a style attribute, which the content security policy refuses.
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
		extension.Strikethrough, extension.Linkify),
	goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(gmhtml.NewRenderer(gmhtml.WithXHTML(), gmhtml.WithHardWraps()), 1000)))),
)

// tame changes a node into what a page may hold.
func tame(n ast.Node, src []byte, top int) {
	switch n := n.(type) {
	case *ast.Heading:
		n.Level = min(max(n.Level+top-1, 1), 6)
	case *ast.Link:
		if to, ok := allowed(string(util.URLEscape(n.Destination, true))); ok {
			n.Destination = []byte(to)
			n.SetAttributeString("rel", []byte(rel))
		} else {
			unwrap(n)
		}
	case *ast.AutoLink:
		if _, ok := allowed(address(n, src)); ok {
			n.SetAttributeString("rel", []byte(rel))
		} else {
			replace(n, plain(string(n.Label(src))))
		}
	case *ast.Image:
		tameImage(n, src)
	}
}

// rel tells search engines that the house does not vouch for a link, and keeps the
// other page from reaching back.
const rel = "nofollow noopener"

func address(n *ast.AutoLink, src []byte) string {
	to := string(n.URL(src))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(to), "mailto:") {
		return "mailto:" + to
	}
	return to
}

// allowed says whether a link may lead there, and returns it as it is to be written.
func allowed(to string) (string, bool) {
	u, err := url.Parse(to)
	if err != nil || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) {
		return "", false
	}
	if u.Scheme != "mailto" && u.Host == "" {
		return "", false
	}
	return u.String(), true
}

// tameImage makes a link of a picture, or its words alone where it cannot be one.
func tameImage(n *ast.Image, src []byte) {
	words := textOf(n, src)
	to, ok := allowed(string(util.URLEscape(n.Destination, true)))
	if words == "" && ok {
		words = to
	}
	if !ok || inLink(n) {
		replace(n, plain(words))
		return
	}
	link := ast.NewLink()
	link.Destination = []byte(to)
	link.SetAttributeString("rel", []byte(rel))
	link.AppendChild(link, plain(words))
	replace(n, link)
}

func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// textOf is the text in a node without its form.
func textOf(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(c.Value(src)))))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		default:
			b.WriteString(textOf(c, src))
		}
	}
	return b.String()
}

// plain is a text that is written as it is, escaped.
func plain(words string) ast.Node {
	s := ast.NewString([]byte(words))
	s.SetRaw(true)
	return s
}

func replace(n, by ast.Node) { n.Parent().ReplaceChild(n.Parent(), n, by) }

// unwrap leaves the children of a node in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}

// clean drops what no page may hold: control characters, non-characters and bytes that
// are not UTF-8.
func clean(source string) string {
	return strings.Map(func(c rune) rune {
		if (c < ' ' && c != '\n' && c != '\t') || c == 0xfffe || c == 0xffff {
			return -1
		}
		return c
	}, strings.ToValidUTF8(source, ""))
}
