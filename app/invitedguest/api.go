package invitedguest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API holds the handlers of this feature.
type API struct {
	service *Service
	cursors *secrets.Cursors
}

// NewAPI returns the handlers for a Service; cursors signs the cursors of lists.
func NewAPI(service *Service, cursors *secrets.Cursors) *API { return &API{service, cursors} }

// authorise fails unless the caller may manage the event's guests: Service.Authorise.
func (a *API) authorise(c *gin.Context, eventID int64) error {
	return a.service.Authorise(c.Request.Context(), users.Current(c), eventID)
}

// permission is authorise for requests whose body names the event.
func (a *API) permission(c *gin.Context) utils.Permission {
	return utils.Permission{
		Member: "event_id",
		For:    func(eventID int64) error { return a.authorise(c, eventID) },
		Some:   func() error { return a.service.AuthoriseSome(c.Request.Context(), users.Current(c)) },
	}
}

// Invite invites a user to an event: 201 with the guest.
func (a *API) Invite(c *gin.Context) error {
	var request inviteRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	to := Invitation{EventID: request.EventID, Role: request.Role, TagIDs: request.TagIDs}
	g, err := a.service.Invite(c.Request.Context(), users.Actor(c), request.Email, to)
	if err != nil {
		return err
	}
	utils.SendETag(c, g.entityTag)
	c.JSON(http.StatusCreated, newInvited(g))
	return nil
}

// Create creates an account, whose user sets a password by a mailed code, and invites the user: 201 with the guest.
func (a *API) Create(c *gin.Context) error {
	var request createRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	to := Invitation{EventID: request.EventID, Role: request.Role, TagIDs: request.TagIDs}
	g, err := a.service.Create(c.Request.Context(), users.Actor(c), request.person(), to)
	if err != nil {
		return err
	}
	utils.SendETag(c, g.entityTag)
	c.JSON(http.StatusCreated, newInvited(g))
	return nil
}

// Read returns a guest: 200.
func (a *API) Read(c *gin.Context) error {
	var request oneGuest
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	g, tag, err := a.service.Read(c.Request.Context(), request.EventID, request.GuestID, language)
	if err != nil {
		return err
	}
	return respond(c, g, tag)
}

// Remove withdraws an invitation and mails the guest: 200 with the guest's former ID.
func (a *API) Remove(c *gin.Context) error {
	var request oneGuest
	if err := utils.DecodePermittedOptional(c, &request, a.permission(c)); err != nil {
		return err
	}
	err := a.service.Remove(c.Request.Context(), users.Actor(c), request.EventID, request.GuestID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, removedResponse{request.GuestID})
	return nil
}

// The bodies that Check responds with; the original web client compares them.
const (
	isGuest  = "Invited Guest"
	notGuest = "Not an invited guest"
)

// Check reports whether the caller, with a verified address, is a guest of the event: 200 or 404.
func (a *API) Check(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	found, err := a.service.IsGuest(c.Request.Context(), request.EventID, users.Current(c))
	if err != nil {
		return err
	}
	if found {
		c.JSON(http.StatusOK, isGuest)
	} else {
		c.JSON(http.StatusNotFound, notGuest)
	}
	return nil
}

// Remind mails the guests of an event who have not answered, except those who got this reminder before: 200 with the
// number of mails.
func (a *API) Remind(c *gin.Context) error {
	var request remindRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	reminded, err := a.service.Remind(c.Request.Context(), users.Actor(c), request.EventID, request.Reminder)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, reminded)
	return nil
}

// Resend mails the invitation to a guest again: 200 with the guest.
func (a *API) Resend(c *gin.Context) error {
	var request oneGuest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	g, tag, err := a.service.Resend(c.Request.Context(), users.Actor(c), request.EventID, request.GuestID,
		users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	return respond(c, g, tag)
}

// respond writes a guest and its entity tag: 200.
func respond(c *gin.Context, g Guest, tag string) error {
	utils.SendETag(c, tag)
	c.JSON(http.StatusOK, g)
	return nil
}

// Count counts the guests of an event by status, role, tag and mail status: 200.
func (a *API) Count(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	found, err := a.service.Count(c.Request.Context(), request.EventID, language)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, found)
	return nil
}

// AddTag assigns a tag to a guest, who may have it already: 201 with the tag.
func (a *API) AddTag(c *gin.Context) error {
	var request oneTag
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	ctx := c.Request.Context()
	found, err := a.service.FindTag(ctx, request.EventID, request.GuestID, request.TagID)
	if err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, request.Language, users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	if err := a.service.AddTag(ctx, users.Actor(c), request.EventID, request.GuestID, request.TagID); err != nil {
		return err
	}
	c.JSON(http.StatusCreated, newTag(found, language))
	return nil
}

// RemoveTag takes a tag from a guest, if the guest has it: 200 with {}.
func (a *API) RemoveTag(c *gin.Context) error {
	var request oneTag
	if err := utils.DecodePermittedOptional(c, &request, a.permission(c)); err != nil {
		return err
	}
	err := a.service.RemoveTag(c.Request.Context(), users.Actor(c), request.EventID, request.GuestID, request.TagID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Answer stores a guest's answer, which may be changed until registration closes: 200 with the invitation as it is now.
func (a *API) Answer(c *gin.Context) error {
	var request answerRequest
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, request.Language)
	if err != nil {
		return err
	}
	g, err := a.answerByCode(c, &request)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, answerResponse{
		g.ID, g.EventID, g.Event.Name.In(language), g.Role, g.Status, g.Comment, answersUntil(g.Event),
	})
	return nil
}

// answerByCode stores the answer of the guest that the code authenticates.
func (a *API) answerByCode(c *gin.Context, request *answerRequest) (*InvitedGuest, error) {
	g, err := a.byCode(c, request.Code)
	if err != nil {
		return nil, err
	}
	return g, a.service.Answer(c.Request.Context(), g, request.Status, request.Comment)
}

// byCode returns the guest that the code authenticates, and adds the user to the request's log line.
func (a *API) byCode(c *gin.Context, code string) (*InvitedGuest, error) {
	g, err := a.service.ByCode(c.Request.Context(), code)
	if err == nil {
		utils.LogUser(c, g.UserID)
	}
	return g, err
}
