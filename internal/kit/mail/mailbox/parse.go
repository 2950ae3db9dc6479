package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// maxDepth bounds how deep parts may nest in parts; two is what H48 sends.
const maxDepth = 8

// Received is one mail as its reader would see it.
type Received struct {
	// To is the address that the client gave to the server, bare.
	To string
	// From and Subject are decoded; From may carry a name.
	From, Subject string
	// Header is every header as it came.
	Header      mail.Header
	Text, HTML  string
	Attachments []Attachment
	// Raw is the mail as it came.
	Raw []byte
}

// Attachment is a file that came with a mail.
type Attachment struct {
	Name, ContentType string
	Content           []byte
}

// parse reads a mail. Charsets other than UTF-8 and its subsets are left as bytes.
func parse(raw []byte) (Received, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Received{}, fmt.Errorf("reading a mail: %w", err)
	}
	r := Received{Header: m.Header, From: decodeWord(m.Header.Get("From")),
		Subject: decodeWord(m.Header.Get("Subject")), Raw: raw}
	if err := r.part(textproto.MIMEHeader(m.Header), m.Body, 0); err != nil {
		return Received{}, fmt.Errorf("reading a mail: %w", err)
	}
	return r, nil
}

func decodeWord(s string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(s)
	if err != nil {
		return s
	}
	return decoded
}

// part reads one part of a mail and the parts in it.
func (r *Received) part(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if depth > maxDepth {
		return errors.New("parts nest too deep")
	}
	contentType := h.Get("Content-Type")
	if contentType == "" {
		contentType = "text/plain"
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	if strings.HasPrefix(media, "multipart/") {
		return r.parts(multipart.NewReader(body, params["boundary"]), depth)
	}
	content, err := io.ReadAll(decoded(h.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("decoding %s: %w", media, err)
	}
	disposition, how, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch {
	case err == nil && disposition == "attachment":
		r.Attachments = append(r.Attachments, Attachment{decodeWord(how["filename"]), media, content})
	case media == "text/html":
		r.HTML = unix(content)
	case media == "text/plain":
		r.Text = unix(content)
	}
	return nil
}

func (r *Received) parts(parts *multipart.Reader, depth int) error {
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the parts: %w", err)
		}
		if err := r.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}

// unix gives text the line ends that it was written with.
func unix(content []byte) string { return strings.ReplaceAll(string(content), "\r\n", "\n") }
