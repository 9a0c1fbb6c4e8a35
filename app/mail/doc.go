// Package mail sends what other features want to tell people, through an outbox in the database.
//
// A feature asks for a mail inside the transaction of what causes it ([Outbox.Enqueue]): the one is stored with the
// other, or neither is. The request is answered then. A [Worker] sends later, as often as it takes, and a mail server
// that is slow or away changes neither an answer nor its timing.
//
//	request ─▶ Enqueue ─▶ mail_messages ─▶ Worker: lease ─▶ compose ─▶ Transport: send ─▶ mark
//
// A row says what to send, not the text: a kind, a recipient, a language and some data. The text is made when it is
// sent, by the [Composer] that the feature registered for the kind ([Outbox.Compose]), mostly from [Templates]. So no
// code that opens an account ever lies in the outbox, and a request for an address that nobody has writes the same row
// as any.
//
// A feature that wants to know how its mails ended, such as that a server refused one for good, registers a [Follower],
// which is called in the transaction that marks the message.
//
// There are two lanes, so that what somebody waits for, such as a mail for a new password, never waits for thousands of
// invitations: mails that belong to a group ([Request]) have a lane of their own. All of a group together keep to a
// rate ([Outbox.LimitGroups]), which a worker checks when it leases: what is over the limit becomes due later. Only
// mails that went out count, or are on their way.
//
// Workers of several processes share an outbox. A message is leased for longer than its sending may take, and only who
// holds the lease marks it. A process that dies in between leaves the message to another once the lease is over; if it
// had been sent already, it goes out again with the same Message-ID, by which mail programs recognise it.
package mail
