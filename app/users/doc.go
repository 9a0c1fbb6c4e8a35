// Package users manages accounts: registration, authentication, passwords, and administrators.
//
// The command `guestlist routes` lists the URLs.
//
// A token ends in three ways: it expires; a logout stores its id in revoked_tokens; or a logout everywhere, a new
// address or password, blocking or deleting the account raises the user's token generation above the token's. One query
// per request checks all of this and reads the user.
//
// Registration does not prove that the user owns the address. Roles and invitations given to an address take effect
// only once it is verified ([User.InEffect]). If the unverified account is deleted or changes its address, they stay
// with the address ([Belongings]).
//
// A code is a secret that was mailed to a user's address ([Code]). It sets a new password, verifies the address,
// confirms a change to it, or undoes a change from it. Links in mails lead to pages, whose GET changes nothing:
//
//	PUT /user ─▶ pending_email ─▶ mail to the new address: change_email ─▶ the address moves, tokens end
//	                          └─▶ mail to the old address: undo_email   ─▶ it moves back, or never did
//
// Deleting an account ends it but keeps its row; erasing it, some time later, empties the row and deletes the person's
// data in other tables. A feature that stores personal data implements [PersonalData], so that exports contain it and
// erasure deletes it.
//
// [Service] does the work, for the handlers of [API] and for [Commands]. Other features get the caller of a request
// from [Current] and [Actor], on routes that pass through [API.Authenticated].
package users
