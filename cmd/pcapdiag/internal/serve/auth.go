package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// authorized lets a request pass that knows the token: as a bearer (RFC 6750
// section 2.1), or as the password of basic authentication (RFC 7617), which
// browsers ask for. Without a token everyone may come in.
func (s *Server) authorized(next http.Handler) http.Handler {
	if s.Token == "" {
		return next
	}
	// Hashes have one length, which the comparison would otherwise tell.
	want := sha256.Sum256([]byte(s.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := sha256.Sum256([]byte(token(r)))
		if subtle.ConstantTimeCompare(given[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="pcapdiag", charset="UTF-8"`)
			http.Error(w, "the token is missing or wrong", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// token returns the token that a request holds, or "".
func token(r *http.Request) string {
	const scheme = "Bearer "
	if header := r.Header.Get("Authorization"); len(header) > len(scheme) && header[:len(scheme)] == scheme {
		return header[len(scheme):]
	}
	_, password, _ := r.BasicAuth()
	return password
}
