package users

// session answers registration and authentication: who signed in, and the token to show from now on.
type session struct {
	ID              int64  `json:"id"`
	Token           string `json:"token"`
	Email           string `json:"email"`
	Firstname       string `json:"firstname"`
	Lastname        string `json:"lastname"`
	Title           string `json:"title"`
	IsAdmin         bool   `json:"is_admin"`
	PrimaryLanguage string `json:"primary_language"`
	Roles           []role `json:"roles"`
}

// role is what a user may do in an event.
type role struct {
	EventID int64  `json:"event_id"`
	Role    string `json:"role"`
}

func newSession(user *User, token string) session {
	return session{
		ID:              user.ID,
		Token:           token,
		Email:           user.Email,
		Firstname:       user.Firstname,
		Lastname:        user.Lastname,
		Title:           user.UserTitle,
		IsAdmin:         user.IsAdmin,
		PrimaryLanguage: user.PrimaryLanguage,
		Roles:           []role{},
	}
}

// nothing answers where there is nothing to say: {}.
type nothing struct{}

// profile answers GET /api/v1/user.
type profile struct {
	ID        int64  `json:"id"`
	Email     string `json:"email"`
	Firstname string `json:"firstname"`
	Lastname  string `json:"lastname"`
	UserTitle string `json:"user_title"`
}

func newProfile(user *User) profile {
	return profile{user.ID, user.Email, user.Firstname, user.Lastname, user.UserTitle}
}
