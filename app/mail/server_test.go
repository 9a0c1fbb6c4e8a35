package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"guestlist/app/mail"
)

// server is an SMTP server in the test process.
type server struct {
	*smtp.Server

	host   string // and port
	answer func(to string) error

	fromReply, dataReply error // the replies to MAIL and to the end of a message; nil means 250

	mechanisms []string // that it offers; nil: only PLAIN, the only one that it knows

	hang chan struct{} // if not nil, the reply to the end of a message waits until it is closed

	mutex sync.Mutex
	got   []received
	tried []string // mechanisms
}

type received struct {
	from, to, user string
	tls, utf8      bool
	data           []byte
}

// serveSMTP starts a server with the user ann and the password s3cret+/?. It makes the changes before it serves.
func serveSMTP(t *testing.T, implicit bool, changes ...func(*server)) *server {
	t.Helper()
	s := &server{answer: func(string) error { return nil }}
	s.Server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	s.Domain, s.EnableSMTPUTF8, s.AllowInsecureAuth = "localhost", true, true
	s.ErrorLog = log.New(io.Discard, "", 0)
	for _, change := range changes {
		change(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host = listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, s.TLSConfig)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// messages returns the messages that the server has accepted.
func (s *server) messages() []received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]received(nil), s.got...)
}

// session implements smtp.Session and smtp.AuthSession.
type session struct {
	server *server
	conn   *smtp.Conn
	received
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string {
	if s.server.mechanisms == nil {
		return []string{sasl.Plain}
	}
	return s.server.mechanisms
}

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	s.server.mutex.Lock()
	s.server.tried = append(s.server.tried, mechanism)
	s.server.mutex.Unlock()
	if mechanism != sasl.Plain {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ann" || password != "s3cret+/?" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: password + " is wrong"}
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, options *smtp.MailOptions) error {
	s.from, s.utf8 = from, options.UTF8
	return s.server.fromReply
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.server.answer(to)
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.hang != nil {
		<-s.server.hang
	}
	if s.server.dataReply != nil {
		return s.server.dataReply
	}
	s.data = data
	_, s.tls = s.conn.TLSConnectionState()
	s.server.mutex.Lock()
	defer s.server.mutex.Unlock()
	s.server.got = append(s.server.got, s.received)
	return nil
}

// certificate returns the configuration of a server with a certificate for 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// envelope returns a mail to the address.
func envelope(to string) mail.Envelope {
	return mail.Envelope{
		ID: "0123456789abcdef@example.org", Kind: "greeting", Date: time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC),
		From:    netmail.Address{Name: "Guestlist", Address: "guestlist@example.org"},
		To:      netmail.Address{Address: to},
		Content: mail.Content{Subject: "Hello", Text: "Hello\n"},
	}
}

// read parses a message as a mail program does.
func read(t *testing.T, data []byte) *netmail.Message {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return m
}
