package invitedguest

import (
	"net/http"
	"slices"
	"time"

	"guestlist/app/calendar"
	"guestlist/app/openapi"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document.
func OpenAPI() openapi.Feature {
	return openapi.Feature{
		Name: "invitedguest", Description: "The guests of events: invitations, lists, reminders and answers.",
		Types: slices.Concat(requestTypes(), responseTypes(), announceTypes(), wordingTypes()),
		Operations: slices.Concat(
			inviteOperations(), guestOperations(), announceOperations(), wordingOperations(),
			listOperations(), answerOperations(),
		),
	}
}

const (
	exampleEmail = "bob@example.org"
	exampleRole  = "guest"

	exampleComment = "I will be late."

	exampleTable = "email,firstname,lastname,role,tag_ids\n" +
		"bob@example.org,Bob,Ray,guest,1\neve@example.org,Eve,,speaker,\n"
	exampleList = "invited_guest_id,email,user_title,firstname,lastname,language,role,status,answered_at,tags,tag_ids," +
		"comment,mail_status\n1,bob@example.org,,Bob,Ray,en,guest,invited,,,,,sent\n"
)

var (
	exampleTime = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)
	exampleTag  = Tag{ID: 1, EventID: 1, TagType: "REGISTRATION", Active: true, Name: "Vegan",
		Description: "Eats no animals"}
	exampleUser  = GuestUser{UserID: 2, Email: exampleEmail, Firstname: "Bob", Lastname: "Ray"}
	exampleGuest = Guest{
		ID: 1, EventID: 1, User: exampleUser, Role: exampleRole, Status: Accepted, AnsweredAt: &exampleTime,
		Comment: exampleComment, Tags: []Tag{exampleTag}, MailStatus: MailSent,
	}
	exampleOutcomes = []Outcome{
		{Row: 1, Email: exampleEmail, Result: resultCreated, GuestID: 1, UserID: 2},
		{Row: 2, Email: "eve", Result: resultInvalid, Errors: utils.FieldErrors{"email": "is not a valid email address"}},
	}
)

func requestTypes() []openapi.Type {
	return []openapi.Type{
		openapi.RequestType("Invitation", inviteRequest{
			EventID: 1, Email: exampleEmail, Role: exampleRole, TagIDs: []int64{1},
		}),
		openapi.RequestType("NewGuest", createRequest{
			EventID: 1, Email: exampleEmail, Firstname: "Bob", Lastname: "Ray", Language: "en", Role: exampleRole,
			TagIDs: []int64{1},
		}),
		openapi.RequestType("Bulk", bulkBody{
			bulkRequest{EventID: 1, Role: exampleRole}, []Candidate{{Email: exampleEmail, Firstname: "Bob"}},
		}),
		openapi.RequestType("Candidate", Candidate{
			Email: exampleEmail, Firstname: "Bob", Lastname: "Ray", Role: exampleRole,
		}),
		openapi.RequestType("GuestOfEvent", oneGuest{EventID: 1, GuestID: 1}),
		openapi.RequestType("GuestChange", updateRequest{
			EventID: 1, GuestID: 1, Role: exampleRole, Status: Accepted, TagIDs: []int64{1},
		}),
		openapi.RequestType("TagOfGuest", oneTag{EventID: 1, TagID: 1, GuestID: 1, Language: "en"}),
		openapi.RequestType("ReminderRequest", remindRequest{EventID: 1, Reminder: "first"}),
		openapi.RequestType("Answer", answerRequest{
			Code: openapi.ExampleCode, Status: Accepted, Comment: new(exampleComment), Language: "fr",
		}),
		openapi.RequestType("AnswerForm", pageForm{Status: Accepted, Comment: new(exampleComment)}),
		openapi.RequestType("NotificationChange", notificationRequest{EventID: 1, Answers: Daily}),
	}
}

