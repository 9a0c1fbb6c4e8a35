package mail

import (
	"encoding/json"
	"fmt"
	"time"
)

// The states of a message.
const (
	Pending = "pending" // not sent yet, or being sent
	Sent    = "sent"
	Dropped = "dropped" // the composer found nothing to send
	Failed  = "failed"  // given up
)

// Message is a row of the outbox: what to send to whom, and its state.
type Message struct {
	ID   int64  `gorm:"primaryKey;index:idx_mail_messages_state_bulk_due_at,priority:4"`
	Kind string `gorm:"size:50;not null;index:idx_mail_messages_recipient,priority:2"`
	// Request.Recipient
	Recipient string `gorm:"size:254;not null;index:idx_mail_messages_recipient,priority:1"`
	Language  string `gorm:"size:35;not null"`
	// Request.Data as JSON
	Data string `gorm:"not null"`
	// Request.Group
	Group string `gorm:"column:mail_group;size:50;not null;default:'';index:idx_mail_messages_mail_group_begun_at,priority:1"`
	// whether it has a group; the lane
	Bulk  bool   `gorm:"not null;default:false;index:idx_mail_messages_state_bulk_due_at,priority:2"`
	State string `gorm:"size:10;not null;index:idx_mail_messages_state_bulk_due_at,priority:1;index:idx_mail_messages_recipient,priority:3"`
	// if pending: the next attempt, or the end of the lease
	DueAt     time.Time  `gorm:"not null;index:idx_mail_messages_state_bulk_due_at,priority:3"`
	HeldUntil *time.Time // by the limit on its group; its age counts from then
	// started; also identifies the lease
	Attempts int `gorm:"not null"`
	// start of the attempt that counts against the limit on its group
	BegunAt    *time.Time `gorm:"index:idx_mail_messages_mail_group_begun_at,priority:2"`
	CreatedAt  time.Time  `gorm:"not null"`
	FinishedAt *time.Time `gorm:"index:idx_mail_messages_recipient,priority:4"`
}

// TableName implements GORM's Tabler.
func (Message) TableName() string { return "mail_messages" }

// Untried reports whether the message waits for its first attempt, so that it will show the latest state.
func (m Message) Untried() bool { return m.State == Pending && m.Attempts == 0 }

// Decode decodes the message's data into target, a pointer.
func (m Message) Decode(target any) error {
	if err := json.Unmarshal([]byte(m.Data), target); err != nil {
		return fmt.Errorf("read the data of mail %d (%s): %w", m.ID, m.Kind, err)
	}
	return nil
}

// Content is the mail itself. Control characters in Name and Subject, such as line breaks, become spaces.
type Content struct {
	To      string // the address; empty: the message's Recipient
	Name    string // the recipient's; may be empty
	ReplyTo string // an address for replies; empty or invalid: the sender
	Subject string
	Text    string
	HTML    string // may be empty
	Files   []File // attachments

	// Unsubscribe is the URL of a page that ends such mails when it is sent an empty form; may be empty.
	Unsubscribe string
}

// File is an attachment.
type File struct {
	Name      string // ASCII
	MediaType string // with parameters
	Data      []byte
}
