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
	one.until(fmt.Sprintf(`named(press, %s).length > 0`, quote(name)))
	if one.keyboard {
		one.tabTo("press", name)
		one.keys(kb.Enter)
		return one
	}
	one.click(fmt.Sprintf(`named(press, %s)[0]`, quote(name)))
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
	ticked := fmt.Sprintf(`named(ticks, %s)[0]?.checked`, quote(label))
	one.until(fmt.Sprintf(`named(ticks, %s).length > 0`, quote(label)))
	switch {
	case ask[bool](one, ticked):
		return one
	case one.keyboard:
		one.tabTick(label)
	default:
		one.click(fmt.Sprintf(`named(ticks, %s).map((e) => seen(e) && e.getBoundingClientRect().width > 4 ? e : e.labels[0])[0]`, quote(label)))
	}
	one.until(ticked)
	return one
}

// tabTick reaches a box or a button of a group by keyboard: a group is one stop, and the
// arrows go round in it.
func (one *person) tabTick(label string) {
	one.t.Helper()
	wanted := fmt.Sprintf(`named(ticks, %s)[0]`, quote(label))
	one.tab(fmt.Sprintf(`document.activeElement === %s || (document.activeElement.type === "radio" && document.activeElement.name === %s.name)`, wanted, wanted), label)
	for range 30 {
		if ask[bool](one, "document.activeElement === "+wanted) {
			one.keys(" ")
			return
		}
		one.keys(kb.ArrowDown)
	}
	one.t.Fatalf("the arrows do not reach %q\n%s", label, one.page())
}

// reach puts the person's cursor into the field of that label.
func (one *person) reach(of, label string) {
	one.t.Helper()
	one.until(fmt.Sprintf(`named(%s, %s).length > 0`, of, quote(label)))
	if one.keyboard {
		one.tabTo(of, label)
		return
	}
	one.click(fmt.Sprintf(`named(%s, %s)[0]`, of, quote(label)))
	one.until(fmt.Sprintf(`named(%s, %s).includes(document.activeElement)`, of, quote(label)))
}

// tabTo goes from place to place with the tabulator until the one of that name.
func (one *person) tabTo(of, name string) {
	one.t.Helper()
	one.tab(fmt.Sprintf(`named(%s, %s).includes(document.activeElement)`, of, quote(name)), name)
}

func (one *person) tab(there, name string) {
	one.t.Helper()
	for range mostTabs {
		if ask[bool](one, there) {
			return
		}
		one.keys(kb.Tab)
	}
	one.t.Fatalf("%d tabs do not reach %q\n%s", mostTabs, name, one.page())
}

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
