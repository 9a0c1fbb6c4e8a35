package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/utils"
)

// Where the program keeps what it makes for itself, beside the working directory's .env.
const (
	instanceDir     = "instance"
	secretKeyFile   = "secret_key"
	embeddedDB      = "sqlite:///instance/guestlist.db"
	minSecretKey    = 32 // bytes: RFC 7518, 3.2
	minKeyDiversity = 8  // different bytes: even 32 random hexadecimal digits have more
	keyAdvice       = "set it to at least 32 random bytes, such as the output of: openssl rand -hex 32"
)

// development tells whether the program runs where a key of its own and mails in files will do.
func development(config app.Config) bool { return config.Debug || config.DatabaseURL == embeddedDB }

// loadConfig reads every setting of the program: name, default, check. environ, of the form of os.Environ, comes before
// the file .env in dir, which comes before the default; an empty value counts as none. The key that signs tokens is read,
// and made where none is set in development, only if signing says so, as is what mails cannot do without. Errors name the variable.
func loadConfig(dir string, environ []string, signing bool) (app.Config, error) {
	s, err := readSettings(dir, environ)
	if err != nil {
		return app.Config{}, err
	}
	config := app.Config{
		DatabaseURL:          s.database("DATABASE_URL", embeddedDB),
		DatabasePoolSize:     s.number("DATABASE_POOL_SIZE", 10, 1, 1000),
		Debug:                s.flag("DEBUG", false),
		Host:                 s.host("HOST", "127.0.0.1"),
		Port:                 s.number("PORT", 5000, 0, 65535), // 0: any free one
		TokenLifetime:        s.duration("TOKEN_LIFETIME", 14*24*time.Hour, time.Minute),
		PasswordMinLength:    s.number("PASSWORD_MIN_LENGTH", 6, 1, 128),
		CodeLifetime:         s.duration("CODE_LIFETIME", 24*time.Hour, time.Minute),
		RequireVerifiedEmail: s.flag("REQUIRE_VERIFIED_EMAIL", false),
		PasswordDenyCommon:   s.flag("PASSWORD_DENY_COMMON", false),
		TrustedProxies:       s.networks("TRUSTED_PROXIES"),
		LimitLogin:           s.rate("LIMIT_LOGIN", "600/1m"),
		LimitRegister:        s.rate("LIMIT_REGISTER", "300/1m"),
		LimitMail:            s.rate("LIMIT_MAIL", "60/1m"),
		LimitFailedLogins:    s.limit("LIMIT_FAILED_LOGINS", 5, 1000),
		EventRoles:           s.eventRoles("EVENT_ROLES"),
		AuditRetention:       s.duration("AUDIT_RETENTION", 365*24*time.Hour, 0),
		RequestTimeout:       s.duration("REQUEST_TIMEOUT", 10*time.Second, time.Millisecond),
		ShutdownDelay:        s.duration("SHUTDOWN_DELAY", 0, 0),
		ShutdownTimeout:      s.duration("SHUTDOWN_TIMEOUT", 30*time.Second, 0),
		MailURL:              s.mailServer("MAIL_URL"),
		MailFrom:             s.sender("MAIL_FROM", "Guestlist <guestlist@localhost.localdomain>"),
	}
	config.PublicURL = s.publicURL("PUBLIC_URL", localURL(config.Host, config.Port))
	if signing {
		s.checkMail(config, "MAIL_FROM", "PUBLIC_URL")
		config.SecretKey = s.secretKey("SECRET_KEY", filepath.Join(dir, instanceDir), config)
		config.SecretKeyPrevious = s.key("SECRET_KEY_PREVIOUS")
	}
	return config, errors.Join(s.wrong...)
}

// settings reads values and collects what is wrong with them.
type settings struct {
	values *viper.Viper
	wrong  []error
}

