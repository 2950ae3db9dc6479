package vote

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// How long what lasts, and how long a code is.
const (
	// Turn is how long one code stands on the screen, in the wall's time: a rehearsal's
	// clock must not outrun who types.
	Turn = 30 * time.Second
	// turns is how many turns a code is good for: the one on the screen and those that
	// somebody may just have read.
	turns = 4

	screenSigns = 5
	cardSigns   = 8
	badgeSigns  = 6
	slipSigns   = 12
	netSigns    = 6
)

// spoken has no signs that look or sound alike; it has 32, so that bits fill it evenly.
var spoken = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// keyed is the keyed hash of the parts; each part keeps its own bounds.
func (p Poll) keyed(parts ...string) []byte {
	h := hmac.New(sha256.New, []byte(p.secret))
	for _, part := range parts {
		var length [4]byte
		binary.BigEndian.PutUint32(length[:], uint32(len(part))) //nolint:gosec // a code is short
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// mark is how a code is kept: who reads the database finds no code in it.
func (p Poll) mark(code string) string {
	return base64.RawURLEncoding.EncodeToString(p.keyed("mark", code)[:24])
}

// cardCode is the code of a card, which can be printed again and is kept nowhere.
func (p Poll) cardCode(batch string, serial int) string {
	return spoken.EncodeToString(p.keyed("card", batch, strconv.Itoa(serial)))[:cardSigns]
}

// badgeCode is the code behind a badge: the badge says who it is, this is their one token.
func (p Poll) badgeCode(holder string) string {
	return "b" + base64.RawURLEncoding.EncodeToString(p.keyed("badge", holder)[:18])
}

// screenCode is what stands on the screen at the moment.
func (p Poll) screenCode(wall time.Time) string { return p.turnCode(turnOf(wall)) }

func turnOf(wall time.Time) int64 { return wall.Unix() / int64(Turn/time.Second) }

func (p Poll) turnCode(turn int64) string {
	return spoken.EncodeToString(p.keyed("screen", strconv.FormatInt(turn, 10)))[:screenSigns]
}

// onScreen says whether the code stands on the screen, or stood there just now.
func (p Poll) onScreen(code string, wall time.Time) bool {
	for back := range int64(turns) {
		if hmac.Equal([]byte(code), []byte(p.turnCode(turnOf(wall)-back))) {
			return true
		}
	}
	return false
}

// hallKey is the code of a poster.
func (p Poll) hallKey(batch string) string {
	return spoken.EncodeToString(p.keyed("hall", batch))[:cardSigns]
}

// slip is the code that a device is given where many share one code: the screen's, a
// poster's. It is kept nowhere until it is used; the seal says that it was given here.
type slip struct {
	source Source
	batch  string
	nonce  string
}

func (p Poll) seal(s slip) string {
	return base64.RawURLEncoding.EncodeToString(p.keyed("slip", string(s.source), s.batch, s.nonce)[:slipSigns])
}

func (p Poll) writeSlip(s slip) string {
	return strings.Join([]string{string(s.source), s.batch, s.nonce, p.seal(s)}, ".")
}

func (p Poll) readSlip(text string) (s slip, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 || len(parts[2]) < 8 {
		return s, false
	}
	s = slip{source: Source(parts[0]), batch: parts[1], nonce: parts[2]}
	if s.source != Screen && s.source != Hall {
		return s, false
	}
	return s, hmac.Equal([]byte(parts[3]), []byte(p.seal(s)))
}

// Tidy is a code as it was meant: without blanks and hyphens, in upper case; what was
// scanned loses its address.
func Tidy(typed string) string {
	typed = strings.TrimSpace(typed)
	if i := strings.LastIndex(typed, "/"); i >= 0 {
		typed = typed[i+1:]
	}
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\u202f", "", ".", "").Replace(typed))
}

// Spell writes a card's code in two halves, as people read it.
func Spell(code string) string {
	if len(code) != cardSigns {
		return code
	}
	return code[:cardSigns/2] + "-" + code[cardSigns/2:]
}

// network is the part of an address that neighbours share: a /24 or a /48. It is "" for
// what is no address.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	ip, bits := ip.Unmap(), 48
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// netMark hides the network behind the day's key.
func netMark(key, address string) string {
	net := network(address)
	if net == "" {
		return ""
	}
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(net))
	return spoken.EncodeToString(h.Sum(nil))[:netSigns]
}

// shuffle puts the choices in the order of one voter: the same code always sees the same
// order, and over all codes each choice stands in each place equally often.
func (p Poll) shuffle(code string, choices []Choice) []Choice {
	order := append([]Choice(nil), choices...)
	for i := len(order) - 1; i > 0; i-- {
		draw := binary.BigEndian.Uint64(p.keyed("order", code, strconv.Itoa(i)))
		j := int(draw % uint64(i+1)) //nolint:gosec // below i+1
		order[i], order[j] = order[j], order[i]
	}
	return order
}
