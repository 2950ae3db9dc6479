package award

import (
	"strings"

	"h48/internal/kit/i18n"
)

// InWords writes an amount of euros in words, as minutes do, so that no digit can be
// added to it: "cinq mille euros", "five thousand euros". It knows amounts from 0 up to
// a million million; French is spelled with hyphens only below a hundred.
func InWords(lang i18n.Lang, cents int64) string {
	euros, rest := int(cents/100), int(cents%100)
	if lang == i18n.English {
		text := english(euros) + " euros"
		if euros == 1 {
			text = "one euro"
		}
		if rest == 1 {
			return text + " and one cent"
		}
		if rest > 0 {
			text += " and " + english(rest) + " cents"
		}
		return text
	}
	text := french(euros, true)
	if euros >= 1_000_000 && euros%1_000_000 == 0 {
		text += " d’"
	} else {
		text += " "
	}
	text += "euro"
	if euros > 1 {
		text += "s"
	}
	if rest > 0 {
		text += " et " + french(rest, true) + " centime"
	}
	if rest > 1 {
		text += "s"
	}
	return text
}

var frenchSmall = strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf")

var frenchTens = strings.Fields("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")

// french spells a number; last says that nothing follows it, so that cent and vingt take
// their plural's s. They take it before million, which is a noun, and not before mille.
func french(n int, last bool) string {
	switch {
	case n < 20:
		return frenchSmall[n]
	case n < 100:
		return frenchBelowHundred(n, last)
	case n < 1000:
		text := "cent"
		if n >= 200 {
			text = frenchSmall[n/100] + " cent"
		}
		if n%100 > 0 {
			return text + " " + french(n%100, last)
		}
		if n >= 200 && last {
			text += "s"
		}
		return text
	case n < 1_000_000:
		text := "mille"
		if n >= 2000 {
			text = french(n/1000, false) + " mille"
		}
		if n%1000 > 0 {
			text += " " + french(n%1000, last)
		}
		return text
	}
	unit, noun := 1_000_000, " million"
	if n >= 1_000_000_000 {
		unit, noun = 1_000_000_000, " milliard"
	}
	text := french(n/unit, true) + noun
	if n >= 2*unit {
		text += "s"
	}
	if n%unit > 0 {
		text += " " + french(n%unit, last)
	}
	return text
}

func frenchBelowHundred(n int, last bool) string {
	tens, ones := n/10, n%10
	if tens == 7 || tens == 9 {
		ones += 10 // soixante-dix, quatre-vingt-dix
	}
	text := frenchTens[tens]
	switch {
	case ones == 0 && tens == 8 && last:
		return text + "s"
	case ones == 0:
		return text
	case (ones == 1 || ones == 11) && tens < 8:
		return text + " et " + frenchSmall[ones]
	}
	return text + "-" + frenchSmall[ones]
}

var englishSmall = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")

var englishTens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")

// english spells a number the British way, with "and" before the tens.
func english(n int) string {
	switch {
	case n < 20:
		return englishSmall[n]
	case n < 100:
		if n%10 == 0 {
			return englishTens[n/10]
		}
		return englishTens[n/10] + "-" + englishSmall[n%10]
	case n < 1000:
		text := englishSmall[n/100] + " hundred"
		if n%100 > 0 {
			text += " and " + english(n%100)
		}
		return text
	case n < 1_000_000:
		return english(n/1000) + " thousand" + englishRest(n%1000)
	}
	if n < 1_000_000_000 {
		return english(n/1_000_000) + " million" + englishRest(n%1_000_000)
	}
	return english(n/1_000_000_000) + " billion" + englishRest(n%1_000_000_000)
}

func englishRest(n int) string {
	switch {
	case n == 0:
		return ""
	case n < 100:
		return " and " + english(n)
	}
	return " " + english(n)
}

// ParseEuros reads an amount as people write it, "5 000", "1250,50" or "12.5", and
// returns cents; "" is 0. ok is false for what is no amount below a thousand million.
func ParseEuros(text string) (cents int64, ok bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", "EUR", "", ",", ".").Replace(text)
	if text == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 9 || len(part) > 2 {
		return 0, false
	}
	for _, c := range whole + part {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	for len(part) < 2 {
		part += "0"
	}
	for _, c := range whole + part {
		cents = cents*10 + int64(c-'0')
	}
	return cents, true
}
