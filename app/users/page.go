package users

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"guestlist/app/pages"
	"guestlist/app/text"
	"guestlist/app/utils"
)

//go:embed pages
var pageFiles embed.FS

var loadPages = sync.OnceValue(func() *pages.Pages { return pages.MustParse(pageFiles, "pages") })

// view is the data of a page's template. All strings except Address, Value and Wrong are names of words in
// pages/*.json. Empty parts are left out.
type view struct {
	Title   string
	Problem string
	Done    string
	Text    string
	Address string
	Field   string // the form's input: password or email
	Value   string // of Field
	Wrong   string // the error of Field
	Buttons []button
	After   string
	Link    *link
}

// button is a button of a form; the form is sent with its Action.
type button struct{ Action, Word, Class string }

// link leads to another page.
type link struct{ URL, Word string }

// The actions of buttons.
const (
	confirmAction = "confirm"
	disownAction  = "disown" // this was not me
)

// form is the form on a page.
type form struct {
	Action   string `json:"action"`
	Password string `json:"password"`
	Email    string `json:"email"`
}

// Validate implements utils.Validator. The handlers show errors on the page.
func (*form) Validate() utils.FieldErrors { return nil }

// write responds with a page in the language of the user, or of the browser if user is nil.
func (v view) write(c *gin.Context, status int, user *User) error {
	language := loadPages().Language(c)
	if user != nil {
		language = user.PrimaryLanguage
	}
	return loadPages().Write(c, status, "account", language, v)
}

// writeInvalid responds with a page for a code that is not valid: 404. It returns other errors.
func (v view) writeInvalid(c *gin.Context, err error) error {
	for _, known := range []error{utils.ErrVerifyCodeNotValid, utils.ErrResetCodeNotValid, utils.ErrResetCodeExpired} {
		if errors.Is(err, known) {
			_ = c.Error(err) // for the log
			return v.write(c, http.StatusNotFound, nil)
		}
	}
	return err
}

var (
	verifyInvalid = view{Title: "verify_title", Problem: "verify_not_valid",
		Link: &link{"../verify-email", "verify_again"}}
	resetInvalid = view{Title: "reset_title", Problem: "reset_not_valid", Link: &link{"../reset-password", "reset_again"}}
	undoInvalid  = view{Title: "undo_title", Problem: "undo_not_valid", Link: &link{"../reset-password", "undo_password"}}
)

// VerifyPage shows the address that the code in the URL confirms, and asks: 200. It changes nothing.
func (a *API) VerifyPage(c *gin.Context) error {
	code, done, err := a.service.verifyCode(c.Request.Context(), c.Param("code"))
	if err != nil {
		return verifyInvalid.writeInvalid(c, err)
	}
	v := view{Title: "verify_title", Address: code.Email}
	switch {
	case done:
		v.Done = "verify_done"
	case code.Purpose == changeEmail:
		v.Text, v.After = "change_text", "change_after"
		v.Buttons = []button{{confirmAction, "change_confirm", "accept"}, {disownAction, "change_disown", "decline"}}
	default:
		v.Text, v.After = "verify_text", "verify_after"
		v.Buttons = []button{{confirmAction, "verify_confirm", "accept"}, {disownAction, "verify_disown", "decline"}}
	}
	return v.write(c, http.StatusOK, code.User)
}

// VerifyOnPage confirms the address of the code in the URL and redirects to the page: 303. If "this was not me" was
// pressed, it calls Disown and says so: 200. The code in the URL is the only authority of the request, so no other site
// can forge it.
func (a *API) VerifyOnPage(c *gin.Context) error {
	ctx, text := c.Request.Context(), c.Param("code")
	code, _, err := a.service.verifyCode(ctx, text)
	if err != nil {
		return verifyInvalid.writeInvalid(c, err)
	}
	var request form
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	switch request.Action {
	case confirmAction:
		_, err = a.service.VerifyEmail(ctx, Actor(c), text)
		if err == nil {
			return pages.Redirect(c, url.PathEscape(text))
		}
	case disownAction:
		if _, err = a.service.Disown(ctx, Actor(c), text); err == nil {
			done := "verify_removed"
			if code.Purpose == changeEmail {
				done = "change_refused"
			}
			return view{Title: "verify_title", Address: code.Email, Done: done}.write(c, http.StatusOK, code.User)
		}
	default:
		return utils.FieldErrors{"action": "must be " + confirmAction + " or " + disownAction}
	}
	v := view{Title: "verify_title", Address: code.Email}
	switch {
	case errors.Is(err, utils.ErrEmailInUse):
		v.Problem = "in_use"
	case errors.Is(err, utils.ErrLastAdministrator):
		v.Problem = "verify_needed"
	default:
		return verifyInvalid.writeInvalid(c, err)
	}
	return v.write(c, http.StatusConflict, code.User)
}

// ResetPage asks for a new password for the code in the URL: 200. It changes nothing.
func (a *API) ResetPage(c *gin.Context) error {
	code, err := a.service.resetCode(c.Request.Context(), c.Param("code"))
	if err != nil {
		return resetInvalid.writeInvalid(c, err)
	}
	return resetView(code, "").write(c, http.StatusOK, code.User)
}

