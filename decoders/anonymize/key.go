package anonymize

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"io"
)

// KeyLen is the length of a key in bytes.
const KeyLen = 32

// minKey is the least length of what a key is made from, in bytes: that of an
// AES key.
const minKey = 16

// A Key says what replaces what. Two captures anonymised with one key have
// the same replacement for the same address; without the key no replacement
// can be turned back.
type Key [KeyLen]byte

// ReadKey makes a key of all that r has, at least 16 bytes.
func ReadKey(r io.Reader) (k Key, err error) {
	const limit = 1 << 20
	b, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return k, err
	}
	if len(b) < minKey {
		return k, fmt.Errorf("a key of %d bytes is too short", len(b))
	}
	return Key(derive(b, "key", KeyLen)), nil
}

// derive returns n bytes of key material that belong to purpose alone.
func derive(secret []byte, purpose string, n int) []byte {
	b, err := hkdf.Key(sha256.New, secret, nil, "pcapdiag anonymize "+purpose, n)
	if err != nil {
		panic(err) // n is above 255 hashes
	}
	return b
}

// newCipher returns the block cipher of one purpose.
func (k Key) newCipher(purpose string) cipher.Block {
	block, err := aes.NewCipher(derive(k[:], purpose, 16))
	if err != nil {
		panic(err) // 16 bytes are an AES key
	}
	return block
}
