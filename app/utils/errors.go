package utils

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Error is an error response. The catalogue below has all of them. Handlers return them, alone or wrapped with a
// private cause (fmt.Errorf("%w: %w", utils.ErrUnavailable, err)), which is logged and never sent to the client.
type Error struct {
	Status     int           // HTTP status
	Type       string        // for programs
	Message    string        // for people
	RetryAfter time.Duration // when to try again, in whole seconds; 0: no header
}

// statusClientGone is logged for a request whose client disconnected. It is nginx's convention; HTTP has no such
// status.
const statusClientGone = 499

// Error implements error.
func (e *Error) Error() string { return e.Type }

// The catalogue. Messages and types are part of the API: clients show messages and compare types. The original web
// client also compares two messages, those of ErrUserNotFound and ErrEventRoleInUse.
var (
	ErrValidationFailed = &Error{http.StatusBadRequest, "VALIDATION_FAILED", "Some of the values sent are not valid.", 0}
	ErrInvalidJSON      = &Error{http.StatusBadRequest, "INVALID_JSON",
		"The request body must be a single valid JSON object.", 0}
	ErrInvalidForm = &Error{http.StatusBadRequest, "INVALID_FORM", "The request body is not a valid form.", 0}
	ErrInvalidText = &Error{http.StatusBadRequest, "INVALID_TEXT",
		"The request body contains invalid UTF-8 or the character U+0000.", 0}
	ErrDuplicateKey = &Error{http.StatusBadRequest, "DUPLICATE_KEY",
		"The request body contains a key twice, or a key that differs from a known field only in case.", 0}
	ErrResetCodeNotValid = &Error{http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID",
		"This code is not valid: it was mistyped, already used, or replaced by a newer one.", 0}
	ErrResetCodeExpired = &Error{http.StatusBadRequest, "RESET_PASSWORD_CODE_EXPIRED",
		"This code has expired. Please request a new one.", 0}
	ErrVerifyCodeNotValid = &Error{http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID",
		"This link is no longer valid. Please request a new one.", 0}
	ErrEmailNotVerified = &Error{http.StatusUnprocessableEntity, "EMAIL_NOT_VERIFIED",
		"Please verify your email address first: open the link in the mail that was sent to it.", 0}
	ErrNotAuthenticated = &Error{http.StatusUnauthorized, "UNAUTHORIZED",
		"The Authorization header must contain a valid token.", 0}
	ErrInvalidCredentials = &Error{http.StatusUnauthorized, "INVALID_CREDENTIALS",
		"The email address or the password is wrong.", 0}
	ErrAccountBlocked = &Error{http.StatusForbidden, "ACCOUNT_BLOCKED",
		"This account is blocked. Please ask an administrator.", 0}
	ErrForbidden = &Error{http.StatusForbidden, "FORBIDDEN", "You are not allowed to do this.", 0}
	ErrNotFound  = &Error{http.StatusNotFound, "NOT_FOUND", "There is nothing at this URL.", 0}
	// events
	ErrEventNotFound = &Error{http.StatusNotFound, "EVENT_NOT_FOUND", "There is no such event.", 0}
	// events
	ErrEventRoleNotFound = &Error{http.StatusNotFound, "EVENT_ROLE_NOT_FOUND",
		"That user does not have that role in the event.", 0}
	// tags
	ErrTagNotFound      = &Error{http.StatusNotFound, "TAG_NOT_FOUND", "The event has no such tag.", 0}
	ErrUserNotFound     = &Error{http.StatusNotFound, "USER_NOT_FOUND", "No user exists with that email", 0}
	ErrMethodNotAllowed = &Error{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
		"This URL does not support that method; see the Allow header.", 0}
	ErrRequestTimeout = &Error{http.StatusRequestTimeout, "REQUEST_TIMEOUT",
		"The request body did not arrive in time.", 0}
	ErrEmailInUse = &Error{http.StatusConflict, "EMAIL_IN_USE", "That email address is already in use.", 0}
	// events
	ErrEventKeyInUse = &Error{http.StatusConflict, "EVENT_KEY_IN_USE", "Another event has that key.", 0}
	// events
	ErrEventRoleInUse = &Error{http.StatusConflict, "EVENT_ROLE_IN_USE",
		"This user already has this role for this event.", 0}
	ErrOwnAccount = &Error{http.StatusConflict, "OWN_ACCOUNT",
		"You cannot block the account that you are signed in with.", 0}
	ErrLastAdministrator = &Error{http.StatusConflict, "LAST_ADMINISTRATOR",
		"An event or the system would be left without an administrator. Please appoint another one first.", 0}
	ErrChangedMeanwhile = &Error{http.StatusPreconditionFailed, "CHANGED_MEANWHILE",
		"Somebody else has changed this in the meantime. Please load it again and repeat your change.", 0}
	ErrBodyTooLarge     = &Error{http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "The request body is too large.", 0}
	ErrUnsupportedMedia = &Error{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
		"The request body must be of a type that this call accepts, in UTF-8 and not compressed.", 0}
	// only for the log
	ErrClientGone      = &Error{statusClientGone, "CLIENT_GONE", "The client closed the connection.", 0}
	ErrTooManyRequests = &Error{http.StatusTooManyRequests, "TOO_MANY_REQUESTS",
		"Too many attempts. The Retry-After header says when to try again.", time.Second}
	ErrInternal = &Error{http.StatusInternalServerError, "INTERNAL_ERROR",
		"Something went wrong on our side. The request_id will help us find the cause.", 0}
	ErrUnavailable = &Error{http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE",
		"The service is not available right now. Please try again shortly.", 2 * time.Second}
	ErrBusy = &Error{http.StatusServiceUnavailable, "BUSY",
		"Too many people are signing in right now. Please try again shortly.", time.Second}
	ErrSchemaOutdated = &Error{http.StatusServiceUnavailable, "SCHEMA_OUTDATED",
		"The database schema is not the one this program needs.", 10 * time.Second}
	ErrShuttingDown = &Error{http.StatusServiceUnavailable, "SHUTTING_DOWN", "The service is shutting down.",
		2 * time.Second}
)

