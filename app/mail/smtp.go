package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is a Transport to an SMTP server. It opens a connection for each mail.
type SMTP struct {
	RootCAs *x509.CertPool // nil: the system's

	host           string
	port           int
	user, password string
	implicit       bool // TLS from the first byte
	starttls       gomail.TLSPolicy
}

var errMailURL = errors.New("is not of the form smtp://user:password@host:port or smtps://user:password@host:port, " +
	"where user:password@ and :port are optional, and smtp may end with ?tls=off or ?tls=required")

// NewSMTP returns a transport to the server at address:
//
//	smtp://host               port 25; STARTTLS if the server offers it
//	smtp://user:password@host port 587; signs in, and requires STARTTLS
//	smtps://…                 port 465; TLS from the first byte
//
// Certificates are verified. For smtp, ?tls=required also requires TLS without signing in, and ?tls=off never uses it,
// such as for a server on the same machine. NewSMTP does not connect. Its errors contain no part of the address, which
// may be the password.
func NewSMTP(address string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return nil, errMailURL
	}
	s := &SMTP{host: u.Hostname(), user: u.User.Username(), implicit: u.Scheme == "smtps"}
	s.password, _ = u.User.Password()
	if u.User != nil && (s.user == "" || s.password == "") || u.Scheme != "smtp" && !s.implicit {
		return nil, errMailURL
	}
	if s.port, err = strconv.Atoi(cmp.Or(u.Port(), s.defaultPort())); err != nil || s.port < 1 || s.port > 65535 {
		return nil, errMailURL
	}
	return s, s.setTLS(u.Query())
}

// CheckURL returns the error of NewSMTP for the address of a server.
func CheckURL(address string) error {
	_, err := NewSMTP(address)
	return err
}

func (s *SMTP) defaultPort() string {
	switch {
	case s.implicit:
		return "465" // RFC 8314, 3.3
	case s.user != "":
		return "587" // RFC 6409
	}
	return "25"
}

func (s *SMTP) setTLS(query url.Values) error {
	policy := query.Get("tls")
	query.Del("tls")
	switch {
	case len(query) > 0, policy != "" && s.implicit:
		return errMailURL
	case policy == "off", s.implicit:
		s.starttls = gomail.NoTLS
	case policy == "required", policy == "" && s.user != "":
		s.starttls = gomail.TLSMandatory
	case policy == "":
		s.starttls = gomail.TLSOpportunistic
	default:
		return errMailURL
	}
	return nil
}

// Send implements Transport.
func (s *SMTP) Send(ctx context.Context, e Envelope) error {
	if err := e.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel() // closes the connection, which the client leaves open on errors
	client, err := gomail.NewClient(s.host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	delivered, err := e.deliver(ctx, client)
	switch {
	case delivered:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("smtp: no reply in time: %w", ctx.Err())
	}
	return explain(err)
}

// deliver sends the mail over a new connection and reports whether the server accepted it.
func (e Envelope) deliver(ctx context.Context, client *gomail.Client) (bool, error) {
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = client.CloseWithSMTPClient(conn) }() // the result is known by then
	offered, _ := conn.Extension("SMTPUTF8")
	if !offered && !isASCII(e.Content.ReplyTo) {
		e.Content.ReplyTo = "" // better without Reply-To than not at all
	}
	needed := !isASCII(e.From.Address) || !isASCII(e.To.Address) || !isASCII(e.Content.ReplyTo)
	switch {
	case needed && !offered && !isASCII(e.From.Address):
		return false, errors.New("the sender's address is not ASCII, " +
			"and the server does not support SMTPUTF8")
	case needed && !offered:
		return false, fmt.Errorf("%w: the recipient's address is not ASCII, "+
			"and the server does not support SMTPUTF8", ErrRefused)
	}
	conn.SkipSMTPUTF8(!needed) // requesting it obliges the next server to support it too
	m, err := e.message()
	if err != nil {
		return false, err
	}
	err = client.SendWithSMTPClient(conn, m)
	return m.IsDelivered(), err
}

// isASCII reports whether a canonical address, whose domain is always ASCII, can be sent without SMTPUTF8 (RFC 6531).
func isASCII(address string) bool {
	return strings.IndexFunc(address, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// options returns the options of a client for one mail that ends with ctx.
func (s *SMTP) options(ctx context.Context) []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.port),
		gomail.WithTLSPolicy(s.starttls),
		gomail.WithTLSConfig(s.tls()),
		gomail.WithDialContextFunc(func(_ context.Context, network, address string) (net.Conn, error) {
			return s.dial(ctx, network, address)
		}),
		gomail.WithTimeout(sendTimeout),
		gomail.WithoutNoop(), gomail.WithoutRset(), // the connection is used once
	}
	if s.user == "" {
		return options
	}
	mechanisms := []gomail.SMTPAuthType{gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthSCRAMSHA256,
		gomail.SMTPAuthCramMD5}
	if s.starttls == gomail.NoTLS && !s.implicit { // those that hide the password first
		mechanisms = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc,
			gomail.SMTPAuthLoginNoEnc}
	}
	return append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
		gomail.WithOpportunisticSMTPAuth(mechanisms...))
}

func (s *SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
}

// dial connects. The connection is closed when ctx ends.
func (s *SMTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	if !s.implicit {
		return conn, nil
	}
	secured := tls.Client(conn, s.tls())
	return secured, secured.HandshakeContext(ctx)
}

// explain makes a client's error fit to log: the server's text may quote an address, so only its numbers are kept. A
// permanent refusal of the recipient or the content is ErrRefused (RFC 5321, 4.2.1: codes from 500); one of the
// connection, the credentials or the sender is not, since an operator can fix those.
func explain(err error) error {
	if failure, ok := errors.AsType[*gomail.SendError](err); ok {
		if failure.ErrorCode() == 0 {
			return fmt.Errorf("smtp: %s: the connection was lost", failure.Reason)
		}
		reply := fmt.Errorf("smtp: %s: the server replied %d %s", failure.Reason, failure.ErrorCode(),
			failure.EnhancedStatusCode())
		switch failure.Reason {
		case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
			if failure.ErrorCode() >= 500 {
				return fmt.Errorf("%w: %w", ErrRefused, reply)
			}
		}
		return reply
	}
	if refusal, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Errorf("smtp: connect and sign in: the server replied %d", refusal.Code)
	}
	return fmt.Errorf("smtp: %w", err)
}
