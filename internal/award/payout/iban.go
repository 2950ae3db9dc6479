package payout

import "strings"

// lengths are those of the IBANs of the countries in SEPA (ISO 13616, the registry of
// SWIFT); of the others, any from 15 to 34.
var lengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
	"FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
	"MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19,
	"SK": 24, "SM": 27, "VA": 22,
}

// ParseIBAN reads an international bank account number as people write it, and checks its
// length and its two check digits. ok is false for what cannot be one.
func ParseIBAN(text string) (iban string, ok bool) {
	iban = strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "-", "", ".", "").Replace(text))
	if len(iban) < 15 || len(iban) > 34 || !letters(iban[:2]) || !digits(iban[2:4]) {
		return "", false
	}
	if want, known := lengths[iban[:2]]; known && len(iban) != want {
		return "", false
	}
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return "", false
		}
	}
	return iban, rest == 1
}

func letters(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c < 'A' || c > 'Z' }) < 0
}
func digits(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c < '0' || c > '9' }) < 0
}

// grouped writes an IBAN in fours, as it is read aloud.
func grouped(iban string) string {
	var b strings.Builder
	for i, c := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}
