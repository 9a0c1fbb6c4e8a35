// Package users is who can sign in: accounts, their registration and authentication.
//
//	POST /api/v1/user           register                     users.Register
//	GET  /api/v1/user           read the signed-in user      users.Read
//	POST /api/v1/authenticate   get a token for a password   users.Authenticate
//	POST /api/v1/password-reset/request       mail a code             users.RequestPasswordReset
//	POST /api/v1/password-reset/confirm       set a new password      users.ConfirmPasswordReset
//	GET  /api/v1/verify-email                 verify an address       users.VerifyEmail
//	GET  /api/v1/resend-verification-email    mail another link       users.ResendVerification
//
// Other features learn who is calling from [Current], on routes that pass through [API.Authenticated].
package users
