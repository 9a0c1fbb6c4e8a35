// Package users manages accounts: registration, authentication, passwords, and administrators.
//
//	POST   /api/v1/user                       register                        users.Register
//	GET    /api/v1/user                       read the signed-in user         users.Read
//	PUT    /api/v1/user                       change the signed-in user       users.Update
//	DELETE /api/v1/user                       delete the signed-in user       users.Delete
//	GET    /api/v1/user/export                all that is stored of one       users.Export
//	PUT    /api/v1/privacypolicy              agree to the privacy policy     users.AgreeToPolicy
//	GET    /api/v1/users                      list all, for administrators    users.List
//	GET    /api/v1/users/:id                  read one, for administrators    users.ReadOne
//	POST   /api/v1/users/:id/verify           vouch for the address           users.Verify
//	POST   /api/v1/users/:id/block            keep the user out               users.Block
//	POST   /api/v1/users/:id/unblock          let the user in                 users.Unblock
//	POST   /api/v1/authenticate               get a token for a password      users.Authenticate
//	GET    /api/v1/authenticationrefresh      get a token for a token         users.Refresh
//	POST   /api/v1/logout                     end a token, or all             users.Logout
//	POST   /api/v1/password-reset/request     mail a code                     users.RequestPasswordReset
//	POST   /api/v1/password-reset/confirm     set a new password              users.ConfirmPasswordReset
//	GET    /api/v1/verify-email               verify an address               users.VerifyEmail
//	GET    /api/v1/resend-verification-email  mail another link               users.ResendVerification
//	GET    /verify-email[/<code>]             its page                        users.VerifyPage
//	GET    /reset-password[/<code>]           the page for a new password     users.ResetPage
//	GET    /undo-email/<code>                 the page to undo a change       users.UndoPage
//
// A token ends in three ways: it expires; its id is in revoked_tokens, after a logout; or the user's token generation
// differs from the token's, after a logout everywhere, a new address or password, or the account was blocked or
// deleted. All of this is looked up with the user, in one query per request.
//
// Nobody has to own the address that they register. What others grant to it counts only once it is verified
// ([User.InEffect]), and stays with it if the account is deleted or gets another one before ([Belongings]).
//
// A code is a secret that was mailed to a user's address ([Code]). It is for setting a new password, verifies the
// address, changes to it, or undoes a change from it. Links in mails lead to pages, which change nothing by GET:
//
//	PUT /user ─▶ pending_email ─▶ mail to the new address: change_email ─▶ the address moves, tokens end
//	                          └─▶ mail to the old address: undo_email   ─▶ it moves back, or never did
//
// Deleting an account ends it and leaves its row; erasing it, some time later, empties the row and deletes what other
// tables hold of the person. A feature that stores more of people implements [PersonalData], which is what they get
// when they export all that is stored of them, and what is erased.
//
// [Service] does the work, for the handlers of [API] and for [Commands]. Other features get the caller of a request
// from [Current] and [Actor], on routes that pass through [API.Authenticated].
package users
