// Package seal closes small secrets, such as a bank account, with a key that is kept
// outside the database: whoever has a copy of the database, or a backup, cannot read them
// without the key's file.
//
// A secret is sealed for one purpose (AES-256-GCM, with the purpose as additional data):
// a sealed text that is moved to another row does not open there. The package does not
// know who may open a seal, nor when the secret is to be forgotten.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"h48/internal/kit/ids"
)

// ErrKey is what Open answers when the text was sealed with another key, for another
// purpose, or was altered.
var ErrKey = errors.New("this seal cannot be opened with the key at hand")

// Box seals and opens. It is safe for concurrent use.
type Box struct {
	path string
	ids  *ids.Source

	mu   sync.Mutex
	aead cipher.AEAD
}

// New returns a box whose key is in the file at path. The file is made at the first use:
// an installation that seals nothing has none.
func New(path string, source *ids.Source) *Box { return &Box{path: path, ids: source} }

const keySize = 32

// key reads the key's file, or makes it.
func (b *Box) key() (cipher.AEAD, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.aead != nil {
		return b.aead, nil
	}
	text, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = b.make()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key of the seals: %w", err)
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s holds no key of %d bytes", b.path, keySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	b.aead, err = cipher.NewGCM(block)
	return b.aead, err
}

// make makes the file, unless another copy of the program has just made it.
func (b *Box) make() ([]byte, error) {
	f, err := os.OpenFile(b.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(b.path)
	}
	if err != nil {
		return nil, err
	}
	text := []byte(b.ids.Secret() + "\n")
	_, err = f.Write(text)
	return text, errors.Join(err, f.Sync(), f.Close())
}

// Seal closes the secret for the purpose. The same secret is never sealed the same way
// twice.
func (b *Box) Seal(purpose, secret string) (string, error) {
	aead, err := b.key()
	if err != nil {
		return "", err
	}
	random, err := base64.RawURLEncoding.DecodeString(b.ids.Secret())
	if err != nil {
		return "", err
	}
	nonce := random[:aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), []byte(purpose))), nil
}

// Open returns the secret that was sealed for the purpose.
func (b *Box) Open(purpose, sealed string) (string, error) {
	aead, err := b.key()
	if err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", ErrKey
	}
	secret, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(purpose))
	if err != nil {
		return "", ErrKey
	}
	return string(secret), nil
}
