// Package mail sends mails through an outbox in the database.
//
// A feature calls [Outbox.Enqueue] in the transaction of the change that causes the mail, so that both are stored or
// neither is, and the request can be answered. A [Worker] sends the mail later, trying as often as necessary: a slow or
// unreachable mail server changes neither responses nor their timing.
//
//	request ─▶ Enqueue ─▶ mail_messages ─▶ Worker: lease ─▶ compose ─▶ Transport: send ─▶ mark
//
// A row holds not the text but what is needed to make it: a kind, a recipient, a language and data. The [Composer] that
// the feature registered for the kind ([Outbox.Compose]) makes the text at the moment of sending, usually from
// [Templates]. So the outbox never contains a code that opens an account, and a request for an unknown address stores
// the same row as any other.
//
// A feature that needs the outcome, such as whether a server refused a mail for good, registers a [Follower], which is
// called in the transaction that marks the message.
//
// Mails with a group ([Request]), such as thousands of invitations, have a lane of their own, so that single mails,
// such as the one for a new password, never wait for them. All mails of a group together keep to a rate
// ([Outbox.LimitGroups]), which a worker checks when it leases: those over the limit become due later. Only mails that
// were sent, or are being sent, count.
//
// Workers of several processes share an outbox. A lease lasts longer than sending may take, and only its holder marks
// the message. If a process dies meanwhile, another sends the message when the lease ends. A mail that had already been
// sent is then sent again with the same Message-ID, by which mail programs recognise duplicates.
package mail
