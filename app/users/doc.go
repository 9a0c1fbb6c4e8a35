// Package users manages accounts: registration, authentication, passwords, and administrators.
//
//	POST   /api/v1/user                       register                        users.Register
//	GET    /api/v1/user                       read the signed-in user         users.Read
//	PUT    /api/v1/user                       change the signed-in user       users.Update
//	DELETE /api/v1/user                       delete the signed-in user       users.Delete
//	PUT    /api/v1/privacypolicy              agree to the privacy policy     users.AgreeToPolicy
//	GET    /api/v1/users                      list all, for administrators    users.List
//	POST   /api/v1/authenticate               get a token for a password      users.Authenticate
//	GET    /api/v1/authenticationrefresh      get a token for a token         users.Refresh
//	POST   /api/v1/logout                     end a token, or all             users.Logout
//	POST   /api/v1/password-reset/request     mail a code                     users.RequestPasswordReset
//	POST   /api/v1/password-reset/confirm     set a new password              users.ConfirmPasswordReset
//	GET    /api/v1/verify-email               verify an address               users.VerifyEmail
//	GET    /api/v1/resend-verification-email  mail another link               users.ResendVerification
//
// A token ends in three ways: it expires; its id is in revoked_tokens, after a logout; or the user's token generation
// differs from the token's, after a logout everywhere, a new address or password, or the deletion of the account. All
// of this is looked up with the user, in one query per request.
//
// A code is a secret that was mailed to a user's address ([Code]). It is for setting a new password, or verifies the
// address.
//
// [Service] does the work, for the handlers of [API] and for [Commands]. Other features get the caller of a request
// from [Current] and [Actor], on routes that pass through [API.Authenticated].
package users
