// Package calendar writes an event as a file that calendars read: iCalendar, RFC 5545, exchanged as RFC 5546 (iTIP)
// says.
//
// A file publishes an event (METHOD:PUBLISH) or cancels what was published (METHOD:CANCEL: RFC 5546, 4.1.3). It never
// requests attendance (METHOD:REQUEST): mail programs offer buttons for that which mail the answer to the ORGANIZER
// (RFC 5546, 3.2.2 and 3.2.3), where no program reads it, while the guest believes that it was given. An event that
// was published has no ATTENDEE (RFC 5546, 3.2.1), and so no such buttons. Guests answer by the link in the mail.
//
// Calendars know an event by its UID. A file with the same UID takes the place of an earlier one if its SEQUENCE is
// greater or, where that is the same, if its DTSTAMP is later: RFC 5546, 2.1.5.
//
// The package only writes, which takes a page; libraries for iCalendar also read it, with recurrence and time zones.
package calendar
