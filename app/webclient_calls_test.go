package app_test

import (
	"maps"
	"net/http"
)

// organisationCalls returns the call of organisation.service.js.
func organisationCalls() []webCall {
	return []webCall{{name: "getOrganisation", call: "GET organisation", status: http.StatusOK, want: map[string]any{
		"id": 1, "name": "Guestlist", "system_name": "Guestlist", "small_logo": "logo-32x32.png", "large_logo": "Baobab.png",
		"icon_logo": "logo-32x32-white.png", "domain": "guestlist.example.org", "url": "https://guestlist.example.org",
		"email_from": "guestlist@example.org", "system_url": "https://guestlist.example.org", "privacy_policy": "policy.pdf",
		"languages.0.code": "en", "languages.0.description": "English", "languages.1.code": "fr",
		"languages.1.description": "French",
		"iso_currency_code":       "",
	}}}
}

// contentCalls returns the calls of content.service.js, which read lists of values and labels.
func contentCalls() (calls []webCall) {
	for list, first := range map[string][2]any{
		"title": {"{title}", "{title}"}, "gender": {"male", "{gender}"}, "ethnicity": {"black", "{ethnicity}"},
		"disability": {"none", "{disability}"},
		"countries":  {"AF", "Afghanistan"}, "categories": {present{}, present{}},
	} {
		calls = append(calls, webCall{name: list, call: "GET content/" + list, status: http.StatusOK, want: map[string]any{
			"length": present{}, "0.value": first[0], "0.label": first[1],
		}})
	}
	return calls
}

// userCalls returns the calls of user.service.js, except those that remove what other calls need.
func userCalls() []webCall {
	session := func(firstname string) map[string]any {
		return map[string]any{
			"id": present{}, "token": present{}, "email": "ann@example.org", "firstname": firstname, "lastname": "Lee",
			"title":    "Ms",
			"is_admin": false, "primary_language": "{language}", "roles.length": 0,
		}
	}
	credentials := map[string]any{"email": "ann@example.org", "password": "123456"}
	again, undecided := maps.Clone(credentials), maps.Clone(credentials)
	again["policy_agreed"], undecided["policy_agreed"] = true, false
	return []webCall{
		{name: "create without agreeing", call: "POST user", body: undecided, status: http.StatusBadRequest,
			want: map[string]any{"errors.policy_agreed": present{}, "message": present{}}},
		{name: "create", call: "POST user", body: map[string]any{
			"email": "ann@example.org", "firstname": "Ann", "lastname": "Lee", "user_title": "Ms", "password": "123456",
			"policy_agreed": true,
		}, status: http.StatusCreated, want: session("Ann"), save: map[string]string{"ann": "token", "ann id": "id"}},
		{name: "create again", call: "POST user", body: again, status: http.StatusConflict,
			want: map[string]any{"message": present{}}},
		{name: "login", call: "POST authenticate", body: credentials, status: http.StatusOK, want: session("Ann"),
			save: map[string]string{"ann": "token"}},
		{name: "wrong login", call: "POST authenticate", body: map[string]any{"email": "ann@example.org",
			"password": "wrong"},
			status: http.StatusUnauthorized, want: map[string]any{"type": "INVALID_CREDENTIALS", "message": present{}}},
		{name: "get", token: "ann", call: "GET user", status: http.StatusOK, want: map[string]any{
			"email": "ann@example.org", "firstname": "Ann", "lastname": "Lee", "user_title": "Ms",
		}},
		{name: "get by nobody", call: "GET user", status: http.StatusUnauthorized,
			want: map[string]any{"type": "UNAUTHORIZED", "message": present{}}},
		{name: "update", token: "ann", call: "PUT user", body: map[string]any{
			"email": "ann@example.org", "firstname": "Anne", "lastname": "Lee", "user_title": "Ms", "password": "",
		}, status: http.StatusOK, want: session("Anne"), save: map[string]string{"ann": "token"}},
		{name: "agree to the policy", token: "ann", call: "PUT privacypolicy", body: map[string]any{"policy_agreed": true},
			status: http.StatusOK},
		{name: "authRefresh", token: "ann", call: "GET authenticationrefresh", status: http.StatusOK, want: session("Anne")},
		{name: "requestPasswordReset", call: "POST password-reset/request", body: map[string]any{"email": "ann@example.org"},
			status: http.StatusCreated},
		{name: "confirmPasswordReset", call: "POST password-reset/confirm",
			body:   map[string]any{"password": "abcdef", "code": "wrong"},
			status: http.StatusBadRequest, want: map[string]any{"message": present{}}},
		{name: "verifyEmail", call: "GET verify-email?token=wrong", status: http.StatusBadRequest,
			want: map[string]any{"message": present{}}},
		{name: "resendVerification", call: "GET resend-verification-email?email=ann@example.org", status: http.StatusCreated},
	}
}

// endCalls returns the calls that delete the account, after which no other call works, and check that it is gone.
func endCalls() []webCall {
	return []webCall{
		{name: "deleteAccount", token: "ann", call: "DELETE user", status: http.StatusOK},
		{name: "get after it", token: "ann", call: "GET user", status: http.StatusUnauthorized,
			want: map[string]any{"type": "UNAUTHORIZED"}},
	}
}
