package files

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The four requests, keys and signatures are the examples that AWS publishes in
// "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference.
func TestSign_awsExamples(t *testing.T) {
	t.Parallel()
	const host = "https://examplebucket.s3.amazonaws.com"
	for _, c := range []struct {
		name, method, url string
		headers           map[string]string
		payload, want     string
	}{
		{"a part of an object", "GET", host + "/test.txt", map[string]string{"Range": "bytes=0-9"}, emptyPayload,
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		{"putting an object", "PUT", host + "/test$file.text",
			map[string]string{"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
			"44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		{"a query without a value", "GET", host + "/?lifecycle", nil, emptyPayload,
			"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		{"a query with values", "GET", host + "/?max-keys=2&prefix=J", nil, emptyPayload,
			"34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), c.method, c.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range c.headers {
				r.Header.Set(name, value)
			}
			sign(r, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", c.payload,
				time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC))
			if _, got, _ := strings.Cut(r.Header.Get("Authorization"), "Signature="); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
