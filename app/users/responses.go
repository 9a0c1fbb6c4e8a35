package users

import "time"

// sessionResponse is the body for registration and authentication.
type sessionResponse struct {
	ID              int64       `json:"id"`
	Token           string      `json:"token,omitempty"` // empty if the address must be verified first
	Email           string      `json:"email"`
	PendingEmail    string      `json:"pending_email,omitempty"` // the address to change to once it is verified
	Firstname       string      `json:"firstname"`
	Lastname        string      `json:"lastname"`
	Title           string      `json:"title"`
	IsAdmin         bool        `json:"is_admin"`
	PrimaryLanguage string      `json:"primary_language"`
	Roles           []EventRole `json:"roles"`
}

// EventRole is a user's role in an event.
type EventRole struct {
	EventID int64  `json:"event_id"`
	Role    string `json:"role"`
}

func newSessionResponse(s Session) sessionResponse {
	user := s.User
	return sessionResponse{
		ID:              user.ID,
		Token:           s.Token,
		Email:           user.Email,
		PendingEmail:    user.PendingEmail,
		Firstname:       user.Firstname,
		Lastname:        user.Lastname,
		Title:           user.UserTitle,
		IsAdmin:         user.Administers(),
		PrimaryLanguage: user.PrimaryLanguage,
		Roles:           s.Roles,
	}
}

// profile is the body for GET /api/v1/user.
type profile struct {
	ID           int64  `json:"id"`
	Email        string `json:"email"`
	PendingEmail string `json:"pending_email,omitempty"`
	Firstname    string `json:"firstname"`
	Lastname     string `json:"lastname"`
	UserTitle    string `json:"user_title"`
}

func newProfile(user *User) profile {
	return profile{user.ID, user.Email, user.PendingEmail, user.Firstname, user.Lastname, user.UserTitle}
}

// empty is the body of responses without data: {}.
type empty struct{}

// userPage is the body for GET /api/v1/users.
type userPage struct {
	Users      []listedUser `json:"users"`
	NextCursor *string      `json:"next_cursor"` // null on the last page
}

func newUserPage(rows []listRow, next *string) userPage {
	result := userPage{Users: make([]listedUser, len(rows)), NextCursor: next}
	for i := range rows {
		result.Users[i] = newListedUser(&rows[i])
	}
	return result
}

// listedUser is a user in a page, or in a response to an administrator.
type listedUser struct {
	ID              int64      `json:"id"`
	Email           string     `json:"email"`
	Firstname       string     `json:"firstname"`
	Lastname        string     `json:"lastname"`
	UserTitle       string     `json:"user_title"`
	PrimaryLanguage string     `json:"primary_language"`
	IsAdmin         bool       `json:"is_admin"`
	VerifiedAt      *time.Time `json:"verified_at"`
	BlockedAt       *time.Time `json:"blocked_at"`
	LastLogin       *time.Time `json:"last_login"`
	CreatedAt       time.Time  `json:"created_at"`
}

func newListedUser(r *listRow) listedUser {
	return listedUser{
		ID:              r.ID,
		Email:           r.Email,
		Firstname:       r.Firstname,
		Lastname:        r.Lastname,
		UserTitle:       r.UserTitle,
		PrimaryLanguage: r.PrimaryLanguage,
		IsAdmin:         r.IsAdmin,
		VerifiedAt:      utc(r.VerifiedAt),
		BlockedAt:       utc(r.BlockedAt),
		LastLogin:       utc(r.LastLogin),
		CreatedAt:       r.CreatedAt.UTC(),
	}
}

// utc returns the time in UTC, so that the response is the same on every database.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}
