package invitedguest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"guestlist/app/calendar"
	"guestlist/app/events"
	"guestlist/app/localtime"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// calendars makes the events that guests put into their calendars.
type calendars struct {
	organizer string // an address: of events that have none
}

// invited identifies an invitation in a calendar, even when it is gone.
type invitationID struct {
	GuestID   int64
	InvitedAt time.Time
}

func (g *InvitedGuest) invitationID() invitationID { return invitationID{g.ID, g.CreatedAt} }

// newEvent returns the event as it is now, for the calendar of the guest, who is the user. It has no link to answer
// by, since people share their calendars.
func (c calendars) newEvent(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	begin, end, whole := days(event)
	return calendar.Event{
		UID: of.uid(event.ID), Sequence: sequence(event), Stamp: now, Begin: begin, End: end, WholeDays: whole,
		Summary:     textFor(user, event, event.Name),
		Description: textFor(user, event, event.Description), URL: event.Link(),
		Organizer: cmp.Or(event.EmailFrom, c.organizer),
	}
}

// current returns newEvent, or cancelled if the event is.
func (c calendars) current(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	if event.CancelledAt != nil {
		return c.cancelled(event, of, user, now)
	}
	return c.newEvent(event, of, user, now)
}

// cancelled returns newEvent for an event that is taken out of the calendar. The sequence is that of a change.
func (c calendars) cancelled(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	result := c.newEvent(event, of, user, now)
	result.Cancelled = true
	result.Sequence++
	return result
}

// uid is the same in all files of one invitation, and another for one that gets the same id later. It tells nothing of
// how many there are.
func (i invitationID) uid(eventID int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "calendar\x00%d\x00%d\x00%d", eventID, i.GuestID, i.InvitedAt.UnixMicro()))
	return hex.EncodeToString(sum[:16])
}

// sequence grows with each change of the event: it is the age of the event, in seconds, at the last one.
func sequence(event *events.Event) int64 {
	return max(0, int64(event.UpdatedAt.Sub(event.CreatedAt)/time.Second))
}

// days returns when the event begins and ends, and whether it is known by whole days: then the end is the day after the
// last one.
func days(event *events.Event) (begin time.Time, end *time.Time, whole bool) {
	zone := event.Zone()
	begin = event.StartDate.In(zone)
	if event.EndDate == nil || !localtime.WholeDays(begin, *event.EndDate, zone) {
		return begin, event.EndDate, false
	}
	return begin, new(event.EndDate.In(zone).AddDate(0, 0, 1)), true
}

// fileName returns the name of the file for calendars: an event's key is a valid file name.
func fileName(event *events.Event) string { return event.Key + ".ics" }

// attached returns the event for a calendar as a file that comes with a mail.
func attachment(event *events.Event, in calendar.Event) []mail.File {
	return []mail.File{{Name: fileName(event), MediaType: in.MediaType(), Data: in.File()}}
}
