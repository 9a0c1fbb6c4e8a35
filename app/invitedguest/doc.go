// Package invitedguest is the guests of events: who is invited, with which role and tags, and how they answered.
//
//	POST   /api/v1/invitedGuest         invite a user                        invitedguest.Invite
//	POST   /api/v1/invitedGuest/create  make a user and invite them          invitedguest.Create
//	POST   /api/v1/invitedGuest/bulk    invite up to 10,000 at once          invitedguest.InviteMany
//	GET    /api/v1/invitedGuest         read a guest                         invitedguest.Read
//	DELETE /api/v1/invitedGuest         withdraw an invitation               invitedguest.Remove
//	POST   /api/v1/invitedGuest/remind  mail those who have not answered     invitedguest.Remind
//	GET    /api/v1/invitedGuest/counts  count by status, role and tag        invitedguest.Count
//	GET    /api/v1/invitedGuestList     list, as JSON or CSV                 invitedguest.List
//	GET    /api/v1/checkIfInvitedGuest  tell the caller whether they are one invitedguest.Check
//	POST   /api/v1/invitedguesttag      give a guest a tag                   invitedguest.AddTag
//	DELETE /api/v1/invitedguesttag      take a tag from a guest              invitedguest.RemoveTag
//	POST   /api/v1/invitation           answer by a code                     invitedguest.Answer
//	GET    /invitation/:code            the page to answer on                invitedguest.Page
//	POST   /invitation/:code            its form                             invitedguest.AnswerOnPage
//
// Whoever administers the event manages its guests. A guest answers by a code, which is in a link in the mail:
//
//	Invite, Create, InviteMany ─▶ invited_guests + mail_messages ─▶ composed when sent, with the code ─▶ Page, Answer
//
// A guest, the mail to them, their tags and, where they were none, their account are stored in one transaction. The code is
// signed, not stored; it says which invitation it is of, and ends with it.
//
// The list is sorted and searched by copies of the users' keys, which a foreign key changes when a user is called
// otherwise. Whoever stores guests locks the event first and then their users, so that the copies are right and nobody
// waits for another in a circle.
package invitedguest