func readSettings(dir string, environ []string) (*settings, error) {
	values := viper.NewWithOptions(viper.KeyDelimiter("\x00")) // no name is a path
	values.SetConfigFile(filepath.Join(dir, ".env"))
	values.SetConfigType("dotenv")
	if err := values.ReadInConfig(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(".env: cannot be read as lines of the form NAME=value") // the reason may quote a secret
	}
	for _, variable := range environ {
		// Viper takes names in any case; variables of a shell's own, such as host, are not meant.
		if name, value, _ := strings.Cut(variable, "="); value != "" && name == strings.ToUpper(name) {
			values.Set(name, value)
		}
	}
	return &settings{values: values}, nil
}

func (s *settings) failf(name, format string, arguments ...any) {
	s.wrong = append(s.wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, arguments...)))
}

func (s *settings) text(name, standard string) string {
	if value := strings.TrimSpace(s.values.GetString(name)); value != "" {
		return value
	}
	return standard
}

func (s *settings) database(name, standard string) string {
	text := s.text(name, standard)
	if err := database.Check(text); err != nil {
		s.failf(name, "%v", err)
	}
	return text
}

// host is a name or an address, without a port or brackets.
func (s *settings) host(name, standard string) string {
	text := s.text(name, standard)
	if strings.ContainsAny(text, "[]/ ") || strings.Contains(text, ":") && net.ParseIP(text) == nil {
		s.failf(name, "%q is neither a name nor an address, such as 127.0.0.1, ::1 or 0.0.0.0", text)
	}
	return text
}

func (s *settings) flag(name string, standard bool) bool {
	switch text := strings.ToLower(s.text(name, strconv.FormatBool(standard))); text {
	case "true", "1", "yes", "on":
		return true
	case "false", "0", "no", "off":
		return false
	default:
		s.failf(name, "%q is neither True nor False", text)
		return standard
	}
}

func (s *settings) number(name string, standard, least, most int) int {
	text := s.text(name, strconv.Itoa(standard))
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most {
		s.failf(name, "%q is not a whole number from %d to %d", text, least, most)
	}
	return number
}

func (s *settings) duration(name string, standard, least time.Duration) time.Duration {
	text := s.text(name, standard.String())
	duration, err := time.ParseDuration(text)
	if err != nil || duration < least {
		s.failf(name, "%q is not a duration of at least %v, such as 30s, 15m or 336h", text, least)
	}
	return duration
}

func (s *settings) rate(name, standard string) limits.Rate {
	rate, err := limits.ParseRate(s.text(name, standard))
	if err != nil {
		s.failf(name, "%v", err)
	}
	return rate
}

// limit is a number, or 0 for off.
func (s *settings) limit(name string, standard, most int) int {
	if strings.EqualFold(s.text(name, ""), "off") {
		return 0
	}
	return s.number(name, standard, 1, most)
}

