package app_test

// accountAttacks returns attacks on the calls with which administrators manage accounts: by users who are not, or no
// longer, administrators, and by administrators who would lock themselves out.
func accountAttacks() []attack {
	return []attack{
		{"another's account, by the id", httpGet, list + "/3", "ann", "", 403, "FORBIDDEN"},
		{"one's own account, as an administrator", httpGet, list + "/2", "ann", "", 403, "FORBIDDEN"},
		{"nobody's account, without rights", httpGet, list + "/4711", "ann", "", 403, "FORBIDDEN"},
		{"SQL for an id", httpGet, list + "/" + sqlText, "admin", "", 404, "USER_NOT_FOUND"},
		{"an id of 2^63", httpGet, list + "/" + huge, "admin", "", 404, "USER_NOT_FOUND"},
		{"vouch for oneself", httpPost, list + "/2/verify", "ann", "", 403, "FORBIDDEN"},
		{"block an administrator, without rights", httpPost, list + "/3/block", "ann", "", 403, "FORBIDDEN"},
		{"block without a token", httpPost, list + "/2/block", "", "", 401, "UNAUTHORIZED"},
		{"block by a GET", httpGet, list + "/2/block", "admin", "", 405, "METHOD_NOT_ALLOWED"},
		{"block oneself", httpPost, list + "/3/block", "admin", "", 409, "OWN_ACCOUNT"},
		{"block nobody", httpPost, list + "/4711/block", "admin", "", 404, "USER_NOT_FOUND"},
		{"block by the address", httpPost, list + "/ann@example.org/block", "admin", "", 404, "USER_NOT_FOUND"},
		{"block in the body", httpPost, list + "/4711/block", "admin", `{"id":2}`, 404, "USER_NOT_FOUND"},
		{"a blocked administrator's list", httpGet, list, "blocked", "", 401, "UNAUTHORIZED"},
		{"a blocked administrator lets themself in", httpPost, list + "/5/unblock", "blocked", "", 401, "UNAUTHORIZED"},
		{"a blocked administrator signs in", httpPost, login, "", `{"email":"blocked@example.org","password":"123456"}`, 403,
			"ACCOUNT_BLOCKED"},
		{"a blocked administrator, wrong password", httpPost, login, "", `{"email":"blocked@example.org","password":"wrong"}`,
			401, "INVALID_CREDENTIALS"},
		{"a blocked address again", httpPost, user, "", `{"email":"blocked@example.org","password":"123456"}`, 409,
			"EMAIL_IN_USE"},
		{"a block by a change", httpPut, user, "ann", `{"blocked_at":"2026-01-01T00:00:00Z"}`, 200, ""},
	}
}
