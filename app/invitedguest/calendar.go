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

// calendars creates calendar entries for guests.
type calendars struct {
	organizer string // the address for events without one
}

// invitationID identifies an invitation in calendars, even after the invitation is deleted.
type invitationID struct {
	GuestID   int64
	InvitedAt time.Time
}

func (g *InvitedGuest) invitationID() invitationID { return invitationID{g.ID, g.CreatedAt} }

// newEvent returns the guest's calendar entry for the event as it is now. It has no link to the page on which the guest
// answers, since people share their calendars.
func (c calendars) newEvent(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	begin, end, whole := days(event)
	return calendar.Event{
		UID: of.uid(event.ID), Sequence: sequence(event), Stamp: now, Begin: begin, End: end, WholeDays: whole,
		Summary:     textFor(user, event, event.Name),
		Description: textFor(user, event, event.Description), URL: event.Link(),
		Organizer: cmp.Or(event.EmailFrom, c.organizer),
	}
}

// current returns newEvent, or cancelled if the event is cancelled.
func (c calendars) current(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	if event.CancelledAt != nil {
		return c.cancelled(event, of, user, now)
	}
	return c.newEvent(event, of, user, now)
}

// cancelled returns an entry that removes the event from the calendar. Its sequence number is greater than newEvent's.
func (c calendars) cancelled(event *events.Event, of invitationID, user *users.User, now time.Time) calendar.Event {
	result := c.newEvent(event, of, user, now)
	result.Cancelled = true
	result.Sequence++
	return result
}

// uid returns the UID of an invitation's calendar files. A later invitation with the same ID gets another, and the UID
// does not reveal how many there are.
func (i invitationID) uid(eventID int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "calendar\x00%d\x00%d\x00%d", eventID, i.GuestID, i.InvitedAt.UnixMicro()))
	return hex.EncodeToString(sum[:16])
}

// sequence returns a number that grows with every change of the event: the seconds from its creation to the last
// change.
func sequence(event *events.Event) int64 {
	return max(0, int64(event.UpdatedAt.Sub(event.CreatedAt)/time.Second))
}

// days returns when the event begins and ends, and whether it lasts whole days; if it does, end is the day after the
// last one.
func days(event *events.Event) (begin time.Time, end *time.Time, whole bool) {
	zone := event.Zone()
	begin = event.StartDate.In(zone)
	if event.EndDate == nil || !localtime.WholeDays(begin, *event.EndDate, zone) {
		return begin, event.EndDate, false
	}
	return begin, new(event.EndDate.In(zone).AddDate(0, 0, 1)), true
}

// fileName returns the name of the calendar file; an event's key is a valid file name.
func fileName(event *events.Event) string { return event.Key + ".ics" }

// attachment returns the calendar entry as an attached file.
func attachment(event *events.Event, in calendar.Event) []mail.File {
	return []mail.File{{Name: fileName(event), MediaType: in.MediaType(), Data: in.File()}}
}
