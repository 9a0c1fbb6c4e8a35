// Package invitedguest is the guests of events: who is invited, with which role and tags, and how they answered.
//
//	POST   /api/v1/invitedGuest         invite a user                        invitedguest.Invite
//	POST   /api/v1/invitedGuest/create  make a user and invite them          invitedguest.Create
//	POST   /api/v1/invitedGuest/bulk    invite up to 10,000 at once          invitedguest.InviteMany
//	GET    /api/v1/invitedGuest         read a guest                         invitedguest.Read
//	PUT    /api/v1/invitedGuest         correct a guest, or answer for them  invitedguest.Update
//	DELETE /api/v1/invitedGuest         withdraw an invitation               invitedguest.Remove
//	POST   /api/v1/invitedGuest/resend  mail the invitation to one again     invitedguest.Resend
//	POST   /api/v1/invitedGuest/remind  mail those who have not answered     invitedguest.Remind
//	POST   /api/v1/event-mail           mail a change or a cancellation      invitedguest.Announce
//	GET    /api/v1/invitedGuest/counts  count by status, role, tag and mail  invitedguest.Count
//	GET    /api/v1/event-wording        list the organisers' own wordings    invitedguest.ListWordings
//	PUT    /api/v1/event-wording        word a mail in a language            invitedguest.SetWording
//	DELETE /api/v1/event-wording        return to the built-in words         invitedguest.RemoveWording
//	POST   /api/v1/event-wording/preview  see a mail, or mail it to oneself  invitedguest.TryWording
//	GET    /api/v1/event-notification   is the caller told of answers?       invitedguest.ReadNews
//	PUT    /api/v1/event-notification   be told at once, daily, never        invitedguest.SetNews
//	GET    /api/v1/invitedGuestList     list, as JSON or a table             invitedguest.List
//	GET    /api/v1/userprofilelist      list the guests as profiles          invitedguest.ListProfiles
//	GET    /api/v1/userprofile          read a guest's profile               invitedguest.ReadProfile
//	GET    /api/v1/checkIfInvitedGuest  is the caller a guest?               invitedguest.Check
//	POST   /api/v1/invitedguesttag      give a guest a tag                   invitedguest.AddTag
//	DELETE /api/v1/invitedguesttag      take a tag from a guest              invitedguest.RemoveTag
//	POST   /api/v1/invitation           answer by a code                     invitedguest.Answer
//	GET    /invitation/:code            the page to answer on                invitedguest.Page
//	POST   /invitation/:code            its form                             invitedguest.AnswerOnPage
//	GET    /invitation/:code/event.ics  the event, for a calendar            invitedguest.Calendar
//	GET    /invitation/:code/unsubscribe  end reminders?                     invitedguest.OptOutPage
//	POST   /invitation/:code/unsubscribe  end them                           invitedguest.OptOutOnPage
//
// The administrators of the event manage its guests. A guest answers by a code, which is in a link in the mail:
//
//	Invite, Create, InviteMany ─▶ invited_guests + mail_messages ─▶ composed when sent, with the code ─▶ Page, Answer
//
// A guest, the mail to them, their tags and, if they had none, their account are stored in one transaction. The code is
// signed, not stored; it names its invitation, and is valid while that exists.
//
// API decodes, authorises and answers; Service does the work, for the commands guests import and guests export too,
// which need nothing but a database: the server composes the mails that they enqueue.
//
// The list is sorted and searched by copies of the users' keys, which a foreign key with ON UPDATE CASCADE keeps in
// step. On PostgreSQL a join sorted by the user's own key is slow where the guests are few among the users or their
// addresses come last. Lock order: event, then users (by address). Every writer follows it, so that two writers cannot
// deadlock.
package invitedguest
