package ua

import (
	"regexp"
	"slices"
)

// shows are the operators that leave something on the page.
var (
	showsText = []operator{"Tj", "TJ", "'", `"`}
	paints    = []operator{"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Do", "BI"}
)

// page looks at what is drawn on a page, and at its annotations.
func (c *check) page(number int, p pageRef) {
	c.annotations(number, p)
	var content []byte
	parts, _ := c.get(p.dict["Contents"]).(array)
	if parts == nil {
		parts = array{p.dict["Contents"]}
	}
	for _, part := range parts {
		if s, is := c.get(part).(stream); is {
			data, err := c.content(s)
			if err != nil {
				c.fail("syntax", "page %d: %v", number, err)
			}
			content = append(append(content, data...), '\n')
		}
	}
	d := &drawing{check: c, page: p, number: number, resources: c.dict(p.dict["Resources"])}
	d.read(content)
	if parents, _ := c.get(c.parentsOf(p)).(array); len(d.ids) > 0 && len(parents) <= slices.Max(d.ids) {
		c.fail("tree", "page %d: the parent tree knows %d of its pieces", number, len(parents))
	} else {
		for _, id := range d.ids {
			if parent, _ := parents[id].(ref); int(parent) != c.owners[mark{p.number, id}] || parent == 0 {
				c.fail("tree", "page %d: the piece %d and its element do not lead to each other", number, id)
			}
		}
	}
}

// parentsOf is the entry of the parent tree for a page.
func (c *check) parentsOf(p pageRef) object {
	key, is := p.dict["StructParents"].(float64)
	if !is {
		return nil
	}
	return c.parents[int(key)]
}

// marks looks for elements whose content is nowhere.
func (c *check) marks() {
	for m := range c.owners {
		if !c.met[m] {
			c.fail("tree", "an element claims the content %d of a page that does not hold it", m.id)
		}
	}
}

// addresses looks for addresses of the web outside of links.
func (c *check) addresses() {
	for m, text := range c.texts {
		if address.Match(text) && c.kinds[c.owners[m]] != "Link" {
			c.fail("link", "%s", address.Find(text))
		}
	}
}

var address = regexp.MustCompile(`https?://[^\s]+`)

// drawing is the content of a page being read.
type drawing struct {
	*check
	page      pageRef
	number    int
	resources dict
	open      []level
	ids       []int
	font      *font
}

// level is a bracket of marked content.
type level struct {
	artifact, tagged bool
	id               int
}

func (d *drawing) read(content []byte) {
	r := &reader{raw: content}
	var operands []object
	for {
		o := r.next()
		if _, over := o.(end); over {
			break
		}
		op, is := o.(operator)
		if !is {
			operands = append(operands, o)
			continue
		}
		d.do(op, operands)
		operands = operands[:0]
	}
	if len(d.open) > 0 {
		d.fail("syntax", "page %d: marked content is not closed", d.number)
	}
}

func (d *drawing) do(op operator, operands []object) {
	switch op {
	case "BMC", "BDC":
		d.begin(operands)
	case "EMC":
		if len(d.open) == 0 {
			d.fail("syntax", "page %d: marked content is closed that was not begun", d.number)
			return
		}
		d.open = d.open[:len(d.open)-1]
	case "Tf":
		d.font = nil
		if len(operands) == 2 {
			key, _ := operands[0].(name)
			d.font = d.fontOf(d.dict(d.resources["Font"])[key])
		}
	case "Do":
		d.external(operands)
	}
	text := slices.Contains(showsText, op)
	if !text && !slices.Contains(paints, op) {
		return
	}
	if !slices.ContainsFunc(d.open, func(l level) bool { return l.artifact || l.tagged }) {
		d.fail("01-005", "page %d: the operator %s", d.number, op)
	}
	if text {
		d.letters(operands)
	}
}

// begin opens marked content: an artifact, a piece of an element, or a bracket without a
// meaning of its own.
func (d *drawing) begin(operands []object) {
	if len(operands) == 0 {
		return
	}
	artifact := operands[0] == name("Artifact")
	within := func(of func(level) bool) bool { return slices.ContainsFunc(d.open, of) }
	one := level{artifact: artifact}
	if properties := d.dict(operands[len(operands)-1]); !artifact && properties != nil {
		if id, has := properties["MCID"].(float64); has {
			one.tagged, one.id = true, int(id)
			d.piece(int(id))
		}
	}
	if artifact && within(func(l level) bool { return l.tagged }) {
		d.fail("01-003", "page %d", d.number)
	}
	if one.tagged && within(func(l level) bool { return l.artifact }) {
		d.fail("01-004", "page %d", d.number)
	}
	d.open = append(d.open, one)
}

// piece notes a piece of content with its number.
func (d *drawing) piece(id int) {
	m := mark{d.page.number, id}
	if d.met[m] {
		d.fail("tree", "page %d: two pieces have the number %d", d.number, id)
	}
	if _, claimed := d.owners[m]; !claimed {
		d.fail("01-005", "page %d: no element has the piece %d", d.number, id)
	}
	d.met[m], d.ids = true, append(d.ids, id)
}

// external looks at what is drawn from another object.
func (d *drawing) external(operands []object) {
	if len(operands) == 0 {
		return
	}
	key, _ := operands[0].(name)
	of := d.dict(d.dict(d.resources["XObject"])[key])
	switch {
	case of == nil:
		d.fail("syntax", "page %d draws %s, which is not there", d.number, key)
	case of["Ref"] != nil:
		d.fail("30-001", "page %d", d.number)
	case of["Subtype"] != name("Image"):
		d.fail("syntax", "page %d draws a form, which this program never writes", d.number)
	}
}

// annotations looks at what can be followed or filled in.
func (c *check) annotations(number int, p pageRef) {
	all, _ := c.get(p.dict["Annots"]).(array)
	if tabs := p.dict["Tabs"]; len(all) > 0 && tabs == nil {
		c.fail("28-008", "page %d", number)
	} else if tabs != nil && tabs != name("S") {
		c.fail("28-009", "page %d", number)
	}
	for _, one := range all {
		annotation := c.dict(one)
		at, _ := one.(ref)
		contents, _ := c.get(annotation["Contents"]).(text)
		link := annotation["Subtype"] == name("Link")
		switch {
		case link && !c.links[int(at)]:
			c.fail("28-011", "page %d", number)
		case !link && !c.held[int(at)]:
			c.fail("28-002", "page %d", number)
		}
		switch {
		case contents.plain() != "":
		case link:
			c.fail("28-012", "page %d", number)
		default:
			c.fail("28-004", "page %d", number)
		}
		if key, has := annotation["StructParent"].(float64); !has || c.parents[int(key)] == nil {
			c.fail("tree", "page %d: an annotation does not lead to its element", number)
		}
	}
}
