// Package calendar writes iCalendar files (RFC 5545, RFC 5546) with one event.
//
// A file publishes an event (METHOD:PUBLISH) or cancels a published one (METHOD:CANCEL: RFC 5546, 4.1.3). It never
// requests attendance (METHOD:REQUEST): for requests, mail programs offer buttons that mail the answer to the ORGANIZER
// (RFC 5546, 3.2.2 and 3.2.3), where no program reads it, although the guest believes that they have answered. A
// published event has no ATTENDEE (RFC 5546, 3.2.1), and so gets no such buttons. Guests answer through the link in the
// mail.
//
// Calendars identify an event by its UID. A file with the same UID replaces an earlier one if its SEQUENCE is greater
// or, if that is the same, its DTSTAMP is later (RFC 5546, 2.1.5).
//
// The package only writes, which takes a page of code; iCalendar libraries also parse recurrence and time zones.
package calendar
