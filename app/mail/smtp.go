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

// SMTP is a Transport that hands mails to an SMTP server, each over a connection of its own.
type SMTP struct {
	RootCAs *x509.CertPool // who may vouch for the server; nil: those whom the system trusts

	host           string
	port           int
	user, password string
	implicit       bool // TLS from the first byte
	starttls       gomail.TLSPolicy
}

var errMailURL = errors.New("is not of the form smtp://user:password@host:port or smtps://user:password@host:port, " +
	"where all but the " +
	"host may be left out, with ?tls=off or ?tls=required at the end of the first")

// NewSMTP returns a transport to the server at address:
//
//	smtp://host               port 25; TLS by STARTTLS if the server offers it
//	smtp://user:password@host port 587; signs in, and only over TLS
//	smtps://…                 port 465; TLS from the first byte
//
// Certificates are verified. To smtp addresses, ?tls=required makes TLS a condition also where nobody signs in, and
// ?tls=off does without it everywhere, such as for a server on the same machine. Nothing is contacted yet. Errors never
// hold a piece of the address, which may be the password.
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

// CheckURL tells what is wrong with the address of a server; nil if NewSMTP takes it.
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
	wish := query.Get("tls")
	query.Del("tls")
	switch {
	case len(query) > 0, wish != "" && s.implicit:
		return errMailURL
	case wish == "off", s.implicit:
		s.starttls = gomail.NoTLS
	case wish == "required", wish == "" && s.user != "":
		s.starttls = gomail.TLSMandatory
	case wish == "":
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
	defer cancel() // closes the connection, which the client leaves open where it fails
	client, err := gomail.NewClient(s.host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	delivered, err := e.deliver(ctx, client)
	switch {
	case delivered:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("smtp: no answer in time: %w", ctx.Err())
	}
	return explain(err)
}

// deliver hands the mail to the client's server, over a new connection, and reports whether the server has taken it.
func (e Envelope) deliver(ctx context.Context, client *gomail.Client) (bool, error) {
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = client.CloseWithSMTPClient(conn) }() // how they part is no matter
	offered, _ := conn.Extension("SMTPUTF8")
	if !offered && !ascii(e.Content.ReplyTo) {
		e.Content.ReplyTo = "" // the mail matters more than where answers go
	}
	needed := !ascii(e.From.Address) || !ascii(e.To.Address) || !ascii(e.Content.ReplyTo)
	switch {
	case needed && !offered && !ascii(e.From.Address):
		return false, errors.New("the server takes no address such as the sender's, with letters beyond ASCII: " +
			"it has no SMTPUTF8")
	case needed && !offered:
		return false, fmt.Errorf("%w: the server takes no address such as the recipient's, with letters beyond ASCII: "+
			"it has no SMTPUTF8", ErrRefused)
	}
	conn.SkipSMTPUTF8(!needed) // with it, the next server must have it too
	m, err := e.message()
	if err != nil {
		return false, err
	}
	err = client.SendWithSMTPClient(conn, m)
	return m.IsDelivered(), err
}

// ascii reports whether a canonical address, whose domain always is, can go to a server without SMTPUTF8 (RFC 6531).
func ascii(address string) bool {
	return strings.IndexFunc(address, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// options are those of a client for one mail, which ends with ctx.
func (s *SMTP) options(ctx context.Context) []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.port),
		gomail.WithTLSPolicy(s.starttls),
		gomail.WithTLSConfig(s.tls()),
		gomail.WithDialContextFunc(func(_ context.Context, network, address string) (net.Conn, error) {
			return s.dial(ctx, network, address)
		}),
		gomail.WithTimeout(sendTimeout),
		gomail.WithoutNoop(), gomail.WithoutRset(), // the connection is new, and for one mail
	}
	if s.user == "" {
		return options
	}
	mechanisms := []gomail.SMTPAuthType{gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthSCRAMSHA256,
		gomail.SMTPAuthCramMD5}
	if s.starttls == gomail.NoTLS && !s.implicit { // those first that do not show the password
		mechanisms = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc,
			gomail.SMTPAuthLoginNoEnc}
	}
	return append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
		gomail.WithOpportunisticSMTPAuth(mechanisms...))
}

func (s *SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
}

// dial connects. The connection closes when ctx ends, whatever it is in the middle of.
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

// explain puts the client's error in words that can be logged: of what the server says, which may quote an address,
// only the numbers. A server's lasting refusal of the recipient or the content is ErrRefused; of the connection, the
// credentials or the sender it is not, since that is for an operator to mend.
func explain(err error) error {
	if failure, ok := errors.AsType[*gomail.SendError](err); ok {
		if failure.ErrorCode() == 0 {
			return fmt.Errorf("smtp: %s: the connection broke", failure.Reason)
		}
		answer := fmt.Errorf("smtp: %s: the server answers %d %s", failure.Reason, failure.ErrorCode(),
			failure.EnhancedStatusCode())
		switch failure.Reason {
		case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
			if failure.ErrorCode() >= 500 {
				return fmt.Errorf("%w: %w", ErrRefused, answer)
			}
		}
		return answer
	}
	if refusal, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Errorf("smtp: connect and sign in: the server answers %d", refusal.Code)
	}
	return fmt.Errorf("smtp: %w", err)
}
