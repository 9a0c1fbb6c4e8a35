package users

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/openapi"
	"guestlist/app/utils"
)

// OpenAPI declares the handlers of this feature for the API's document. The schemas depend on the rules for passwords,
// on whether registration requires agreement to a privacy policy, and on the personal data of other features.
func OpenAPI(rules PasswordRules, hasPolicy bool, personal []PersonalData) openapi.Feature {
	return openapi.Feature{
		Name:        "users",
		Description: "Accounts: register, sign in, change, delete; and what administrators do to those of others.",
		Types:       documentTypes(rules, hasPolicy, personal),
		Operations: slices.Concat(
			accountOperations(personal), signInOperations(), managementOperations(), pageOperations(),
		),
	}
}

var exampleTime = time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)

const (
	//nolint:gosec // it opens nothing
	exampleToken  = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo"
	exampleCursor = "eyJpZCI6NTB9"
)

func documentTypes(rules PasswordRules, hasPolicy bool, personal []PersonalData) []openapi.Type {
	const email, password = "ann@example.org", "123456 is too easy"
	return []openapi.Type{
		openapi.RequestType("Registration", registration{
			Email: email, Password: password, Firstname: "Ann", Lastname: "Lee", UserTitle: "Dr", Language: "en",
			PolicyAgreed: true,
			rules:        rules, hasPolicy: hasPolicy,
		}),
		openapi.RequestType("Agreement", agreement{PolicyAgreed: true}),
		openapi.RequestType("Credentials", credentials{Email: email, Password: password}),
		openapi.RequestType("PasswordResetRequest", resetRequest{Email: email}),
		openapi.RequestType("PasswordReset", resetConfirmation{Code: openapi.ExampleCode, Password: password, rules: rules}),
		openapi.RequestType("UserChange", updateRequest{
			Email: new("ann.lee@example.org"), Password: password, CurrentPassword: "the old password",
			Firstname: new("Ann"), Lastname: new("Lee"), UserTitle: new("Prof"), Language: "fr", rules: rules,
		}),
		openapi.RequestType("Logout", logout{Everywhere: true}),
		openapi.RequestType("PageForm", form{Action: confirmAction, Password: password, Email: email}),

		openapi.ResponseType("Session", sessionResponse{
			ID: 1, Token: exampleToken, Email: email, PendingEmail: "ann.lee@example.org", Firstname: "Ann", Lastname: "Lee",
			Title:           "Dr",
			PrimaryLanguage: "en", Roles: []EventRole{{EventID: 1, Role: "admin"}},
		}),
		openapi.ResponseType("EventRole", EventRole{EventID: 1, Role: "admin"}),
		openapi.ResponseType("Profile", profile{ID: 1, Email: email, Firstname: "Ann", Lastname: "Lee", UserTitle: "Dr"}),
		openapi.ResponseType("UserPage", userPage{Users: []listedUser{exampleListed}, NextCursor: new(exampleCursor)}),
		openapi.ResponseType("User", exampleListed),

		openapi.ResponseType("Export", exportExample(personal)),
		openapi.ResponseType("ExportedAccount", exampleAccount),
		openapi.ResponseType("ExportedCode", codeExport{Purpose: verifyEmail, Email: email, CreatedAt: exampleTime,
			ExpiresAt: exampleTime}),
		openapi.ResponseType("ExportedMail", mail.Entry{Kind: "verify_email", State: mail.Sent, CreatedAt: exampleTime}),
		openapi.ResponseType("ExportedNetwork", limits.Known{Network: "192.0.2.1", KnownUntil: &exampleTime}),
		openapi.ResponseType("ExportedSecurityEvent", audit.Entry{
			Time: exampleTime, Kind: audit.SignedIn, UserID: new(int64(1)), ByYou: true,
		}),
	}
}

var (
	exampleListed = listedUser{
		ID: 1, Email: "ann@example.org", Firstname: "Ann", Lastname: "Lee", UserTitle: "Dr", PrimaryLanguage: "en",
		VerifiedAt: &exampleTime, LastLogin: &exampleTime, CreatedAt: exampleTime,
	}
	exampleAccount = accountExport{
		ID: 1, Email: "ann@example.org", HasPassword: true, Firstname: "Ann", Lastname: "Lee", UserTitle: "Dr",
		PrimaryLanguage: "en", VerifiedAt: &exampleTime, CreatedAt: exampleTime, UpdatedAt: exampleTime,
	}
)

