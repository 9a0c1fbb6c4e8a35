package invitedguest

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/table"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// relaxForUpdate removes errors that do not apply if the candidate is an existing guest.
func (r *Candidate) relaxForUpdate(wrong utils.FieldErrors) utils.FieldErrors {
	if r.Email == "" && r.GuestID != 0 {
		delete(wrong, "email")
	}
	if r.Role == "" && !r.ownRole {
		delete(wrong, "role")
	}
	if r.GuestID != 0 {
		wrong.Add("invited_guest_id", utils.CheckID(r.GuestID))
	}
	return wrong
}

// guestUpdate is the change that a row of a batch makes to a guest.
type guestUpdate struct {
	row     int // the index in the batch
	guest   *existingGuest
	change  Changes
	changed []string // names of fields
}

// updateMany applies the valid rows that identify existing guests, each row as a whole or not at all, and reports them.
// It returns the indexes of the rows to invite; there are none unless the event is open.
func (s *Service) updateMany(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, b Batch, valid []int, r *Report, open bool,
) (rest []int, err error) {
	if !b.DryRun { // must precede reading the guests
		if err := lockEvent(ctx, tx, b.EventID, forUpdate); err != nil {
			return nil, err
		}
	}
	found, err := findExisting(ctx, tx, b, valid)
	if err != nil {
		return nil, err
	}
	updates, rest := r.planUpdates(b, valid, found, open)
	return rest, s.applyUpdates(ctx, tx, actor, b, updates, r)
}

// errDryRun rolls back a dry run.
var errDryRun = errors.New("only a dry run")

// applyUpdates makes the changes and records the results; in a dry run it rolls the changes back.
func (s *Service) applyUpdates(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, b Batch, updates []guestUpdate, r *Report,
) error {
	if len(updates) == 0 {
		return nil
	}
	err := tx.Transaction(func(tx *gorm.DB) error { // a savepoint
		refused, err := correctMany(ctx, tx, b.EventID, updates)
		if err != nil {
			return err
		}
		updates = r.refuse(updates, refused)
		if err := storeUpdates(ctx, tx, updates); err != nil {
			return err
		}
		if b.DryRun {
			return errDryRun
		}
		if err := s.notifyUpdates(ctx, tx, actor, b.EventID, updates); err != nil {
			return err
		}
		return recordUpdates(ctx, tx, actor, b.EventID, updates)
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return err
}

// refuse records the results of the updates and returns those whose users are not refused.
func (r *Report) refuse(updates []guestUpdate, refused map[int64]bool) (kept []guestUpdate) {
	for _, u := range updates {
		o := &r.Results[u.row]
		if o.Result, o.Changed = resultUpdated, u.changed; refused[u.guest.UserID] {
			o.Result, o.Changed = resultInvalid, nil
			for _, field := range u.changed {
				if slices.Contains(personFields, field) {
					o.Errors.Add(field, "cannot be changed: the account is used beyond this invitation")
				}
			}
		} else {
			kept = append(kept, u)
		}
		r.count(o)
	}
	return kept
}

// personFields are the fields of an account that an update may change.
var personFields = []string{"firstname", "lastname", "user_title", "language"}

// count counts the result of an updated row.
func (r *Report) count(o *Outcome) {
	switch o.Result {
	case resultUpdated:
		r.Updated++
	case resultUnchanged:
		r.Unchanged++
	case resultInvalid:
		r.Invalid++
	}
}

// planUpdates returns the changes that the valid rows make to guests, and the indexes of the rows to invite.
func (r *Report) planUpdates(b Batch, valid []int, found foundGuests, open bool) (updates []guestUpdate, rest []int) {
	seen := map[int64]bool{}
	for _, i := range valid {
		c, o := &b.People[i], &r.Results[i]
		guest := found.match(c)
		switch {
		case guest == nil:
			if o.Errors = c.checkNew(open); len(o.Errors) == 0 {
				rest = append(rest, i)
				continue
			}
		case c.Email != "" && c.Email != guest.Email:
			o.Errors.Add("email", "is not the guest's; a table cannot change addresses")
		case seen[guest.ID]:
			o.Errors.Add("row", "repeats a guest of an earlier row")
		default:
			seen[guest.ID] = true
			o.Email, o.GuestID, o.UserID = guest.Email, guest.ID, guest.UserID
			change, changed, problem := c.changes(guest)
			if problem != "" {
				o.Errors.Add("status", problem)
				break
			}
			if len(changed) > 0 {
				updates = append(updates, guestUpdate{i, guest, change, changed})
				continue
			}
			o.Result = resultUnchanged
		}
		if len(o.Errors) > 0 {
			o.Result = resultInvalid
		}
		r.count(o)
	}
	return updates, rest
}

// checkNew returns what is wrong with a candidate who is not a guest yet.
func (r *Candidate) checkNew(open bool) (wrong utils.FieldErrors) {
	if r.GuestID != 0 {
		wrong.Add("invited_guest_id", "is not a guest of the event")
		return wrong
	}
	wrong.Add("role", CheckRole(r.Role))
	if r.Status != "" && r.Status != Invited {
		wrong.Add("status", "can be recorded for guests only")
	}
	if !open {
		wrong.Add("email", "is not a guest, and registration has closed")
	}
	return wrong
}

// changes returns the change that the candidate makes to a guest, with the names of the changed fields, or what is
// wrong with the status.
func (r *Candidate) changes(guest *existingGuest) (change Changes, changed []string, problem string) {
	change.Person, changed = r.corrections(guest)
	if r.ownRole && r.Role != guest.Role && r.Role != table.Clean(guest.Role) {
		change.Role, changed = r.Role, append(changed, "role")
	}
	if ids := distinct(r.TagIDs); (r.given[table.TagIDs] || r.given[table.Tags]) && !slices.Equal(ids, guest.tagIDs) {
		change.TagIDs, changed = append([]int64{}, ids...), append(changed, "tags")
	}
	if r.Status == "" || r.Status == guest.Status {
		return change, changed, ""
	}
	if r.outdated(guest) {
		if r.Status == Invited { // as exported, not a change
			return change, changed, ""
		}
		return change, changed, "cannot be changed: the guest has answered since the export"
	}
	change.Status = r.Status
	return change, append(changed, "status"), ""
}

// corrections returns the candidate's changes to the guest's account, with the names of the changed fields.
func (r *Candidate) corrections(guest *existingGuest) (person users.Correction, changed []string) {
	for _, field := range []struct {
		name     string
		old, new string
		into     **string
	}{
		{"firstname", guest.Firstname, r.Firstname, &person.Firstname},
		{"lastname", guest.Lastname, r.Lastname, &person.Lastname},
		{"user_title", guest.UserTitle, r.UserTitle, &person.UserTitle},
	} {
		if r.given[field.name] && field.new != field.old && field.new != table.Clean(field.old) {
			*field.into = &field.new
			changed = append(changed, field.name)
		}
	}
	if r.Language != "" && r.Language != guest.PrimaryLanguage {
		person.Language, changed = r.Language, append(changed, "language")
	}
	return person, changed
}

// outdated reports whether the guest has answered since the table was exported.
func (r *Candidate) outdated(guest *existingGuest) bool {
	if !r.given["answered_at"] || guest.AnsweredAt == nil {
		return false
	}
	if r.answeredAt == "" {
		return true
	}
	at, err := time.Parse(time.RFC3339, r.answeredAt)
	// unparsable: a spreadsheet may have reformatted it
	return err == nil && !at.Equal(guest.AnsweredAt.Truncate(time.Second))
}
