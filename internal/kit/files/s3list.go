package files

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"h48/internal/kit/errs"
)

// listing is a page of ListObjectsV2.
type listing struct {
	Contents []struct {
		Key string `xml:"Key"`
	} `xml:"Contents"`
	Truncated bool   `xml:"IsTruncated"`
	Next      string `xml:"NextContinuationToken"`
}

// Keys implements Store, a thousand keys a request.
func (s *S3) Keys(ctx context.Context, each func(key string) error) (err error) {
	defer errs.Wrap(&err, "listing bucket %s", s.config.Bucket)
	prefix := s.config.Prefix
	if prefix != "" {
		prefix += "/"
	}
	query := url.Values{"list-type": {"2"}, "prefix": {prefix}}
	for {
		page, err := s.list(ctx, query)
		if err != nil {
			return err
		}
		for _, content := range page.Contents {
			key := strings.TrimPrefix(content.Key, prefix)
			if checkKey(key) != nil { // not ours: somebody else's in a shared bucket
				continue
			}
			if err := each(key); err != nil {
				return err
			}
		}
		if !page.Truncated || page.Next == "" {
			return nil
		}
		query.Set("continuation-token", page.Next)
	}
}

func (s *S3) list(ctx context.Context, query url.Values) (page listing, err error) {
	address := s.base.JoinPath(s.config.Bucket)
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return page, err
	}
	response, err := s.do(request, emptyPayload)
	if err != nil {
		return page, err
	}
	defer func() { _ = finish(response) }()
	if err := xml.NewDecoder(response.Body).Decode(&page); err != nil {
		return page, fmt.Errorf("the service's list cannot be read: %w", err)
	}
	return page, nil
}