// exportExample returns a document as Export writes it, with empty sections. Its type is built from the sections.
func exportExample(personal []PersonalData) any {
	field := func(i int, of reflect.Type, name string) reflect.StructField {
		return reflect.StructField{Name: "F" + strconv.Itoa(i), Type: of, Tag: reflect.StructTag(`json:"` + name + `"`)}
	}
	all := []reflect.StructField{field(0, reflect.TypeFor[accountExport](), "account")}
	sections := (&Service{personal: personal}).sections(&User{})
	for i, section := range sections {
		all = append(all, field(i+1, reflect.SliceOf(section.Of), section.Name))
	}
	document := reflect.New(reflect.StructOf(all)).Elem()
	document.Field(0).Set(reflect.ValueOf(exampleAccount))
	for i := range sections {
		document.Field(i + 1).Set(reflect.MakeSlice(all[i+1].Type, 0, 0))
	}
	return document.Interface()
}

func accountOperations(personal []PersonalData) []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.Register, Summary: "Create an account and sign in", Body: registration{},
		Responses: []openapi.Response{{
			Status: http.StatusCreated, Body: sessionResponse{},
			Description: "A session; without a token if the address must be verified first.",
		}},
		Errors: []*utils.Error{utils.ErrEmailInUse, utils.ErrBusy},
	}, {
		Handler: a.Read, Summary: "Read the account of the caller",
		Responses: openapi.OK("The caller.", profile{}),
	}, {
		Handler: a.Update, Summary: "Change the account of the caller", Body: updateRequest{},
		Description: "Absent fields are left unchanged. A new password requires the current one and ends all other tokens. " +
			"A new address takes effect when the link mailed there is opened and confirmed.",
		Responses: openapi.OK("A session with a new token.", sessionResponse{}),
		Errors:    []*utils.Error{utils.ErrInvalidCredentials, utils.ErrEmailInUse, utils.ErrTooManyRequests, utils.ErrBusy},
	}, {
		Handler: a.Delete, Summary: "Delete the account of the caller",
		Responses: openapi.OK("The account is deleted.", empty{}),
		Errors:    []*utils.Error{utils.ErrLastAdministrator},
	}, {
		Handler: a.Export, Summary: "Export everything stored about the caller",
		Responses: openapi.OK("The export.", exportExample(personal)),
	}, {
		Handler: a.AgreeToPolicy, Summary: "Agree to the privacy policy", Body: agreement{},
		Responses: openapi.OK("The agreement is recorded.", empty{}),
	}}
}

func signInOperations() []openapi.Operation {
	a := (*API)(nil)
	return []openapi.Operation{{
		Handler: a.Authenticate, Summary: "Sign in", Body: credentials{},
		Responses: openapi.OK("A session.", sessionResponse{}),
		Errors: []*utils.Error{
			utils.ErrInvalidCredentials, utils.ErrAccountBlocked, utils.ErrEmailNotVerified, utils.ErrTooManyRequests,
			utils.ErrBusy,
		},
	}, {
		Handler: a.Refresh, Summary: "Get a new token", Description: "The old token stays valid until it expires.",
		Responses: openapi.OK("A session with a new token.", sessionResponse{}),
	}, {
		Handler: a.Logout, Summary: "End the token, or all tokens of the caller", Body: logout{}, Optional: true,
		Responses: openapi.OK("The token has ended.", empty{}),
	}, {
		Handler: a.RequestPasswordReset, Summary: "Mail a code for setting a new password", Body: resetRequest{},
		Responses: openapi.Created("Always, whether or not the account exists.", empty{}),
	}, {
		Handler: a.ConfirmPasswordReset, Summary: "Set a new password with a mailed code", Body: resetConfirmation{},
		Responses: openapi.Created("The password is set, and all tokens have ended.", empty{}),
		Errors:    []*utils.Error{utils.ErrResetCodeNotValid, utils.ErrResetCodeExpired, utils.ErrBusy},
	}, {
		Handler: a.VerifyEmail, Summary: "Confirm an address with a mailed code",
		Parameters: []openapi.Parameter{openapi.TextParameter("token", "The code.", openapi.ExampleCode)},
		Responses: []openapi.Response{
			{Status: http.StatusCreated, Description: "The address is confirmed; only if the client accepts application/json.",
				Body: empty{}},
			{Status: http.StatusSeeOther, Description: "Any other client is redirected to the page that asks first."},
		},
		Errors: []*utils.Error{utils.ErrVerifyCodeNotValid, utils.ErrEmailInUse},
	}, {
		Handler: a.ResendVerification, Summary: "Mail another link to confirm an address",
		Parameters: []openapi.Parameter{openapi.TextParameter("email", "The address.", "ann@example.org")},
		Responses: []openapi.Response{
			{Status: http.StatusCreated, Description: "Always, whatever the address.", Body: empty{}},
			{Status: http.StatusSeeOther, Description: "A browser is redirected to the page that mails it."},
		},
	}}
}

