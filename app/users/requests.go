package users

import (
	"guestlist/app/text"
	"guestlist/app/utils"
)

// The lengths of what users say of themselves: names and titles in characters, as the columns count them, and
// passwords in bytes (maxPassword).
const (
	maxName  = 100
	maxTitle = 50
)

// registration is the body of POST /api/v1/user.
type registration struct {
	Email        string `json:"email"`
	Password     string `json:"password"`
	Firstname    string `json:"firstname"`
	Lastname     string `json:"lastname"`
	UserTitle    string `json:"user_title"`
	Language     string `json:"language"`
	PolicyAgreed bool   `json:"policy_agreed"`

	rules PasswordRules
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *registration) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("email", canonicalise(&r.Email))
	wrong.Add("password", r.rules.check(r.Password, r.Email))
	wrong.Add("firstname", text.CheckLine(r.Firstname, maxName))
	wrong.Add("lastname", text.CheckLine(r.Lastname, maxName))
	wrong.Add("user_title", text.CheckLine(r.UserTitle, maxTitle))
	if r.Language != "" {
		wrong.Add("language", text.CheckLanguage(r.Language))
	}
	return wrong
}

// credentials is the body of POST /api/v1/authenticate.
type credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Validate implements utils.Validator. Only what is missing is told; an address that cannot exist or a password that
// nobody can have is as wrong as any other, and costs as much.
func (c *credentials) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if c.Email == "" {
		wrong.Add("email", "is required")
	}
	if c.Password == "" {
		wrong.Add("password", "is required")
	}
	return wrong
}

// resetRequest is the body of POST /api/v1/password-reset/request.
type resetRequest struct {
	Email string `json:"email"`
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *resetRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("email", canonicalise(&r.Email))
	return wrong
}

// resetConfirmation is the body of POST /api/v1/password-reset/confirm.
type resetConfirmation struct {
	Code     string `json:"code"`
	Password string `json:"password"`

	rules PasswordRules
}

// Validate implements utils.Validator.
func (r *resetConfirmation) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if r.Code == "" {
		wrong.Add("code", "is required")
	}
	wrong.Add("password", r.rules.check(r.Password, ""))
	return wrong
}

// change is the body of PUT /api/v1/user. A member that is absent, or null, leaves what it names as it is; so do an empty
// password and an empty language, which a form sends for a field left empty.
type change struct {
	Email     *string `json:"email"`
	Password  string  `json:"password"`
	Firstname *string `json:"firstname"`
	Lastname  *string `json:"lastname"`
	UserTitle *string `json:"user_title"`
	Language  string  `json:"language"`

	current string // address
	rules   PasswordRules
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (c *change) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	address := c.current
	if c.Email != nil {
		wrong.Add("email", canonicalise(c.Email))
		address = *c.Email
	}
	if c.Password != "" {
		wrong.Add("password", c.rules.check(c.Password, address))
	}
	for _, line := range []struct {
		field  string
		value  *string
		atMost int
	}{{"firstname", c.Firstname, maxName}, {"lastname", c.Lastname, maxName}, {"user_title", c.UserTitle, maxTitle}} {
		if line.value != nil {
			wrong.Add(line.field, text.CheckLine(*line.value, line.atMost))
		}
	}
	if c.Language != "" {
		wrong.Add("language", text.CheckLanguage(c.Language))
	}
	return wrong
}

// apply makes the changes to user, and tells whether the address is another one. hash is that of the new password, if
// there is one. Another address has to be verified again; another address or password ends the tokens.
func (c *change) apply(user *User, hash string) (moved bool) {
	for field, value := range map[*string]*string{
		&user.Firstname: c.Firstname, &user.Lastname: c.Lastname, &user.UserTitle: c.UserTitle,
	} {
		if value != nil {
			*field = *value
		}
	}
	if c.Language != "" {
		user.PrimaryLanguage = c.Language
	}
	moved = c.Email != nil && *c.Email != user.Email
	if moved {
		user.Email, user.VerifiedAt = *c.Email, nil
	}
	if hash != "" {
		user.PasswordHash = hash
	}
	if moved || hash != "" {
		user.TokenGeneration++
	}
	return moved
}

// logout is the body of POST /api/v1/logout.
type logout struct {
	Everywhere bool `json:"everywhere"`
}

// Validate implements utils.Validator.
func (*logout) Validate() utils.FieldErrors { return nil }

// canonicalise returns what is wrong, in words that follow the field's name, or nothing.
func canonicalise(email *string) string {
	if *email == "" {
		return "is required"
	}
	canonical, err := text.CanonicalEmail(*email)
	if err != nil {
		return err.Error()
	}
	*email = canonical
	return ""
}