func resetView(code *Code, wrong string) view {
	return view{
		Title: "reset_title", Text: "reset_text", Address: code.Email, Field: "password", Wrong: wrong,
		Buttons: []button{{confirmAction, "reset_set", "accept"}}, After: "reset_after",
	}
}

// ResetOnPage sets the password in the form with the code in the URL: 200. If the password does not meet the rules, the
// page says so and asks again: 400.
func (a *API) ResetOnPage(c *gin.Context) error {
	ctx, text := c.Request.Context(), c.Param("code")
	code, err := a.service.resetCode(ctx, text)
	if err != nil {
		return resetInvalid.writeInvalid(c, err)
	}
	var request form
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	rules := a.service.rules
	if problem := rules.problem(request.Password, code.Email); problem != passwordFine {
		wrong := loadPages().Words(code.User.PrimaryLanguage)[string(problem)]
		wrong = strings.ReplaceAll(wrong, "{n}", strconv.Itoa(rules.MinLength))
		return resetView(code, wrong).write(c, http.StatusBadRequest, code.User)
	}
	userID, err := a.service.ConfirmPasswordReset(ctx, Actor(c), text, request.Password)
	if err != nil {
		return resetInvalid.writeInvalid(c, err)
	}
	utils.LogUser(c, userID)
	return view{Title: "reset_title", Done: "reset_done", Address: code.Email}.write(c, http.StatusOK, code.User)
}

// UndoPage shows the address that the code in the URL restores, and asks: 200. It changes nothing.
func (a *API) UndoPage(c *gin.Context) error {
	code, err := a.service.undoCode(c.Request.Context(), c.Param("code"))
	if err != nil {
		return undoInvalid.writeInvalid(c, err)
	}
	v := view{
		Title: "undo_title", Text: "undo_moved_text", Address: code.Email, After: "undo_after",
		Buttons: []button{{confirmAction, "undo_button", "accept"}},
	}
	switch {
	case code.User.Email == code.Email && code.User.PendingEmail == "":
		v.Text, v.After, v.Buttons, v.Done = "", "", nil, "undo_nothing"
		v.Link = passwordLink(code.Email)
	case code.User.Email == code.Email:
		v.Text = "undo_pending_text"
	}
	return v.write(c, http.StatusOK, code.User)
}

// UndoOnPage restores the old address of the account of the code in the URL: 200. If another account has verified it
// since, the page says so: 409.
func (a *API) UndoOnPage(c *gin.Context) error {
	ctx, text := c.Request.Context(), c.Param("code")
	code, err := a.service.undoCode(ctx, text)
	if err != nil {
		return undoInvalid.writeInvalid(c, err)
	}
	v := view{Title: "undo_title", Address: code.Email}
	_, err = a.service.UndoChange(ctx, Actor(c), text)
	switch {
	case errors.Is(err, utils.ErrEmailInUse):
		v.Problem = "in_use"
		return v.write(c, http.StatusConflict, code.User)
	case err != nil:
		return undoInvalid.writeInvalid(c, err)
	}
	utils.LogUser(c, code.UserID)
	v.Done, v.Link = "undo_done", passwordLink(code.Email)
	return v.write(c, http.StatusOK, code.User)
}

// passwordLink leads from a page with a code to the page that mails a link for a new password to the address.
func passwordLink(email string) *link {
	return &link{"../reset-password?email=" + url.QueryEscape(email), "undo_password"}
}

// ResendPage asks for the address to which to mail a confirmation link: 200.
func (*API) ResendPage(c *gin.Context) error {
	return askView("verify_title", "ask_verify_text", c.Query("email")).write(c, http.StatusOK, nil)
}

// ResendOnPage does what ResendVerification does: 200, whatever the address.
func (a *API) ResendOnPage(c *gin.Context) error {
	return ask(c, askView("verify_title", "ask_verify_text", ""), "ask_verify_done", a.service.ResendVerification)
}

// RequestResetPage asks for the address to which to mail a link for a new password: 200.
func (*API) RequestResetPage(c *gin.Context) error {
	return askView("reset_title", "ask_reset_text", c.Query("email")).write(c, http.StatusOK, nil)
}

// RequestResetOnPage does what RequestPasswordReset does: 200, whether or not the account exists.
func (a *API) RequestResetOnPage(c *gin.Context) error {
	return ask(c, askView("reset_title", "ask_reset_text", ""), "ask_reset_done", a.service.RequestPasswordReset)
}

func askView(title, question, email string) view {
	return view{
		Title: title, Text: question, Field: "email", Value: email,
		Buttons: []button{{confirmAction, "ask_send", "accept"}},
	}
}

// ask mails a link to the address in the form and responds with a page that says so.
func ask(c *gin.Context, question view, done string, send func(ctx context.Context, email string) error) error {
	var request form
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	email, err := text.CanonicalEmail(request.Email)
	if err != nil {
		question.Value, question.Wrong = request.Email, loadPages().Words(loadPages().Language(c))["ask_wrong"]
		return question.write(c, http.StatusBadRequest, nil)
	}
	if err := send(c.Request.Context(), email); err != nil {
		return err
	}
	return view{Title: question.Title, Done: done}.write(c, http.StatusOK, nil)
}
