// Package users is who can sign in: accounts, their registration and authentication.
//
//	POST /api/v1/user           register                     users.Register
//	GET  /api/v1/user           read the signed-in user      users.Read
//	POST /api/v1/authenticate   get a token for a password   users.Authenticate
//
// Other features learn who is calling from [Current], on routes that pass through [API.Authenticated].
package users