// networks is a list of addresses and networks with commas between them.
func (s *settings) networks(name string) (result []netip.Prefix) {
	for text := range strings.SplitSeq(s.text(name, ""), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		network, err := netip.ParsePrefix(text)
		if address, bad := netip.ParseAddr(text); err != nil && bad == nil {
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil || network != network.Masked() {
			s.failf(name, "%q is neither an address nor a network, such as 10.0.0.0/8 or fd00::/8", text)
			continue
		}
		result = append(result, network)
	}
	return result
}

// eventRoles is a list of roles with commas between them.
func (s *settings) eventRoles(name string) (roles []string) {
	for role := range strings.SplitSeq(s.text(name, ""), ",") {
		if role = strings.TrimSpace(role); role != "" {
			roles = append(roles, role)
		}
	}
	if err := events.CheckRoles(roles); err != nil {
		s.failf(name, "%v", err)
	}
	return roles
}

// mailServer is the address of an SMTP server, or none.
func (s *settings) mailServer(name string) string {
	text := s.text(name, "")
	if text == "" {
		return ""
	}
	if _, err := mail.NewSMTP(text); err != nil {
		s.failf(name, "%v", err)
	}
	return text
}

// sender is an address, with or without a name.
func (s *settings) sender(name, standard string) netmail.Address {
	text := s.text(name, standard)
	address, err := netmail.ParseAddress(text)
	if err == nil {
		address.Address, err = utils.CanonicalEmail(address.Address)
	}
	if err != nil {
		s.failf(name, "%q is not an address, such as guestlist@example.org or Guestlist <guestlist@example.org>", text)
		return netmail.Address{}
	}
	return *address
}

// publicURL is where people reach the program, without a slash at the end.
func (s *settings) publicURL(name, standard string) string {
	text := strings.TrimRight(s.text(name, standard), "/")
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(text, "?#") {
		s.failf(name, "%q is not of the form https://host, without ? and #", text)
	}
	return text
}

// localURL is where the program is reached on the machine that it runs on.
func localURL(host string, port int) string {
	if address := net.ParseIP(host); address != nil && address.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// checkMail asks for the settings without which no mail from here is of use to anybody.
func (s *settings) checkMail(config app.Config, names ...string) {
	if config.MailURL == "" || development(config) {
		return
	}
	for _, name := range names {
		if s.text(name, "") == "" {
			s.failf(name, "is not set; with MAIL_URL, the mails need it")
		}
	}
}

// secretKey returns the key that signs tokens. In development a random one, made once and kept in instance, serves.
func (s *settings) secretKey(name, instance string, config app.Config) []byte {
	switch {
	case s.text(name, "") != "":
		return s.key(name)
	case !development(config):
		s.failf(name, "is not set; %s", keyAdvice)
		return nil
	}
	kept, err := keptSecretKey(instance)
	if err != nil {
		s.failf(name, "%v", err)
		return nil
	}
	s.checkKey(name, kept)
	return []byte(kept)
}

// key returns the key that is set, or nil.
func (s *settings) key(name string) []byte {
	key := s.text(name, "")
	if key == "" {
		return nil
	}
	s.checkKey(name, key)
	return []byte(key)
}

func (s *settings) checkKey(name, key string) {
	if problem := weakness(key); problem != "" {
		s.failf(name, "%s; %s", problem, keyAdvice)
	}
}

// weakness says why a key is guessable: too short, made of few different bytes, a text that repeats, or one of the words
// that stand in examples.
func weakness(key string) string {
	different := map[byte]bool{}
	for _, b := range []byte(key) {
		different[b] = true
	}
	switch {
	case len(key) < minSecretKey:
		return fmt.Sprintf("is shorter than %d bytes", minSecretKey)
	case len(different) < minKeyDiversity || repeats(key):
		return "is too regular to be secret"
	}
	for _, word := range []string{"secret", "changeme", "change-me", "change_me", "password", "filler", "example"} {
		if strings.Contains(strings.ToLower(key), word) {
			return fmt.Sprintf("holds the word %s and is not random", word)
		}
	}
	return ""
}

// repeats tells whether text, moved along by some bytes, goes on like itself for more bytes than chance would have it.
func repeats(text string) bool {
	const chance = 6
	for period := 1; period+chance <= len(text); period++ {
		if strings.HasPrefix(text, text[period:]) {
			return true
		}
	}
	return false
}

// keptSecretKey returns the key in the instance directory, which it makes at the first call. Of several programs
// starting at once, all get the same.
func keptSecretKey(instance string) (string, error) {
	path := filepath.Join(instance, secretKeyFile)
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("is not set, and the one kept in %s can be read by others: chmod 600, or delete it for a new one", path)
	}
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSecretKey(path); err != nil {
			return "", fmt.Errorf("is not set, and none can be kept in %s: %w", path, err)
		}
		key, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("is not set, and the one kept cannot be read: %w", err)
	}
	return strings.TrimSpace(string(key)), nil
}

// makeSecretKey writes a new key beside path and links it there, which fails if another program was faster: that one's
// key counts, and nobody ever reads half a key.
func makeSecretKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), secretKeyFile+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // only the link stays
	var random [minSecretKey]byte
	_, _ = rand.Read(random[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	_, err = fmt.Fprintln(file, base64.RawURLEncoding.EncodeToString(random[:]))
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
