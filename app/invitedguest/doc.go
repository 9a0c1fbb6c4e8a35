// Package invitedguest manages the guests of events: who is invited, with which role and tags, and how they answered.
//
// `guestlist routes` prints the URLs and their handlers; the OpenAPI document describes requests and responses.
//
// The administrators of an event manage its guests. A guest answers without signing in, by the code in the link that
// the mail contains:
//
//	Invite, Create, InviteMany ─▶ invited_guests + mail_messages ─▶ composed when sent, with the code ─▶ Page, Answer
//
// A guest, their mail, their tags and, if they had none, their account are stored in one transaction. Only a hash of
// the code is stored. A code is valid until the invitation is withdrawn or mailed to a corrected address.
//
// API decodes and authorises requests and writes responses. Service does the work, also for the commands guests import
// and guests export, which need only a database: the server composes the mails that they enqueue.
//
// Lists are sorted and searched by copies of the users' keys, which a foreign key with ON UPDATE CASCADE keeps in step.
// On PostgreSQL, a join sorted by the user's own key is slow if the guests are few among the users or their addresses
// sort last.
//
// Lock order: event, then users (by address), then guests. Every writer follows it, so that two writers cannot
// deadlock.
package invitedguest
