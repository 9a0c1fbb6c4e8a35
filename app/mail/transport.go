package mail

import (
	"context"
	"errors"
	netmail "net/mail"
	"time"
)

// ErrRefused is what a Transport answers when this message will never be taken, such as for an address that the server
// does not know. Other errors are worth another attempt.
var ErrRefused = errors.New("refused for good")

// Transport hands mails over. Its errors hold neither addresses nor content: they are logged.
type Transport interface {
	// Send returns nil once the mail is somebody else's to deliver. It ends when ctx does.
	Send(ctx context.Context, e Envelope) error
}

// Envelope is a mail ready to be sent.
type Envelope struct {
	ID      string // the Message-ID without its brackets: the same at every attempt
	Kind    string
	Date    time.Time
	From    netmail.Address
	To      netmail.Address
	Content Content
}
