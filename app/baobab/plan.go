package baobab

import (
	"fmt"
	"time"

	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// plan is what to store, in the features' types, and what rows refer to. It is a function of the rows.
type plan struct {
	report *Report
	now    time.Time
	zone   *time.Location // of the events

	accounts []plannedAccount
	deleted  []plannedAccount
	emails   map[int64]string // address of the account that gets a user's rows
	gone     map[int64]string // why no account gets a user's rows
	events   []*plannedEvent
	eventOf  map[int64]*plannedEvent
	tagOf    map[int64]*plannedTag
	guestOf  map[int64]*plannedGuest
}

type plannedAccount struct {
	users.Account

	id    int64
	mends []string // changes to the row
}

// plannedEvent is an event with its roles, tags and guests.
type plannedEvent struct {
	events.Document

	id     int64
	mends  []string
	roles  []plannedRole
	tags   []*plannedTag
	guests []*plannedGuest
}

type plannedRole struct {
	id          int64
	email, role string
}

type plannedTag struct {
	tags.Tag

	id    int64
	event *plannedEvent
	mends []string
}

type plannedGuest struct {
	id          int64
	event       *plannedEvent
	email, role string
	acceptedAt  *time.Time
	tags        []plannedGuestTag
}

type plannedGuestTag struct {
	id  int64
	tag *plannedTag
}

// newPlan plans the rows, with events in zone. knows reports whether a role exists here.
func newPlan(r *rows, now time.Time, zone *time.Location, knows func(role string) bool) *plan {
	p := &plan{
		report: &Report{Organisation: fmt.Sprintf("organisation %d (%s)", r.organisation.ID, r.organisation.Name)},
		now:    now, zone: zone, emails: map[int64]string{}, gone: map[int64]string{},
		eventOf: map[int64]*plannedEvent{}, tagOf: map[int64]*plannedTag{}, guestOf: map[int64]*plannedGuest{},
	}
	p.planAccounts(r.users)
	for id := range r.strangers {
		p.gone[id] = fmt.Sprintf("app_user %d is of another organisation", id)
	}
	p.planEvents(r.events, r.eventTranslations)
	p.planRoles(r.roles, knows)
	p.planTags(r.tags, r.tagTranslations)
	p.planGuests(r.guests)
	p.planGuestTags(r.guestTags)
	return p
}

// user returns the address of the account that gets a user's rows, or why none does.
func (p *plan) user(id int64) (email, why string) {
	if email, found := p.emails[id]; found {
		return email, ""
	}
	if why, known := p.gone[id]; known {
		return "", why
	}
	return "", fmt.Sprintf("there is no app_user %d", id)
}

// event returns a planned event, or why there is none. In eventOf, a skipped event is nil.
func (p *plan) event(id int64) (event *plannedEvent, why string) {
	event, known := p.eventOf[id]
	return event, missing("event", id, known, event == nil)
}

// missing returns why there is no planned row, or "" if there is one.
func missing(table string, id int64, known, leftOut bool) string {
	switch {
	case !known:
		return fmt.Sprintf("there is no %s %d", table, id)
	case leftOut:
		return fmt.Sprintf("%s %d is skipped", table, id)
	}
	return ""
}

// both returns the event and the address of a row that refers to both, or why it is skipped.
func (p *plan) both(eventID, userID int64) (event *plannedEvent, email, why string) {
	if event, why = p.event(eventID); why == "" {
		email, why = p.user(userID)
	}
	return event, email, why
}

func (p *plan) planRoles(rows []roleRow, knows func(role string) bool) {
	type held struct {
		event       *plannedEvent
		email, role string
	}
	seen := map[held]int64{}
	for _, row := range rows {
		event, email, why := p.both(row.EventID, row.UserID)
		if why == "" && !knows(row.Role) {
			why = fmt.Sprintf("the role %q does not exist here: add it to EVENT_ROLES and import again", row.Role)
		}
		if first, twice := seen[held{event, email, row.Role}]; why == "" && twice {
			why = fmt.Sprintf("event_role %d says the same", first)
		}
		if why != "" {
			p.report.skipf(roles, "event_role", row.ID, "%s", why)
			continue
		}
		seen[held{event, email, row.Role}] = row.ID
		event.roles = append(event.roles, plannedRole{row.ID, email, row.Role})
	}
}
