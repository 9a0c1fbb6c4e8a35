package seed

import (
	"context"
	"fmt"
	"slices"

	"guestlist/app/events"
	"guestlist/app/invitedguest"
)

// guestRoles are the roles of guests, weighted by repetition.
var guestRoles = []string{"guest", "guest", "guest", "guest", "speaker", "mentor", "press"}

// batchSize is the number of guests in one bulk invitation.
const batchSize = 1000

// storeGuests invites guests to an event, most of whom answer. The first guest of each language has not answered, and
// the report has a link for them if answers are still possible.
func (w *work) storeGuests(ctx context.Context, p *plan, event *events.Event, tagIDs []int64) error {
	invited := w.invited(p.share)
	then, later := w.at(p.invited), w.at(p.answered)
	asked := map[string]bool{} // languages with a guest who has not answered
	for batch := range slices.Chunk(invited, batchSize) {
		ids, err := w.invite(ctx, then, event.ID, batch, tagIDs)
		if err != nil {
			return err
		}
		for i, guest := range batch {
			if asked[guest.language] {
				if err := w.answer(ctx, later, event, ids[i]); err != nil {
					return err
				}
				continue
			}
			asked[guest.language] = true
			if err := w.link(ctx, event, guest, ids[i]); err != nil {
				return err
			}
		}
	}
	w.report.Events = append(w.report.Events, Event{p.key, p.about, len(invited)})
	return nil
}

// invited returns one in share of the people, starting with the first.
func (w *work) invited(share int) (some []person) {
	for i := 0; i < len(w.people); i += share {
		some = append(some, w.people[i])
	}
	return some
}

// invite invites people and returns the ids of the guests.
func (w *work) invite(ctx context.Context, then services, eventID int64, people []person,
	tagIDs []int64) ([]int64, error) {
	candidates := make([]invitedguest.Candidate, len(people))
	for i, guest := range people {
		candidates[i] = invitedguest.Candidate{
			Email: guest.address, Firstname: guest.first, Lastname: guest.last, UserTitle: guest.title,
			Language: guest.language, Role: pick(w.random, guestRoles), TagIDs: w.someOf(tagIDs),
		}
	}
	report, err := then.guests.InviteMany(ctx, w.actor(), invitedguest.Batch{EventID: eventID, People: candidates})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(people))
	for i, outcome := range report.Results {
		if ids[i] = outcome.GuestID; ids[i] == 0 {
			return nil, fmt.Errorf("%s was not invited: %s %s", outcome.Email, outcome.Result, outcome.Errors.Words())
		}
	}
	return ids, nil
}

// someOf returns each id with a probability of 1/5.
func (w *work) someOf(ids []int64) (some []int64) {
	for _, id := range ids {
		if w.random.IntN(5) == 0 {
			some = append(some, id)
		}
	}
	return some
}

// answer answers for a guest, or leaves the invitation open, at random.
func (w *work) answer(ctx context.Context, later services, event *events.Event, guestID int64) error {
	status := invitedguest.Declined
	switch chance := w.random.IntN(100); {
	case chance < 30:
		return nil
	case chance < 85:
		status = invitedguest.Accepted
	}
	guest := invitedguest.InvitedGuest{ID: guestID, Event: event, Status: invitedguest.Invited}
	return later.guests.Answer(ctx, &guest, status, nil)
}

// link adds a guest's link to the report, unless it is too late to answer.
func (w *work) link(ctx context.Context, event *events.Event, guest person, guestID int64) error {
	now := w.at(0).guests
	if now.CheckAnswerable(event) != nil {
		return nil //nolint:nilerr // nothing to answer
	}
	url, err := now.IssueLink(ctx, guestID)
	if err != nil {
		return err
	}
	w.report.Links = append(w.report.Links, Link{guest.language, guest.name(), url})
	return nil
}
