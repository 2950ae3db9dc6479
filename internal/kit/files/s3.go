package files

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"h48/internal/kit/errs"
)

// S3Config names a bucket of any service that speaks the S3 protocol.
type S3Config struct {
	// Endpoint is the address of the service, "https://s3.example.org"; the bucket
	// follows as the first part of the path.
	Endpoint string
	// Region is what the service calls it; many accept any word.
	Region string
	Bucket string
	// Prefix stands before every key, so that a bucket can be shared. It may be empty.
	Prefix string
	// KeyID and Secret are a pair of access keys.
	KeyID, Secret string
	// Now tells the time to sign with: the machine's, never a rehearsal's.
	Now func() time.Time
}

// S3 keeps contents in a bucket. A content is sent in one request, hence at most 5 GB
// on AWS; its body is not signed, so the endpoint ought to speak TLS.
type S3 struct {
	config S3Config
	base   *url.URL
	client *http.Client
}

// NewS3 checks the configuration; it does not connect.
func NewS3(c S3Config) (*S3, error) {
	base, err := url.Parse(c.Endpoint)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return nil, fmt.Errorf("%q is no address of an S3 service", c.Endpoint)
	}
	for name, value := range map[string]string{"bucket": c.Bucket, "region": c.Region, "key": c.KeyID, "secret": c.Secret} {
		if value == "" {
			return nil, fmt.Errorf("the S3 %s is missing", name)
		}
	}
	if c.Prefix != "" {
		if err := checkKey(c.Prefix); err != nil {
			return nil, fmt.Errorf("the S3 prefix: %w", err)
		}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() // a documented type
	transport.DisableCompression = true                          // a size must stay a size
	transport.ResponseHeaderTimeout = time.Minute
	return &S3{config: c, base: base, client: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (err error) {
	defer errs.Wrap(&err, "keeping file %s in bucket %s", key, s.config.Bucket)
	content, err := announced(r, size)
	if err != nil {
		return err
	}
	request, err := s.request(ctx, http.MethodPut, key, content)
	if err != nil {
		return err
	}
	payload := unsignedPayload
	if request.ContentLength = size; size == 0 {
		request.Body, payload = http.NoBody, emptyPayload
	}
	request.Header.Set("Content-Type", contentType)
	response, err := s.do(request, payload)
	if err != nil {
		return err
	}
	return finish(response)
}

// Open implements Store. Reading after a seek asks the service again, and fails if the
// content was replaced meanwhile.
func (s *S3) Open(ctx context.Context, key string) (_ io.ReadSeekCloser, _ Info, err error) {
	defer errs.Wrap(&err, "opening file %s in bucket %s", key, s.config.Bucket)
	response, err := s.get(ctx, key, 0, "")
	if err != nil {
		return nil, Info{}, err
	}
	modified, err := http.ParseTime(response.Header.Get("Last-Modified"))
	if err == nil && response.ContentLength < 0 {
		err = errors.New("the service does not say how long it is")
	}
	if err != nil {
		return nil, Info{}, errors.Join(err, response.Body.Close())
	}
	info := Info{Size: response.ContentLength, ContentType: response.Header.Get("Content-Type"), Modified: modified}
	return &object{store: s, ctx: ctx, key: key, etag: response.Header.Get("Etag"),
		size: info.Size, body: response.Body}, info, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) (err error) {
	defer errs.Wrap(&err, "deleting file %s in bucket %s", key, s.config.Bucket)
	request, err := s.request(ctx, http.MethodDelete, key, nil)
	if err != nil {
		return err
	}
	response, err := s.do(request, emptyPayload)
	if errors.Is(err, ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	return finish(response)
}

// get asks for a content from an offset on; etag, where not empty, must still be its.
func (s *S3) get(ctx context.Context, key string, from int64, etag string) (*http.Response, error) {
	request, err := s.request(ctx, http.MethodGet, key, nil)
	if err != nil {
		return nil, err
	}
	if from > 0 {
		request.Header.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
	}
	if etag != "" {
		request.Header.Set("If-Match", etag)
	}
	response, err := s.do(request, emptyPayload)
	if err != nil {
		return nil, err
	}
	if from > 0 && response.StatusCode != http.StatusPartialContent {
		return nil, errors.Join(errors.New("the service cannot send a part"), response.Body.Close())
	}
	return response, nil
}

func (s *S3) request(ctx context.Context, method, key string, body io.Reader) (*http.Request, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	address := s.base.JoinPath(s.config.Bucket, s.config.Prefix, key)
	return http.NewRequestWithContext(ctx, method, address.String(), body)
}

// do signs and sends. Any answer outside 2xx is an error with the service's own code.
func (s *S3) do(r *http.Request, payload string) (*http.Response, error) {
	sign(r, s.config.KeyID, s.config.Secret, s.config.Region, payload, s.config.Now())
	response, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 == 2 {
		return response, nil
	}
	err = refusal(response)
	return nil, errors.Join(err, response.Body.Close())
}

func refusal(response *http.Response) error {
	var answer struct{ Code, Message string }
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil && len(text) > 0 {
		err = xml.Unmarshal(text, &answer)
	}
	if response.StatusCode == http.StatusNotFound && (answer.Code == "NoSuchKey" || answer.Code == "") {
		return ErrMissing
	}
	if err != nil { // not the service itself, perhaps a proxy before it
		return fmt.Errorf("the service answered %s: %.200q", response.Status, text)
	}
	return fmt.Errorf("the service answered %s: %s %s", response.Status, answer.Code, strings.TrimSpace(answer.Message))
}

// finish reads the rest, so that the connection can serve again.
func finish(response *http.Response) error {
	_, err := io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}

// object reads a content in a bucket. Seek only notes where; Read asks if it must.
type object struct {
	store     *S3
	ctx       context.Context // of the Open that made it: a reader has no other
	key, etag string
	size      int64
	offset    int64         // where the next Read is to begin
	body      io.ReadCloser // nil, or standing at bodyAt
	bodyAt    int64
}

func (o *object) Read(p []byte) (int, error) {
	if o.offset >= o.size {
		return 0, io.EOF
	}
	if o.body == nil || o.bodyAt != o.offset {
		if err := o.reopen(); err != nil {
			return 0, err
		}
	}
	n, err := o.body.Read(p)
	o.offset += int64(n)
	o.bodyAt = o.offset
	if errors.Is(err, io.EOF) && o.offset < o.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (o *object) reopen() (err error) {
	defer errs.Wrap(&err, "reading file %s from %d", o.key, o.offset)
	if err := o.Close(); err != nil {
		return err
	}
	response, err := o.store.get(o.ctx, o.key, o.offset, o.etag)
	if err != nil {
		return err
	}
	o.body, o.bodyAt = response.Body, o.offset
	return nil
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.offset
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("seeking before the beginning")
	}
	o.offset = offset
	return offset, nil
}

func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	body := o.body
	o.body = nil
	return body.Close()
}