// Errors about guests. // invitedguest
var ( // invitedguest
	// invitedguest
	ErrGuestNotFound = &Error{http.StatusNotFound, "INVITED_GUEST_NOT_FOUND", "There is no such guest of this event.", 0}
	// invitedguest
	ErrInvitationNotValid = &Error{http.StatusNotFound, "INVITATION_NOT_VALID",
		"This link is not valid: it was mistyped, or the invitation was withdrawn.", 0}
	// invitedguest
	ErrGuestExists = &Error{http.StatusConflict, "INVITED_GUEST_EXISTS",
		"This person is already invited to this event.", 0}
	// invitedguest
	ErrRegistrationClosed = &Error{http.StatusConflict, "REGISTRATION_CLOSED",
		"Registration for this event has closed.", 0}
	// invitedguest
	ErrRegistrationNotOpen = &Error{http.StatusConflict, "REGISTRATION_NOT_OPEN",
		"Registration for this event has not opened yet.", 0}
	// invitedguest
	ErrEventCancelled = &Error{http.StatusConflict, "EVENT_CANCELLED", "This event is cancelled.", 0}
	// invitedguest
	ErrAccountInUse = &Error{http.StatusConflict, "ACCOUNT_IN_USE",
		"This account is used for more than this invitation: only its user can change the name and the address.", 0}
	// invitedguest
	ErrIdempotencyKeyReused = &Error{http.StatusUnprocessableEntity, "IDEMPOTENCY_KEY_REUSED",
		"This Idempotency-Key was already used for a different request.", 0}
) // invitedguest

// Catalogue returns every error that clients can get.
func Catalogue() []*Error {
	all := []*Error{
		ErrValidationFailed, ErrInvalidJSON, ErrInvalidForm, ErrInvalidText, ErrDuplicateKey, ErrResetCodeNotValid,
		ErrResetCodeExpired, ErrVerifyCodeNotValid, ErrEmailNotVerified, ErrNotAuthenticated, ErrInvalidCredentials,
		ErrAccountBlocked, ErrForbidden, ErrNotFound, ErrUserNotFound, ErrMethodNotAllowed, ErrRequestTimeout, ErrEmailInUse,
		ErrOwnAccount, ErrLastAdministrator, ErrChangedMeanwhile, ErrBodyTooLarge, ErrUnsupportedMedia, ErrTooManyRequests,
		ErrInternal,
		ErrUnavailable, ErrBusy, ErrSchemaOutdated, ErrShuttingDown,
	}
	// events
	all = append(all, ErrEventNotFound, ErrEventRoleNotFound, ErrEventKeyInUse, ErrEventRoleInUse)
	// tags
	all = append(all, ErrTagNotFound)
	// invitedguest
	all = append(all, ErrGuestNotFound, ErrInvitationNotValid, ErrGuestExists, ErrRegistrationClosed,
		ErrRegistrationNotOpen, ErrEventCancelled, ErrAccountInUse, ErrIdempotencyKeyReused)
	return all
}

