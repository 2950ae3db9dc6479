package mailbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse_partsInParts(t *testing.T) {
	t.Parallel()
	raw := "From: =?UTF-8?Q?H48_=C3=A0_Amiens?= <h48@example.org>\r\n" +
		"Subject: =?UTF-8?B?w4ljbHVzZQ==?=\r\n" +
		"Content-Type: multipart/mixed; boundary=a\r\n\r\n" +
		"--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		"caf=C3=A9\r\nnoir\r\n" +
		"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+Y2Fmw6k8L2I+\r\n--b--\r\n" +
		"--a\r\nContent-Type: text/calendar\r\nContent-Disposition: attachment; filename=a.ics\r\n\r\nBEGIN\r\n--a--\r\n"
	got, err := parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	got.Header, got.Raw = nil, nil
	want := Received{From: "H48 à Amiens <h48@example.org>", Subject: "Écluse", Text: "café\nnoir", HTML: "<b>café</b>",
		Attachments: []Attachment{{Name: "a.ics", ContentType: "text/calendar", Content: []byte("BEGIN")}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("From: a@example.org\r\n\r\nhello\r\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parse(raw)
		if err == nil && len(r.Text)+len(r.HTML) > len(raw) {
			t.Errorf("%d bytes of text from %d", len(r.Text)+len(r.HTML), len(raw))
		}
	})
}
