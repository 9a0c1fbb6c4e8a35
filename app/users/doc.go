// Package users is who can sign in: accounts, their registration and authentication, and the ends of both.
//
//	POST   /api/v1/user                    register                         users.Register
//	GET    /api/v1/user                    read the signed-in user          users.Read
//	PUT    /api/v1/user                    change the signed-in user        users.Update
//	DELETE /api/v1/user                    delete the signed-in user        users.Delete
//	GET    /api/v1/users                   list all, for administrators     users.List
//	POST   /api/v1/authenticate            get a token for a password       users.Authenticate
//	GET    /api/v1/authenticationrefresh   get a token for a token          users.Refresh
//	POST   /api/v1/logout                  end a token, or all              users.Logout
//
// A token ends in three ways: it expires; its id stands in revoked_tokens, after a logout; or the user's token generation
// is another than the token's, after a logout everywhere, a new address or password, or the account's end. All of it is
// looked up with the user, in one query a request.
//
// Other features learn who is calling from [Current], on routes that pass through [API.Authenticated].
package users
