package markdown_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/markdown"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "", ""},
		{"lines as they are typed", "Bonjour\nà *tous*", "<p>Bonjour<br />\nà <em>tous</em></p>\n"},
		{"headings", "# Un\n\nDeux\n---\n###### Six", "<h3>Un</h3>\n<h4>Deux</h4>\n<h6>Six</h6>\n"},
		{"HTML is text", "<script>alert(1)</script>\n\na <b>c</b> <!-- d --> I <3 u",
			"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>a &lt;b&gt;c&lt;/b&gt; &lt;!-- d --&gt; I &lt;3 u</p>\n"},
		{"a link", "[le *site*](https://h48.example/a?b=1&c=2 \"titre\")",
			`<p><a href="https://h48.example/a?b=1&amp;c=2" title="titre" rel="nofollow noopener">le <em>site</em></a></p>` + "\n"},
		{"bare links", "https://h48.example, www.h48.example et zoe@example.org",
			`<p><a href="https://h48.example" rel="nofollow noopener">https://h48.example</a>, ` +
				`<a href="http://www.h48.example" rel="nofollow noopener">www.h48.example</a> et ` +
				`<a href="mailto:zoe@example.org" rel="nofollow noopener">zoe@example.org</a></p>` + "\n"},
		{"a script is no link", "[a](javascript:alert(1)) [b](JAVA&#x73;CRIPT&colon;alert) [c](data:text/html,x) <vbscript:x>",
			"<p>a b c vbscript:x</p>\n"},
		{"nor is a place on this site", "[a](/logout) [b](//evil.example) [c](#d) [e](https:/x)", "<p>a b c e</p>\n"},
		{"a picture", "![La *Somme* &amp; moi](https://h48.example/a.png)",
			`<p><a href="https://h48.example/a.png" rel="nofollow noopener">La Somme &amp; moi</a></p>` + "\n"},
		{"a picture in a link", "[![La Somme](https://h48.example/a.png)](https://h48.example)",
			`<p><a href="https://h48.example" rel="nofollow noopener">La Somme</a></p>` + "\n"},
		{"a link in a picture", "![[La Somme](https://h48.example/b)](https://h48.example/a.png)",
			`<p><a href="https://h48.example/a.png" rel="nofollow noopener">La Somme</a></p>` + "\n"},
		{"a picture in a refused link", "[![La Somme](https://h48.example/a.png)](javascript:a)", "<p>La Somme</p>\n"},
		{"a picture without words", "![](https://h48.example/a.png)",
			`<p><a href="https://h48.example/a.png" rel="nofollow noopener">https://h48.example/a.png</a></p>` + "\n"},
		{"a table", "|a|b|\n|-|:-:|\n|~~1~~|2|",
			"<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><del>1</del></td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"},
		{"code", "```go\"><script>\n<b>\n```", "<pre><code class=\"language-go&quot;&gt;&lt;script&gt;\">&lt;b&gt;\n</code></pre>\n"},
		{"control characters", "a\x00b\x07c\xff&#1;", "<p>abc</p>\n"},
	} {
		if diff := cmp.Diff(c.want, markdown.HTML(c.source, 3)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// elements are all that HTML may answer, each with the attributes that it may have.
var elements = map[string]string{
	"p": "", "br": "", "hr": "", "em": "", "strong": "", "del": "", "blockquote": "", "ul": "", "ol": "start", "li": "",
	"h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "pre": "", "code": "class", "a": "href rel title",
	"table": "", "thead": "", "tbody": "", "tr": "", "th": "", "td": "",
}

// FuzzHTML holds that the answer is well-formed, with known elements and attributes
// only, every link leading to an allowed place and saying its rel.
func FuzzHTML(f *testing.F) {
	for _, source := range []string{
		"# a\n[b](javascript:c) ![d](https://e) <f@g.h>\n\n|a|\n|-|\n|b|",
		"<img src=x onerror=alert(1)>", "[a](https://b \"c\\\" onclick=\\\"d\")", "[a]: javascript:b\n[a]",
		"```a onload=b\nc\n```", "1. a\n2. b\n\n   > c\n***\n~~d~~", "&lt;script&gt;&#60;script&#62;", "[a](https://b&quot;onclick=c)",
		"![[![a](https://b)](https://c)](https://d)", "www.a.b/<script>", "[x](mailto:a&NewLine;javascript:b)",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		decoder := xml.NewDecoder(strings.NewReader("<div>" + markdown.HTML(source, 2) + "</div>"))
		depth := 0
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("not well-formed: %v", err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if depth++; depth > 1 {
					checkElement(t, token)
				}
			case xml.EndElement:
				depth--
			case xml.CharData:
			default:
				t.Fatalf("got a %T", token)
			}
		}
	})
}

func checkElement(t *testing.T, e xml.StartElement) {
	t.Helper()
	attributes, known := elements[e.Name.Local]
	if !known {
		t.Fatalf("got the element %s", e.Name.Local)
	}
	values := map[string]string{}
	for _, a := range e.Attr {
		if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") || a.Name.Space != "" {
			t.Fatalf("got the attribute %s of %s", a.Name.Local, e.Name.Local)
		}
		values[a.Name.Local] = a.Value
	}
	if e.Name.Local != "a" {
		return
	}
	to := values["href"]
	if !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "mailto:") {
		t.Fatalf("a link to %q", to)
	}
	if values["rel"] != "nofollow noopener" {
		t.Fatalf("a link with rel %q", values["rel"])
	}
}

func BenchmarkHTML(b *testing.B) {
	source := strings.Repeat("# Un titre\n\nUn *texte* avec [un lien](https://h48.example) et `du code`.\n\n- un\n- deux\n\n", 20)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		markdown.HTML(source, 3)
	}
}
