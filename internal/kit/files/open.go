package files

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// Open opens the folder or the bucket that an installation was told of: a path, or
// s3://KEY:SECRET@HOST/BUCKET?region=R, with &plain=1 for a service without TLS. now is
// the machine's clock, with which requests to a bucket are signed.
func Open(place string, now func() time.Time) (Store, error) {
	if !strings.HasPrefix(place, "s3://") {
		return NewDisk(place)
	}
	u, err := url.Parse(place)
	if err != nil {
		return nil, errors.New("--files is not an address of a bucket") // the address holds a secret
	}
	secret, _ := u.User.Password()
	scheme := "https://"
	if u.Query().Has("plain") {
		scheme = "http://"
	}
	return NewS3(S3Config{Endpoint: scheme + u.Host, Region: u.Query().Get("region"), Bucket: strings.Trim(u.Path, "/"),
		KeyID: u.User.Username(), Secret: secret, Now: now})
}
