package e2e_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostTabs is more than any page has places to stop at.
const mostTabs = 400

// press presses the button or follows the link of that name.
func (one *person) press(name string) *person {
	one.t.Helper()
	return one.pressAt(fmt.Sprintf(`named(press, %s)`, quote(name)))
}

// pressAt presses one of the controls that the expression finds: the first, or where the
// keyboard comes by first.
func (one *person) pressAt(controls string) *person {
	one.t.Helper()
	one.until(controls + ".length > 0")
	if one.finger {
		one.click(controls + "[0]")
		return one
	}
	one.tab(controls)
	one.keys(kb.Enter)
	return one
}

// pressWord presses what the key names.
func (one *person) pressWord(key string, args ...any) *person {
	one.t.Helper()
	return one.press(one.word(key, args...))
}

// fill writes into the field of that label, in the place of what is there.
func (one *person) fill(label, text string) *person {
	one.t.Helper()
	one.reach("fields", label)
	one.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	one.keys(text)
	one.until(fmt.Sprintf(`document.activeElement.value === %s`, quote(text)))
	return one
}

// choose takes the option of the list with that label, by typing its first letters.
func (one *person) choose(label, option string) *person {
	one.t.Helper()
	one.reach("fields", label)
	one.keys(option)
	one.until(fmt.Sprintf(`clean(document.activeElement.selectedOptions?.[0]?.text).startsWith(clean(%s))`, quote(option)))
	return one
}

// tick ticks a box or picks one of a few, unless it is ticked.
func (one *person) tick(label string) *person {
	one.t.Helper()
	return one.tickAt(fmt.Sprintf(`named(ticks, %s)[0]`, quote(label)))
}

// tickAt ticks the box that the expression finds, unless it is ticked.
func (one *person) tickAt(box string) *person {
	one.t.Helper()
	one.until(box)
	switch {
	case ask[bool](one, box+".checked"):
		return one
	case one.finger:
		one.click(fmt.Sprintf(`[%s].map((e) => seen(e) && e.getBoundingClientRect().width > 4 ? e : e.labels[0])[0]`, box))
	default:
		one.tabTick(box)
	}
	one.until(box + ".checked")
	return one
}

// tabTick reaches a box or a button of a group by keyboard: a group is one stop, and the
// arrows go round in it.
func (one *person) tabTick(box string) {
	one.t.Helper()
	group := fmt.Sprintf(`controls(ticks).filter((e) => e === %s || (e.type === "radio" && e.name === %s.name && e.form === %s.form))`, box, box, box)
	for range 30 {
		one.tab(group) // again and again: a page that has just come puts the cursor where it wants it
		if ask[bool](one, "document.activeElement === "+box) {
			one.keys(" ")
			return
		}
		one.keys(kb.ArrowDown)
	}
	one.t.Fatalf("the arrows do not reach %s\n%s", box, one.page())
}

// reach puts the person's cursor into the field of that label.
func (one *person) reach(of, label string) {
	one.t.Helper()
	one.reachAt(fmt.Sprintf(`named(%s, %s)`, of, quote(label)))
}

// reachAt puts the person's cursor into one of the fields that the expression finds.
func (one *person) reachAt(fields string) {
	one.t.Helper()
	one.until(fields + ".length > 0")
	if one.finger {
		one.click(fields + "[0]")
		one.until(fields + ".includes(document.activeElement)")
		return
	}
	one.tab(fields)
}

// tab goes from place to place with the tabulator until it stands on one of those that the
// expression finds, and sees where it stands.
func (one *person) tab(places string) {
	one.t.Helper()
	one.until(`document.readyState === "complete"`)
	for range mostTabs {
		if ask[bool](one, places+".includes(document.activeElement)") {
			one.seesWhere(places)
			return
		}
		one.keys(kb.Tab)
	}
	one.t.Fatalf("%d tabs do not reach %s\n%s", mostTabs, places, one.page())
}

// seesWhere fails where somebody cannot see on what the keyboard stands, once the page has
// come to rest.
func (one *person) seesWhere(place string) {
	one.t.Helper()
	one.wait(func() bool { return ask[string](one, lostCursor) == "" },
		"the keyboard is seen at "+place+"; now "+ask[string](one, lostCursor))
}

// lostCursor is why somebody cannot see where the keyboard stands; "" where they can (WCAG
// 2.2, 2.4.7 and 2.4.11).
const lostCursor = `((e) => {
	const shown = [e, ...(e.labels || []), e.nextElementSibling, e.parentElement, e.closest(".card"), e.closest(".choice"), e.closest(".file")].filter(Boolean);
	const ringed = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0; };
	if (!shown.some(ringed)) return "no ring shows it";
	const at = [e, ...(e.labels || [])].find((x) => x.getBoundingClientRect().width > 4) || e;
	const r = at.getBoundingClientRect(), y = (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2;
	const top = document.elementFromPoint(Math.min(r.left + r.width / 2, innerWidth - 1), y);
	if (!top) return "it is outside of the screen: " + JSON.stringify(r);
	return at.contains(top) || top.contains(at) || (e.labels && [...e.labels].some((l) => l.contains(top))) ? "" : "it is covered by " + top.outerHTML.slice(0, 200);
})(document.activeElement)`

// keys presses keys one after the other.
func (one *person) keys(text string) {
	one.t.Helper()
	one.do(chromedp.KeyEvent(text))
}

// click brings the element into sight and presses the mouse in its middle; what covers it
// would take the press. A page that turns, or a part that is shown anew, just then takes
// the element away for a moment: a person looks again.
func (one *person) click(element string) {
	one.t.Helper()
	for range 100 {
		at := ask[[]float64](one, `(() => { const e = `+element+`; if (!e) return []; e.scrollIntoView({block: "center", behavior: "instant"});
			const r = [...e.getClientRects()].find((r) => r.width > 0); return r ? [r.x + r.width / 2, r.y + r.height / 2] : []; })()`)
		if len(at) == 2 {
			one.do(chromedp.MouseClickXY(at[0], at[1]))
			return
		}
		one.do(chromedp.Sleep(50 * time.Millisecond))
	}
	one.t.Fatalf("nothing to press at %s\n%s", element, one.page())
}

// link is the first address of this site in a letter.
func link(base, text string) string {
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, base) {
			return word
		}
	}
	return ""
}
