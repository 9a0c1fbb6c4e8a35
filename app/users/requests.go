package users

import (
	"guestlist/app/text"
	"guestlist/app/utils"
)

// The maximum lengths of names and titles, in characters, the same as those of the columns. See also maxPassword.
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

	rules     PasswordRules
	hasPolicy bool
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *registration) Validate() utils.FieldErrors {
	person := r.person()
	wrong := person.Validate()
	r.Email = person.Email
	wrong.Add("password", r.rules.check(r.Password, r.Email))
	if r.hasPolicy {
		wrong.Add("policy_agreed", checkAgreed(r.PolicyAgreed))
	}
	return wrong
}

// checkAgreed returns an error, in words that follow the field's name, unless agreed.
func checkAgreed(agreed bool) string {
	if !agreed {
		return "must be true: agreeing to the privacy policy is required"
	}
	return ""
}

// agreement is the body of PUT /api/v1/privacypolicy.
type agreement struct {
	PolicyAgreed bool `json:"policy_agreed"`
}

// Validate implements utils.Validator.
func (a *agreement) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("policy_agreed", checkAgreed(a.PolicyAgreed))
	return wrong
}

func (r *registration) person() Person {
	return Person{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
		PolicyAgreed: r.PolicyAgreed,
	}
}

// credentials is the body of POST /api/v1/authenticate.
type credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Validate implements utils.Validator. It reports only missing fields: an invalid address or password is a wrong one
// like any other, and must take as long to refuse.
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

// updateRequest is the body of PUT /api/v1/user. Members that are absent or null leave the value unchanged; so do an
// empty password and an empty language, which a form sends for empty fields.
type updateRequest struct {
	Email           *string `json:"email"`
	Password        string  `json:"password"`
	CurrentPassword string  `json:"current_password"`
	Firstname       *string `json:"firstname"`
	Lastname        *string `json:"lastname"`
	UserTitle       *string `json:"user_title"`
	Language        string  `json:"language"`

	current string // address
	rules   PasswordRules
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (c *updateRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	address := c.current
	if c.Email != nil {
		wrong.Add("email", canonicalise(c.Email))
		address = *c.Email
	}
	if c.Password != "" {
		wrong.Add("password", c.rules.check(c.Password, address))
	}
	checkNames(&wrong, c.Firstname, c.Lastname, c.UserTitle)
	if c.Language != "" {
		wrong.Add("language", text.CheckLanguage(c.Language))
	}
	return wrong
}

// checkNames adds the errors of names that are not nil.
func checkNames(wrong *utils.FieldErrors, first, last, title *string) {
	for _, line := range []struct {
		field  string
		value  *string
		atMost int
	}{{"firstname", first, maxName}, {"lastname", last, maxName}, {"user_title", title, maxTitle}} {
		if line.value != nil {
			wrong.Add(line.field, text.CheckLine(*line.value, line.atMost))
		}
	}
}

// change returns the valid change.
func (c *updateRequest) change() Change {
	return Change{
		Email: c.Email, Password: c.Password, CurrentPassword: c.CurrentPassword,
		Firstname: c.Firstname, Lastname: c.Lastname, UserTitle: c.UserTitle, Language: c.Language,
	}
}

// logout is the body of POST /api/v1/logout.
type logout struct {
	Everywhere bool `json:"everywhere"`
}

// Validate implements utils.Validator.
func (*logout) Validate() utils.FieldErrors { return nil }

// canonicalise makes an address canonical. If it is not valid, it returns the error in words that follow the field's
// name.
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
