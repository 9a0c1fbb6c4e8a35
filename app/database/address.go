package database

import (
	"errors"
	"net/url"
	"strings"
)

// ParseURL is url.Parse that also accepts addresses of databases with several hosts, each with or without a port:
// postgres://user@first:5432,second,[::1]:5433/name. The URL's Host has all of them. Errors may quote a password.
func ParseURL(address string) (*url.URL, error) {
	scheme, _, _ := strings.Cut(address, "://")
	authority, path := cutAuthority(address)
	at := strings.LastIndex(authority, "@") + 1
	hosts := strings.Split(authority[at:], ",")
	for _, host := range hosts[1:] {
		if _, err := url.Parse(scheme + "://" + host); err != nil {
			return nil, err
		}
	}
	if len(hosts) == 1 {
		return url.Parse(address)
	}
	parsed, err := url.Parse(scheme + "://" + authority[:at] + hosts[0] + path)
	if err != nil {
		return nil, err
	}
	parsed.Host = authority[at:]
	return parsed, nil
}

// cutAuthority returns what is between the :// and the path of an address, and the rest from the path on.
func cutAuthority(address string) (authority, path string) {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		return rest[:end], rest[end:]
	}
	return rest, ""
}

// Check returns the error that Open returns if it does not accept the form of the address. It opens nothing.
func Check(address string) error {
	scheme, rest, _ := strings.Cut(address, "://")
	var err error
	switch scheme {
	case "postgres", "postgresql":
		_, err = parsePostgres(address, Options{})
	case "sqlite":
		_, err = sqlitePath(rest)
	default:
		err = errScheme
	}
	return err
}

var errScheme = errors.New("the database address starts with neither postgres:// nor sqlite:///")

// RedactURL returns the URL of a database in a form that people may see: without passwords.
func RedactURL(address string) string {
	parsed, err := ParseURL(address)
	if err != nil {
		return "the configured database"
	}
	query := parsed.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, "xxxxx")
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// WithoutPassword returns the address of a PostgreSQL server without its password, in the form that PostgreSQL's own
// programs accept.
func WithoutPassword(address string) string {
	parsed, err := ParseURL(address)
	if err != nil {
		return ""
	}
	if parsed.User != nil {
		parsed.User = url.User(parsed.User.Username())
	}
	query := parsed.Query()
	query.Del("password")
	query.Del("sslpassword")
	parsed.RawQuery = query.Encode()
	return parsed.String()
}