func responseTypes() []openapi.Type {
	return []openapi.Type{
		openapi.ResponseType("Invited", invitedResponse{GuestID: 1, EventID: 1, UserID: 2, Role: exampleRole,
			Fullname: "Bob Ray"}),
		openapi.ResponseType("Guest", exampleGuest),
		openapi.ResponseType("GuestUser", exampleUser),
		openapi.ResponseType("GuestTag", exampleTag),
		openapi.ResponseType("Removed", removedResponse{GuestID: 1}),
		openapi.ResponseType("Answered", answerResponse{
			GuestID: 1, EventID: 1, EventName: "Gala", Role: exampleRole, Status: Accepted, Comment: exampleComment,
			Until: &exampleTime,
		}),
		openapi.ResponseType("Reminded", Reminded{Reminded: 12, Unsubscribed: 1}),
		openapi.ResponseType("Notification", notificationResponse{EventID: 1, Answers: Daily}),
		openapi.ResponseType("ExportedNotification", notificationExport{EventID: 1, Answers: Daily, CreatedAt: exampleTime}),
		openapi.ResponseType("Counts", Counts{
			EventID: 1, Total: 3, ByStatus: map[Status]int64{Invited: 1, Accepted: 2, Declined: 0},
			ByRole: map[string]int64{exampleRole: 3}, ByTag: []TagCount{{TagID: 1, Name: "Vegan", Guests: 1}},
			ByMailStatus: map[MailStatus]int64{MailNone: 0, MailQueued: 0, MailSent: 3, MailRefused: 0, MailFailed: 0},
		}),
		openapi.ResponseType("TagCount", TagCount{TagID: 1, Name: "Vegan", Guests: 1}),
		openapi.ResponseType("Report", Report{Created: 1, Invalid: 1, Results: exampleOutcomes}),
		openapi.ResponseType("Outcome", exampleOutcomes[0]),
		openapi.ResponseType("GuestProfile", newProfile(&exampleGuest)),
		openapi.ResponseType("ExportedInvitation", invitationExport{
			ID: 1, EventID: 1, EventKey: "gala", EventName: text.Translations{"en": "Gala"}, Role: exampleRole, Status: Accepted,
			AnsweredAt: &exampleTime, Comment: exampleComment, CreatedAt: exampleTime, UpdatedAt: exampleTime,
			Tags: []tagExport{}, Reminders: []reminderExport{}, MailStatus: MailSent,
		}),
		openapi.ResponseType("ExportedTag", tagExport{ID: 1, Type: "REGISTRATION", Name: text.Translations{"en": "Vegan"}}),
		openapi.ResponseType("ExportedReminder", reminderExport{Name: "first", CreatedAt: exampleTime}),
	}
}

// ofAdministrators are the errors of operations for administrators of the event.
var ofAdministrators = []*utils.Error{utils.ErrForbidden, utils.ErrEventNotFound}

func refusing(more ...*utils.Error) []*utils.Error { return slices.Concat(ofAdministrators, more) }

const forAdministrators = "For administrators of the event."

func inviteOperations() []openapi.Operation {
	a := (*API)(nil)
	invited := openapi.WithETag(openapi.Created("The guest. The invitation is mailed.", invitedResponse{}))
	return []openapi.Operation{{
		Handler: a.Invite, Summary: "Invite a user", Description: forAdministrators, Body: inviteRequest{},
		Responses: invited, Errors: refusing(
			utils.ErrUserNotFound, utils.ErrTagNotFound, utils.ErrGuestExists, utils.ErrRegistrationClosed,
			utils.ErrEventCancelled,
		),
	}, {
		Handler: a.Create, Summary: "Create an account and invite its user", Body: createRequest{}, Responses: invited,
		Description: forAdministrators + " The user sets a password by a code in the mail.",
		Errors: refusing(
			utils.ErrEmailInUse, utils.ErrTagNotFound, utils.ErrGuestExists, utils.ErrRegistrationClosed,
			utils.ErrEventCancelled,
		),
	}, {
		Handler: a.InviteMany, Summary: "Invite up to 10,000 people at once",
		Description: forAdministrators + " The valid rows are stored together or not at all. " +
			"A table needs event_id in the query. With update, an edited export changes existing guests.",
		Parameters: []openapi.Parameter{{
			In: openapi.InHeader, Name: "Idempotency-Key", Example: "7b1c", MaxLength: maxKey,
			Description: "A request repeated within a day with the same key gets the first response again.",
		}},
		Query: bulkRequest{}, Body: bulkBody{}, JSONOnly: true, Table: exampleTable,
		Responses: openapi.OK("The result of each row.", Report{}),
		Errors: refusing(
			utils.ErrTagNotFound, utils.ErrIdempotencyKeyReused, utils.ErrRegistrationClosed, utils.ErrEventCancelled,
		),
	}}
}

