package award_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/award"
	"h48/internal/kit/i18n"
)

// small, tens and large are the words that numbers are made of, in both languages.
var (
	small = words(`zéro 0 zero 0 un 1 one 1 deux 2 two 2 trois 3 three 3 quatre 4 four 4 cinq 5 five 5 six 6 sept 7 seven 7 huit 8 eight 8
		neuf 9 nine 9 dix 10 ten 10 onze 11 eleven 11 douze 12 twelve 12 treize 13 thirteen 13 quatorze 14 fourteen 14 quinze 15 fifteen 15
		seize 16 sixteen 16 seventeen 17 eighteen 18 nineteen 19 vingt 20 twenty 20 trente 30 thirty 30 quarante 40 forty 40
		cinquante 50 fifty 50 soixante 60 sixty 60 seventy 70 eighty 80 ninety 90`)
	large = words(`mille 1000 thousand 1000 million 1000000 milliard 1000000000 billion 1000000000`)
)

func words(list string) map[string]int64 {
	all, fields := map[string]int64{}, strings.Fields(list)
	for i := 0; i < len(fields); i += 2 {
		n := int64(0)
		for _, c := range fields[i+1] {
			n = n*10 + int64(c-'0')
		}
		all[fields[i]] = n
	}
	return all
}

// read is the number that the words say, as a person adds them up.
func read(text string) int64 {
	total, group := int64(0), int64(0)
	text = strings.NewReplacer("quatre-vingts", "80", "quatre-vingt", "80", "-", " ").Replace(text)
	for word := range strings.FieldsSeq(text) {
		bare := strings.TrimSuffix(word, "s")
		switch {
		case word == "80":
			group += 80
		case bare == "cent" || word == "hundred":
			group += max(group%100, 1)*100 - group%100
		case large[bare] > 0:
			total, group = total+max(group, 1)*large[bare], 0
		default:
			n, known := small[word]
			if !known {
				n = small[bare]
			}
			group += n
		}
	}
	return total + group
}

// Whatever the amount, up to thousands of millions and with cents, its words read back as
// exactly this amount.
func TestInWords_readBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		euros, cents := rapid.Int64Range(0, 999_999_999_999).Draw(rt, "euros"), rapid.Int64Range(0, 99).Draw(rt, "cents")
		for lang, cut := range map[i18n.Lang]string{i18n.French: "euro", i18n.English: "euro"} {
			text := award.InWords(lang, euros*100+cents)
			whole, rest, _ := strings.Cut(text, cut)
			rest = strings.NewReplacer("centimes", "", "centime", "", "cents", "", "cent", "", " et ", " ", " and ", " ").Replace(strings.TrimPrefix(rest, "s"))
			whole = strings.NewReplacer(" et ", " ", " and ", " ", "d’", "").Replace(whole)
			if read(whole) != euros || read(rest) != cents {
				rt.Fatalf("%d.%02d is %q, read back as %d and %d", euros, cents, text, read(whole), read(rest))
			}
		}
	})
}
