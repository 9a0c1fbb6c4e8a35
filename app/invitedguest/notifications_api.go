package invitedguest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// notificationRequest is the body of PUT /api/v1/event-notification.
type notificationRequest struct {
	EventID int64     `json:"event_id"`
	Answers Frequency `json:"answers"`
}

// Validate implements utils.Validator.
func (r *notificationRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	if r.Answers != Never && r.Answers != AtOnce && r.Answers != Daily {
		wrong.Add("answers", "must be never, at_once or daily")
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *notificationRequest) Subject() int64 { return r.EventID }

// notificationResponse is how often the caller is notified of the event's answers.
type notificationResponse struct {
	EventID int64     `json:"event_id"`
	Answers Frequency `json:"answers"`
}

// ReadNews returns how often the caller is notified of the event's answers: 200.
func (a *API) ReadNews(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	frequency, err := a.service.Frequency(c.Request.Context(), request.EventID, users.Current(c).ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, notificationResponse{request.EventID, frequency})
	return nil
}

// SetNews stores how often the caller is notified of the event's answers: 200.
func (a *API) SetNews(c *gin.Context) error {
	var request notificationRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	err := a.service.SetFrequency(c.Request.Context(), request.EventID, users.Current(c).ID, request.Answers)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, notificationResponse(request))
	return nil
}