func guestOperations() []openapi.Operation {
	a := (*API)(nil)
	ofGuest := []openapi.Parameter{openapi.IfMatch()} // tags are part of the guest's entity tag
	return []openapi.Operation{{
		Handler: a.Read, Summary: "Read a guest", Description: forAdministrators, Query: oneGuest{EventID: 1, GuestID: 1},
		Parameters: []openapi.Parameter{openapi.LanguageParameter()},
		Responses:  openapi.WithETag(openapi.OK("The guest.", Guest{})),
		Errors:     refusing(utils.ErrGuestNotFound),
	}, {
		Handler: a.Update, Summary: "Change a guest", Body: updateRequest{},
		Description: forAdministrators + " Absent members leave the value unchanged. " +
			"A status is an answer on the guest's behalf, allowed even after registration has closed. " +
			"Names, language and address can be changed while the account is used for this invitation only: created by it, " +
			"without a password, not verified, with no role and no invitation to another event. The invitation is " +
			"mailed to a changed address, within the limit of resend, and earlier links stop working.",
		Parameters: ofGuest, Responses: openapi.WithETag(openapi.OK("The guest as changed.", Guest{})),
		Errors: refusing(
			utils.ErrGuestNotFound, utils.ErrTagNotFound, utils.ErrAccountInUse, utils.ErrEmailInUse, utils.ErrChangedMeanwhile,
			utils.ErrTooManyRequests,
		),
	}, {
		Handler: a.Remove, Summary: "Withdraw an invitation", Description: forAdministrators +
			" The guest is notified by mail.",
		Query: oneGuest{}, Body: oneGuest{}, Optional: true,
		Parameters: ofGuest, Responses: openapi.OK("The former ID of the guest.", removedResponse{}),
		Errors: refusing(utils.ErrGuestNotFound, utils.ErrChangedMeanwhile),
	}, {
		Handler: a.Resend, Summary: "Mail the invitation to a guest again", Body: oneGuest{EventID: 1, GuestID: 1},
		Description: forAdministrators + " The guest may have answered. " +
			"Mails nothing while an earlier invitation has not gone out yet.",
		Responses: openapi.WithETag(openapi.OK("The guest.", Guest{})),
		Errors: refusing(
			utils.ErrGuestNotFound, utils.ErrEventCancelled, utils.ErrRegistrationClosed, utils.ErrTooManyRequests,
		),
	}, {
		Handler: a.Remind, Summary: "Remind the guests who have not answered", Body: remindRequest{},
		Description: forAdministrators + " Guests who got a reminder of that name, " +
			"ended reminders, or have an address that was refused, are left out.",
		Responses: openapi.OK("The number of guests who are reminded.", Reminded{}),
		Errors:    refusing(utils.ErrRegistrationClosed, utils.ErrRegistrationNotOpen, utils.ErrEventCancelled),
	}, {
		Handler: a.AddTag, Summary: "Give a guest a tag", Description: forAdministrators, Body: oneTag{},
		Parameters: ofGuest, Responses: openapi.Created("The tag.", Tag{}),
		Errors: refusing(utils.ErrGuestNotFound, utils.ErrTagNotFound, utils.ErrChangedMeanwhile),
	}, {
		Handler: a.RemoveTag, Summary: "Take a tag from a guest", Description: forAdministrators,
		Query: oneTag{}, Body: oneTag{}, Optional: true,
		Parameters: ofGuest, Responses: openapi.OK("Removed.", empty{}),
		Errors: refusing(utils.ErrGuestNotFound, utils.ErrTagNotFound, utils.ErrChangedMeanwhile),
	}}
}

func listOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.List, Summary: "List the guests of an event", Description: forAdministrators, Query: listing{EventID: 1},
		Responses: []openapi.Response{{
			Status:      http.StatusOK,
			Description: "All guests, or a page of them, as JSON or, if requested, as a table.",
			Body:        []Guest{}, Table: exampleList, Headers: []string{"Link", "Content-Disposition"},
		}},
		Errors: refusing(utils.ErrTagNotFound),
	}, {
		Handler: a.ReadNews, Summary: "Read how often the caller is notified of answers",
		Description: forAdministrators, Query: oneEvent{EventID: 1},
		Responses: openapi.OK("The frequency; never, until it is set.", notificationResponse{}),
		Errors:    ofAdministrators,
	}, {
		Handler: a.SetNews, Summary: "Set how often the caller is notified of answers by mail", Body: notificationRequest{},
		Description: forAdministrators + " A mail names the guests who have answered since the last one.",
		Responses:   openapi.OK("The new frequency.", notificationResponse{}),
		Errors:      ofAdministrators,
	}, {
		Handler: a.Count, Summary: "Count the guests of an event", Description: forAdministrators,
		Query:      oneEvent{EventID: 1},
		Parameters: []openapi.Parameter{openapi.LanguageParameter()},
		Responses:  openapi.OK("The counts.", Counts{}),
		Errors:     ofAdministrators,
	}, {
		Handler: a.ListProfiles, Summary: "List the profiles of the guests of an event", Description: forAdministrators,
		Query:     oneEvent{EventID: 1},
		Responses: openapi.OK("The profiles.", []profile{}),
		Errors:    ofAdministrators,
	}, {
		Handler: a.ReadProfile, Summary: "Read the profile of a guest of any event that the caller administers",
		Query:     oneUser{UserID: 2},
		Responses: openapi.OK("The profile.", profile{}),
		Errors:    []*utils.Error{utils.ErrUserNotFound},
	}}
}

func answerOperations() []openapi.Operation {
	a := (*API)(nil)
	shown := openapi.Page(http.StatusOK, "The invitation, with a form to answer it.")
	invalid := openapi.Page(http.StatusNotFound, "The code is not valid.")
	return []openapi.Operation{{
		Handler: a.Check, Summary: "Check whether the caller is a guest of an event", Query: oneEvent{EventID: 1},
		Responses: []openapi.Response{
			{Status: http.StatusOK, Description: "The caller is a guest.", Body: openapi.Literal(isGuest)},
			{
				Status: http.StatusNotFound, Description: "The caller is not a guest, or has not verified the address.",
				Body: openapi.Literal(notGuest),
			},
		},
	}, {
		Handler: a.Answer, Summary: "Answer an invitation", Body: answerRequest{},
		Description: "The code from the mail authenticates the guest.",
		Responses:   openapi.OK("The invitation as it is now.", answerResponse{}),
		Errors: []*utils.Error{
			utils.ErrInvitationNotValid, utils.ErrRegistrationClosed, utils.ErrRegistrationNotOpen, utils.ErrEventCancelled,
		},
	}, {
		Handler: a.Page, Summary: "Show the page that a guest answers on", Responses: []openapi.Response{shown, invalid},
	}, {
		Handler: a.AnswerOnPage, Summary: "Answer on the page", Body: pageForm{},
		Responses: []openapi.Response{
			{Status: http.StatusSeeOther, Description: "Answered; redirects to the page."}, invalid,
			openapi.Page(http.StatusConflict, "Registration is closed or not yet open, or the event is cancelled."),
		},
	}, {
		Handler: a.Calendar, Summary: "Get the event of an invitation as a calendar file",
		Description: "The current event, always with the same UID (RFC 5545).",
		Responses: []openapi.Response{{
			Status: http.StatusOK, Description: "The calendar file.", Media: []string{calendar.MediaType},
			Headers: []string{"Content-Disposition"},
		}, invalid},
	}, {
		Handler: a.OptOutPage, Summary: "Show the page that ends the reminders of an invitation",
		Responses: []openapi.Response{
			openapi.Page(http.StatusOK, "The question, or a note that reminders have ended."), invalid,
		},
	}, {
		Handler: a.OptOutOnPage, Summary: "End the reminders of an invitation",
		Description: "Also the one-click unsubscription of mail programs (RFC 8058). The body is ignored.",
		Responses:   []openapi.Response{openapi.Page(http.StatusOK, "Reminders have ended."), invalid},
	}}
}