// limited is an ErrTooManyRequests with the time until the next attempt.
type limited struct{ wait time.Duration }

// TooManyRequests returns an ErrTooManyRequests with wait as Retry-After, in whole seconds, at least one.
func TooManyRequests(wait time.Duration) error { return limited{wait} }

// Error implements error.
func (l limited) Error() string { return fmt.Sprintf("%s: for %v", ErrTooManyRequests.Type, l.wait) }

// Unwrap makes errors.Is and errors.As see the catalogue's error.
func (limited) Unwrap() error { return ErrTooManyRequests }

// lastAdministratorError is an ErrLastAdministrator with the keys of events.
type lastAdministratorError struct{ events []string }

// LastAdministrator returns an ErrLastAdministrator whose response has the keys of events.
func LastAdministrator(events []string) error { return lastAdministratorError{events} }

// EventsOf returns the keys of events in a LastAdministrator error; nil for other errors.
func EventsOf(err error) []string {
	last, _ := errors.AsType[lastAdministratorError](err)
	return last.events
}

// Error implements error.
func (l lastAdministratorError) Error() string {
	return ErrLastAdministrator.Type + ": of " + strings.Join(l.events, ", ")
}

// Unwrap makes errors.Is and errors.As see the catalogue's error.
func (lastAdministratorError) Unwrap() error { return ErrLastAdministrator }

// unsupportedMediaError is an ErrUnsupportedMedia with the media types that the call accepts.
type unsupportedMediaError struct{ wanted []string }

// Error implements error.
func (unsupportedMediaError) Error() string { return ErrUnsupportedMedia.Type }

// Unwrap makes errors.Is and errors.As see the catalogue's error.
func (unsupportedMediaError) Unwrap() error { return ErrUnsupportedMedia }

// message returns the catalogue's message, with the media types that the call accepts if err has them.
func message(err error, answer *Error) string {
	if u, ok := errors.AsType[unsupportedMediaError](err); ok {
		return strings.Replace(answer.Message, "of a type that this call accepts", strings.Join(u.wanted, " or "), 1)
	}
	return answer.Message
}

// retryAfter returns the seconds after which to try again; 0: no header.
func retryAfter(err error, answer *Error) int {
	wait := answer.RetryAfter
	if l, ok := errors.AsType[limited](err); ok {
		wait = max(wait, l.wait)
	}
	return int((wait + time.Second - 1) / time.Second)
}

// FieldErrors says what is wrong with each invalid field of a request, in words that follow the field's name: {"email":
// "is required"}. It is an ErrValidationFailed; nil means that all fields are valid.
type FieldErrors map[string]string //nolint:errname // it is several errors

// Error implements error. It names the fields, not their values.
func (f FieldErrors) Error() string {
	return ErrValidationFailed.Type + ": " + strings.Join(slices.Sorted(maps.Keys(f)), ", ")
}

// Unwrap makes errors.Is and errors.As see the catalogue's error.
func (f FieldErrors) Unwrap() error { return ErrValidationFailed }

// Add records a problem with a field, unless problem is empty or the field already has one.
func (f *FieldErrors) Add(field, problem string) {
	if problem == "" || (*f)[field] != "" {
		return
	}
	if *f == nil {
		*f = FieldErrors{}
	}
	(*f)[field] = problem
}

// Words returns all problems in one line.
func (f FieldErrors) Words() string {
	words := make([]string, 0, len(f))
	for _, field := range slices.Sorted(maps.Keys(f)) {
		words = append(words, field+" "+f[field])
	}
	return strings.Join(words, "; ")
}

// Err returns f as an error, or nil if it is empty.
func (f FieldErrors) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// CheckID returns what is wrong with a required id, in words that follow the field's name, or "".
func CheckID(id int64) string {
	if id < 1 {
		return "is required: a whole number from 1"
	}
	return ""
}
