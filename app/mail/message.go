package mail

import (
	"encoding/json"
	"fmt"
	"time"
)

// The states of a message.
const (
	Pending = "pending" // to be sent, or being sent
	Sent    = "sent"
	Dropped = "dropped" // the composer found nothing to send
	Failed  = "failed"  // given up
)

// Message is a row of the outbox: what to send to whom, and how far that has come.
type Message struct {
	ID   int64  `gorm:"primaryKey;index:idx_mail_messages_state_bulk_due_at,priority:4"`
	Kind string `gorm:"size:50;not null;index:idx_mail_messages_recipient,priority:2"`
	// a canonical address, or what the composer finds one by
	Recipient string `gorm:"size:254;not null;index:idx_mail_messages_recipient,priority:1"`
	Language  string `gorm:"size:35;not null"`
	// JSON
	Data string `gorm:"not null"`
	// Request.Group
	Group string `gorm:"column:mail_group;size:50;not null;default:'';index:idx_mail_messages_mail_group_begun_at,priority:1"`
	// has a group: sent by the lane for those
	Bulk  bool   `gorm:"not null;default:false;index:idx_mail_messages_state_bulk_due_at,priority:2"`
	State string `gorm:"size:10;not null;index:idx_mail_messages_state_bulk_due_at,priority:1;index:idx_mail_messages_recipient,priority:3"`
	// of a pending one: the next attempt, or the end of the lease
	DueAt     time.Time  `gorm:"not null;index:idx_mail_messages_state_bulk_due_at,priority:3"`
	HeldUntil *time.Time // by the limit on its group, at the last time: its age counts from then
	// begun; it also tells one lease from the next
	Attempts int `gorm:"not null"`
	// the attempt that counts against the limit on its group
	BegunAt    *time.Time `gorm:"index:idx_mail_messages_mail_group_begun_at,priority:2"`
	CreatedAt  time.Time  `gorm:"not null"`
	FinishedAt *time.Time `gorm:"index:idx_mail_messages_recipient,priority:4"`
}

// TableName implements GORM's Tabler.
func (Message) TableName() string { return "mail_messages" }

// Untried reports whether the message waits for its first attempt: it will say how things are then.
func (m Message) Untried() bool { return m.State == Pending && m.Attempts == 0 }

// Decode reads the data that the message was asked for with into target, a pointer.
func (m Message) Decode(target any) error {
	if err := json.Unmarshal([]byte(m.Data), target); err != nil {
		return fmt.Errorf("read the data of mail %d (%s): %w", m.ID, m.Kind, err)
	}
	return nil
}

// Content is the mail itself. Line breaks and other control characters in Name and Subject become spaces.
type Content struct {
	To      string // the address, if the message's Recipient is none or no longer the right one
	Name    string // of the recipient, may be empty
	ReplyTo string // an address that answers go to; empty, or none: to the sender
	Subject string
	Text    string
	HTML    string // may be empty
	Files   []File // that come with the mail

	// Unsubscribe is a page that ends such mails to the recipient when it is sent an empty form; empty: there is none.
	Unsubscribe string
}

// File is a file that comes with a mail.
type File struct {
	Name      string // in ASCII
	MediaType string // with its parameters
	Data      []byte
}
