package invitedguest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// The limits of a wording, in characters.
const (
	maxSubject = 200
	maxBody    = 10_000
)

// oneWording identifies a wording of an event.
type oneWording struct {
	EventID  int64       `json:"event_id"`
	Kind     WordingKind `json:"kind"`
	Language string      `json:"language"`
}

// Validate implements utils.Validator.
func (r *oneWording) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	if _, ok := wordingMails[r.Kind]; !ok {
		wrong.Add("kind", "must be one of "+strings.Join(r.Kind.Enum(), ", "))
	}
	if !slices.Contains(text.Languages, r.Language) {
		wrong.Add("language", "must be one of "+strings.Join(text.Languages, ", "))
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *oneWording) Subject() int64 { return r.EventID }

// wordingRequest is the body of PUT /api/v1/event-wording.
type wordingRequest struct {
	oneWording

	MailSubject string `json:"subject"`
	Body        string `json:"body"`
}

// Validate implements utils.Validator. It trims the subject and the body, and converts the body's line breaks to line
// feeds.
func (r *wordingRequest) Validate() utils.FieldErrors {
	wrong := r.oneWording.Validate()
	r.MailSubject = strings.TrimSpace(r.MailSubject)
	r.Body = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(r.Body))
	if r.MailSubject == "" {
		wrong.Add("subject", "is required")
	}
	if r.Body == "" {
		wrong.Add("body", "is required")
	}
	wrong.Add("subject", text.CheckLine(r.MailSubject, maxSubject))
	wrong.Add("body", text.CheckParagraphs(r.Body, maxBody))
	if len(wrong) == 0 {
		subject, body := mail.Wording{Subject: r.MailSubject, Text: r.Body}.Check(r.Kind.placeholders())
		wrong.Add("subject", subject)
		wrong.Add("body", body)
	}
	return wrong
}

// previewRequest is the body of POST /api/v1/event-wording/preview.
type previewRequest struct {
	wordingRequest

	Send bool `json:"send"`
}

// Validate implements utils.Validator.
func (r *previewRequest) Validate() utils.FieldErrors {
	if r.MailSubject == "" && r.Body == "" { // preview the current mail
		return r.oneWording.Validate()
	}
	return r.wordingRequest.Validate()
}

// wordingResponse is a wording of an event.
type wordingResponse struct {
	EventID   int64       `json:"event_id"`
	Kind      WordingKind `json:"kind"`
	Language  string      `json:"language"`
	Subject   string      `json:"subject"`
	Body      string      `json:"body"`
	UpdatedAt time.Time   `json:"updated_at"`
}

func newWording(w *Wording) wordingResponse {
	return wordingResponse{w.EventID, w.Kind, w.Language, w.Subject, w.Body, w.UpdatedAt.UTC()}
}

// ListWordings returns the organisers' own wordings of the event's mails: 200.
func (a *API) ListWordings(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	found, err := a.service.Wordings(c.Request.Context(), request.EventID)
	if err != nil {
		return err
	}
	result := make([]wordingResponse, len(found))
	for i := range found {
		result[i] = newWording(&found[i])
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// SetWording stores a wording of a kind of mail in a language: 200 with the wording.
func (a *API) SetWording(c *gin.Context) error {
	var request wordingRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	w := Wording{
		EventID: request.EventID, Kind: request.Kind, Language: request.Language,
		Subject: request.MailSubject, Body: request.Body,
	}
	if err := a.service.SetWording(c.Request.Context(), users.Actor(c), &w); err != nil {
		return err
	}
	c.JSON(http.StatusOK, newWording(&w))
	return nil
}

// RemoveWording deletes a wording, if there is one: 200 with {}.
func (a *API) RemoveWording(c *gin.Context) error {
	var request oneWording
	if err := utils.DecodePermittedOptional(c, &request, a.permission(c)); err != nil {
		return err
	}
	ctx := c.Request.Context()
	err := a.service.RemoveWording(ctx, users.Actor(c), request.EventID, request.Kind, request.Language)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// TryWording shows a mail in a wording that need not be stored, and on request also mails it to the caller: 200 with
// the mail.
func (a *API) TryWording(c *gin.Context) error {
	var request previewRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	ctx, caller := c.Request.Context(), users.Current(c)
	preview := PreviewedWording{request.EventID, request.Kind, request.Language, request.MailSubject, request.Body}
	shown, err := a.service.PreviewWording(ctx, caller, preview)
	if err != nil {
		return err
	}
	if shown.Sent = request.Send; shown.Sent {
		if err := a.service.SendPreview(ctx, caller.ID, preview); err != nil {
			return err
		}
	}
	c.JSON(http.StatusOK, shown)
	return nil
}