func managementOperations() []openapi.Operation {
	a := (*API)(nil)
	id := []openapi.Parameter{{In: openapi.InPath, Name: "id", Description: "The id of the user.", Example: int64(2)}}
	user := openapi.OK("The user.", listedUser{})
	return []openapi.Operation{{
		Handler: a.List, Summary: "List the users", Query: listing{ListQuery: utils.ListQuery{Limit: new(50)}},
		Responses: openapi.OK("A page of the list.", userPage{}),
	}, {
		Handler: a.ReadOne, Summary: "Read the account of a user", Parameters: id, Responses: user,
		Errors: []*utils.Error{utils.ErrUserNotFound},
	}, {
		Handler: a.Verify, Summary: "Vouch for the address of a user", Parameters: id, Responses: user,
		Errors: []*utils.Error{utils.ErrUserNotFound},
	}, {
		Handler: a.Block, Summary: "Block a user", Parameters: id, Responses: user,
		Errors: []*utils.Error{utils.ErrUserNotFound, utils.ErrOwnAccount, utils.ErrLastAdministrator},
	}, {
		Handler: a.Unblock, Summary: "Unblock a user", Parameters: id, Responses: user,
		Errors: []*utils.Error{utils.ErrUserNotFound},
	}}
}

// pageOperations are the pages that links in mails lead to, and the pages that mail such links.
func pageOperations() []openapi.Operation {
	a := (*API)(nil)
	asked := openapi.Page(http.StatusOK, "The page that asks.")
	invalid := openapi.Page(http.StatusNotFound, "The code is not valid.")
	done := openapi.Page(http.StatusOK, "It is done.")
	wrong := openapi.Page(http.StatusBadRequest, "The page shows what is wrong.")
	taken := openapi.Page(http.StatusConflict, "The page shows the conflict.")
	return []openapi.Operation{
		{Handler: a.ResendPage, Summary: "Show the page that mails a link to confirm an address",
			Parameters: pageEmail(), Responses: []openapi.Response{asked}},
		{Handler: a.ResendOnPage, Summary: "Mail a link to confirm an address", Body: form{},
			Responses: []openapi.Response{done, wrong}},
		{Handler: a.VerifyPage, Summary: "Show the page that confirms an address",
			Responses: []openapi.Response{asked, invalid}},
		{Handler: a.VerifyOnPage, Summary: "Confirm the address, or say \"this was not me\"", Body: form{},
			Responses: []openapi.Response{
				openapi.Page(http.StatusOK, "The account or the change was removed: it was not the owner's."),
				{Status: http.StatusSeeOther, Description: "The address is confirmed: back to the page."}, invalid, taken,
			}},
		{Handler: a.RequestResetPage, Summary: "Show the page that mails a link for a new password",
			Parameters: pageEmail(), Responses: []openapi.Response{asked}},
		{Handler: a.RequestResetOnPage, Summary: "Mail a link for a new password", Body: form{},
			Responses: []openapi.Response{done, wrong}},
		{Handler: a.ResetPage, Summary: "Show the page that sets a new password",
			Responses: []openapi.Response{asked, invalid}},
		{Handler: a.ResetOnPage, Summary: "Set the new password", Body: form{},
			Responses: []openapi.Response{done, wrong, invalid},
			Errors:    []*utils.Error{utils.ErrBusy}},
		{Handler: a.UndoPage, Summary: "Show the page that undoes a change of address",
			Responses: []openapi.Response{asked, invalid}},
		{Handler: a.UndoOnPage, Summary: "Undo the change", Responses: []openapi.Response{done, invalid, taken}},
	}
}

// pageEmail is the query parameter that fills the form of a page.
func pageEmail() []openapi.Parameter {
	return []openapi.Parameter{openapi.TextParameter("email", "The initial address.", "ann@example.org")}
}
