package invitedguest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/openapi"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const maxNote = 5000 // characters

// announceRequest is the body of POST /api/v1/event-mail.
type announceRequest struct {
	EventID int64             `json:"event_id"`
	Kind    AnnouncementKind  `json:"kind"`
	Note    text.Translations `json:"note"`
	DryRun  *bool             `json:"dry_run"` // required, so that a forgotten member mails nobody
}

// Validate implements utils.Validator.
func (r *announceRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	if r.Kind != Change && r.Kind != Cancellation {
		wrong.Add("kind", "must be change or cancellation")
	}
	if len(r.Note) > 0 {
		wrong.Add("note", r.Note.CheckTexts(maxNote))
	}
	if r.DryRun == nil {
		wrong.Add("dry_run", "is required: true to see the mails, false to send them")
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *announceRequest) Subject() int64 { return r.EventID }

// AnnouncementReport is the response to POST /api/v1/event-mail.
type AnnouncementReport struct {
	EventID    int64            `json:"event_id"`
	Kind       AnnouncementKind `json:"kind"`
	DryRun     bool             `json:"dry_run"`
	Recipients int              `json:"recipients"`
	Already    bool             `json:"already_sent"` // by an earlier call
	LastMailAt *time.Time       `json:"last_mail_at,omitempty"`
	Mails      []AnnouncedMail  `json:"mails"`
}

// AnnouncedMail is the mail to the guests with one language, without their names and links.
type AnnouncedMail struct {
	Language   string `json:"language"`
	Recipients int    `json:"recipients"`
	Subject    string `json:"subject"`
	Text       string `json:"text"`
	HTML       string `json:"html"`
}

// Announce mails a change or the cancellation of an event to its guests or, in a dry run, only shows the mails: 200
// with the mails and the number of recipients.
func (a *API) Announce(c *gin.Context) error {
	var request announceRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	ctx := c.Request.Context()
	announcement := Announcement{EventID: request.EventID, Kind: request.Kind, Note: request.Note}
	var result AnnouncementReport
	var err error
	if *request.DryRun {
		result, err = a.service.Preview(ctx, announcement)
	} else {
		result, err = a.service.Announce(ctx, users.Actor(c), announcement)
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// Enum implements openapi.Enum.
func (AnnouncementKind) Enum() []string { return []string{string(Change), string(Cancellation)} }

// Describe implements openapi.Describer.
func (announceRequest) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("kind", "A cancellation also cancels the event, for good.").Required()
	m.Of("note", "A note from the organisers, by language.").Texts(maxNote)
	m.Of("dry_run", "Show the mails without sending them.").Required()
}

// Describe implements openapi.Describer.
func (AnnouncementReport) Describe(m *openapi.Members) {
	m.Of("already_sent", "Whether an earlier call mailed it; it is not mailed again.")
	m.Of("last_mail_at", lastMail)
	m.Of("mails", fmt.Sprintf("Without names and links of guests; at most %d languages.", maxShown))
}

func announceOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.Announce, Summary: "Mail a change or the cancellation of an event to its guests", Body: announceRequest{},
		Description: forAdministrators + " Guests who have declined, or whose address was refused, are not mailed. " +
			"A cancellation is mailed once, and each state of the event once per note.",
		Responses: openapi.OK("The number of recipients, and the mail in each of their languages.", AnnouncementReport{}),
		Errors:    refusing(utils.ErrEventCancelled),
	}}
}

func announceTypes() []openapi.Type {
	shown := AnnouncedMail{
		Language: "en", Recipients: 12,
		Subject: "Changed: Gala", Text: "Hello,\n\nGala has changed. …\n", HTML: "<!doctype html>…",
	}
	return []openapi.Type{
		openapi.RequestType("AnnouncementRequest", announceRequest{
			EventID: 1, Kind: Change, Note: text.Translations{"en": "Dinner is an hour later."}, DryRun: new(true),
		}),
		openapi.ResponseType("Announcement", AnnouncementReport{
			EventID: 1, Kind: Change, DryRun: true, Recipients: 12, Mails: []AnnouncedMail{shown},
		}),
		openapi.ResponseType("AnnouncedMail", shown),
	}
}
