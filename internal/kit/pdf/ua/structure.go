package ua

import (
	"regexp"
	"slices"
	"strings"
)

// standard are the structure types of ISO 32000-1, 14.8.4.
var standard = strings.Fields(`Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private
	P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot
	Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form`)

// within says what the children of the elements of tables and lists may be (ISO 32000-1,
// tables 336 and 337).
var within = map[string][]string{
	"Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
	"THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"},
	"TR": {"TH", "TD"},
	"L":  {"LI", "L", "Caption"},
	"LI": {"Lbl", "LBody"},
}

// inside says where the parts of tables and lists may stand.
var inside = map[string][]string{
	"TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"},
	"THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"},
	"LI": {"L"}, "LBody": {"LI"},
}

var numbered = regexp.MustCompile(`^H([1-6])$`)

// structure walks the tree from its root and notes which content each element claims.
func (c *check) structure(catalog dict) {
	c.owners, c.parents, c.met, c.links, c.held = map[mark]int{}, map[int]object{}, map[mark]bool{}, map[int]bool{}, map[int]bool{}
	c.texts, c.kinds = map[mark][]byte{}, map[int]string{}
	root := c.dict(catalog["StructTreeRoot"])
	if root == nil {
		c.fail("tree", "there is no structure tree")
		return
	}
	c.roles = c.dict(root["RoleMap"])
	for from := range c.roles {
		if slices.Contains(standard, string(from)) {
			c.fail("02-004", "%s is mapped", from)
		}
	}
	w := &walk{check: c, visited: map[int]bool{}}
	w.kids(root["K"], "", ref(0), 0)
	c.numbers(root["ParentTree"], map[ref]bool{})
	if w.level > 0 && w.plain {
		c.fail("14-007", "H stands beside H1")
	}
	if w.elements == 0 {
		c.fail("tree", "the structure tree is empty")
	}
}

// numbers reads the tree that leads from content to elements.
func (c *check) numbers(o object, seen map[ref]bool) {
	if at, is := o.(ref); is {
		if seen[at] {
			return
		}
		seen[at] = true
	}
	node := c.dict(o)
	numbers, _ := c.get(node["Nums"]).(array)
	for i := 0; i+1 < len(numbers); i += 2 {
		if key, is := numbers[i].(float64); is {
			c.parents[int(key)] = numbers[i+1]
		}
	}
	kids, _ := c.get(node["Kids"]).(array)
	for _, kid := range kids {
		c.numbers(kid, seen)
	}
}

// walk is on its way through the tree, in the order of reading.
type walk struct {
	*check
	visited  map[int]bool
	elements int
	level    int  // of the last numbered heading
	plain    bool // there was a heading without a number
}

// kids goes to the children of an element of the kind, whose object is of.
func (w *walk) kids(o object, kind string, of ref, page ref) {
	switch kid := o.(type) {
	case array:
		for _, one := range kid {
			w.kids(one, kind, of, page)
		}
		return
	case float64:
		w.claim(int(page), int(kid), of)
		return
	}
	d := w.dict(o)
	switch d["Type"] {
	case name("MCR"):
		if on, is := d["Pg"].(ref); is {
			page = on
		}
		id, _ := d["MCID"].(float64)
		w.claim(int(page), int(id), of)
	case name("OBJR"):
		if annotation, is := d["Obj"].(ref); is {
			w.held[int(annotation)] = true
			w.links[int(annotation)] = w.links[int(annotation)] || kind == "Link"
		}
	default:
		if number, is := o.(ref); is && !w.visited[int(number)] && d != nil {
			w.visited[int(number)] = true
			w.element(d, kind, number, page)
		}
	}
}

// claim notes that the element has the marked content.
func (w *walk) claim(page, id int, of ref) {
	if other, taken := w.owners[mark{page, id}]; taken && other != int(of) {
		w.fail("tree", "two elements claim the content %d of one page", id)
	}
	w.owners[mark{page, id}] = int(of)
}

// role is the standard type of an element.
func (c *check) role(d dict) string {
	kind, _ := d["S"].(name)
	for range 10 {
		if slices.Contains(standard, string(kind)) {
			return string(kind)
		}
		next, mapped := c.roles[kind].(name)
		if !mapped {
			break
		}
		kind = next
	}
	c.fail("02-001", "the type %q", kind)
	return string(kind)
}

func (w *walk) element(d dict, parent string, number, page ref) {
	w.elements++
	kind := w.role(d)
	w.kinds[int(number)] = kind
	if on, is := d["Pg"].(ref); is {
		page = on
	}
	if allowed, bound := within[parent]; bound && !slices.Contains(allowed, kind) {
		w.fail(table(parent), "%s holds %s", parent, kind)
	}
	if places, bound := inside[kind]; bound && !slices.Contains(places, parent) {
		w.fail(table(kind), "%s stands in %q", kind, parent)
	}
	switch kind {
	case "Figure", "Formula":
		w.figure(d, kind)
	case "Table":
		w.regular(d)
	case "H":
		w.plain = true
	case "TH":
		if w.attribute(d, "Scope") == nil && w.attribute(d, "Headers") == nil {
			w.fail("15-003", "a TH without Scope")
		}
	case "Note":
		if d["ID"] == nil {
			w.fail("19-003", "a Note without ID")
		}
	}
	if match := numbered.FindStringSubmatch(kind); match != nil {
		w.heading(int(match[1][0] - '0'))
	}
	w.kids(d["K"], kind, number, page)
}

// regular looks whether the rows of a table have as many cells each: this program joins none.
func (w *walk) regular(table dict) {
	cells := -1
	var rows func(o object, depth int)
	rows = func(o object, depth int) {
		kids, _ := w.get(o).(array)
		for _, kid := range kids {
			d := w.dict(kid)
			if d["S"] != name("TR") {
				if depth > 0 { // rows stand in a table or in its head, body or foot
					rows(d["K"], depth-1)
				}
				continue
			}
			of, _ := w.get(d["K"]).(array)
			if cells >= 0 && len(of) != cells {
				w.fail("09-004", "rows of %d and of %d cells", cells, len(of))
			}
			cells = len(of)
		}
	}
	rows(table["K"], 1)
	if cells < 0 {
		w.fail("09-004", "a table without rows")
	}
}

// table is the condition of what stands wrong: of tables or of lists.
func table(kind string) string {
	if strings.HasPrefix(kind, "L") {
		return "09-005"
	}
	return "09-004"
}

func (w *walk) figure(d dict, kind string) {
	alt, _ := w.get(d["Alt"]).(text)
	actual, _ := w.get(d["ActualText"]).(text)
	if strings.TrimSpace(alt.plain()+actual.plain()) == "" {
		w.fail("13-004", "a %s without Alt", kind)
	}
	if box, _ := w.attribute(d, "BBox").(array); kind == "Figure" && len(box) != 4 {
		w.fail("13-004", "a Figure without BBox, which readers need to show where it is")
	}
}

func (w *walk) heading(level int) {
	if w.level == 0 && level != 1 {
		w.fail("14-002", "the first heading is H%d", level)
	}
	if level > w.level+1 && w.level > 0 {
		w.fail("14-003", "H%d follows H%d", level, w.level)
	}
	w.level = level
}

// attribute is an entry of the element's attributes.
func (c *check) attribute(d dict, key name) object {
	switch of := c.get(d["A"]).(type) {
	case dict:
		return c.get(of[key])
	case array:
		for _, one := range of {
			if value := c.get(c.dict(one)[key]); value != nil {
				return value
			}
		}
	}
	return nil
}
