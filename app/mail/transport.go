package mail

import (
	"context"
	"errors"
	netmail "net/mail"
	"time"
)

// ErrRefused is returned by a Transport if the server will never accept the message, such as for an unknown address.
// Other errors are worth another attempt.
var ErrRefused = errors.New("refused for good")

// Transport delivers mails. Its errors are logged, so they contain neither addresses nor content.
type Transport interface {
	// Send returns nil once another system is responsible for the mail. It returns when ctx ends.
	Send(ctx context.Context, e Envelope) error
}

// Envelope is a mail ready to be sent.
type Envelope struct {
	ID      string // the Message-ID without brackets, the same for every attempt
	Kind    string
	Date    time.Time
	From    netmail.Address
	To      netmail.Address
	Content Content
}
