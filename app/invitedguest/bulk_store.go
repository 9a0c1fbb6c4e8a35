package invitedguest

import (
	"context"
	"fmt"
	"maps"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// What became of a candidate.
const (
	resultCreated = "created"
	resultAlready = "already invited"
	resultInvalid = "invalid"
)

// report answers who was invited, row by row.
type report struct {
	DryRun  bool      `json:"dry_run"`
	Created int       `json:"created"`
	Already int       `json:"already_invited"`
	Invalid int       `json:"invalid"`
	Results []outcome `json:"results"`
}

// outcome is what became of a row.
type outcome struct {
	Row     int               `json:"row"` // from 1
	Email   string            `json:"email"`
	Result  string            `json:"result"`
	Errors  utils.FieldErrors `json:"errors,omitempty"`
	GuestID int64             `json:"invited_guest_id,omitempty"`
	UserID  int64             `json:"user_id,omitempty"`
}

// inviteMany invites all valid candidates who are no guests yet, in tx, and makes users of those who are none. In a dry
// run it stores nothing and answers the same, but for ids. However many they are, it takes a few statements.
func (a *API) inviteMany(ctx context.Context, tx *gorm.DB, eventID int64, candidates []candidate, dry bool) (report, error) {
	known, err := tagIDs(ctx, tx, eventID)
	if err != nil {
		return report{}, err
	}
	r := report{DryRun: dry, Results: make([]outcome, len(candidates))}
	valid := r.validate(candidates, known)
	references, guests, err := settleUsers(ctx, tx, eventID, candidates, valid, dry)
	if err != nil {
		return report{}, err
	}
	var chosen []int // candidates who are invited now
	for _, i := range valid {
		id := references[candidates[i].Email].ID
		if r.Results[i].UserID = id; guests[id] {
			r.Results[i].Result = resultAlready
			r.Already++
			continue
		}
		r.Results[i].Result = resultCreated
		r.Created++
		chosen = append(chosen, i)
	}
	if dry || len(chosen) == 0 {
		return r, nil
	}
	return r, a.storeMany(ctx, tx, eventID, candidates, chosen, references, r.Results)
}

// validate notes what is wrong with candidates, and those who stand there twice, and returns the others.
func (r *report) validate(candidates []candidate, known map[int64]bool) (valid []int) {
	seen := make(map[string]bool, len(candidates))
	for i := range candidates {
		c := &candidates[i]
		wrong := c.Validate()
		for _, id := range c.TagIDs {
			if !known[id] {
				wrong.Add("tag_ids", "must be tags of the event")
			}
		}
		r.Results[i] = outcome{Row: i + 1, Email: c.Email, Errors: wrong}
		switch {
		case len(wrong) > 0:
			r.Results[i].Result = resultInvalid
			r.Invalid++
		case seen[c.Email]:
			r.Results[i].Result = resultAlready
			r.Already++
		default:
			seen[c.Email] = true
			valid = append(valid, i)
		}
	}
	return valid
}

// settleUsers makes users of those candidates who are none, and returns references to all by address, and which of them are
// guests already. In a dry run it makes nobody a user, and there is no reference to them.
func settleUsers(ctx context.Context, tx *gorm.DB, eventID int64, candidates []candidate, valid []int, dry bool) (references map[string]users.Reference, guests map[int64]bool, err error) {
	people, emails := make([]users.Person, len(valid)), make([]string, len(valid))
	for n, i := range valid {
		people[n], emails[n] = candidates[i].person(), candidates[i].Email
	}
	var made map[string]users.Reference
	if dry {
		references, err = users.References(ctx, tx, emails)
	} else if err = holdEvent(ctx, tx, eventID, alone); err == nil {
		references, made, err = users.Ensure(ctx, tx, people)
	}
	if err != nil {
		return nil, nil, err
	}
	guests, err = guestsAmong(ctx, tx, eventID, references)
	maps.Copy(references, made)
	return references, guests, err
}

// storeMany stores the chosen candidates as guests, and with them their tags and mails, and notes their ids.
func (a *API) storeMany(ctx context.Context, tx *gorm.DB, eventID int64, candidates []candidate, chosen []int, references map[string]users.Reference, results []outcome) error {
	rows := make([]InvitedGuest, len(chosen))
	for n, i := range chosen {
		rows[n] = newInvitedGuest(eventID, references[candidates[i].Email], candidates[i].Role)
	}
	if err := tx.WithContext(ctx).CreateInBatches(rows, atOnce).Error; err != nil {
		return fmt.Errorf("store guests: %w", err)
	}
	var tagged []GuestTag
	mails := make([]mail.Request, len(chosen))
	for n, i := range chosen {
		results[i].GuestID = rows[n].ID
		tagged = append(tagged, guestTags(rows[n].ID, candidates[i].TagIDs)...)
		mails[n] = newGuestRequest(invitationMail, rows[n].ID)
	}
	if err := attach(ctx, tx, tagged); err != nil {
		return err
	}
	return a.outbox.Enqueue(ctx, tx, mails...)
}

// tagIDs returns the ids of the event's tags, which are not deleted before the transaction ends.
func tagIDs(ctx context.Context, db *gorm.DB, eventID int64) (map[int64]bool, error) {
	var ids []int64
	if err := db.WithContext(ctx).Clauses(clause.Locking{Strength: beside}).Model(&tags.Tag{}).Where("event_id = ?", eventID).Order("id").
		Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("find the tags of an event: %w", err)
	}
	known := make(map[int64]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, nil
}

// guestsAmong returns which of the users are guests of the event.
func guestsAmong(ctx context.Context, db *gorm.DB, eventID int64, references map[string]users.Reference) (map[int64]bool, error) {
	ids := make([]int64, 0, len(references))
	for _, user := range references {
		ids = append(ids, user.ID)
	}
	var found []int64
	query := db.WithContext(ctx).Model(&InvitedGuest{}).Where("event_id = ?", eventID)
	if err := database.Among(query, "user_id", ids).Pluck("user_id", &found).Error; err != nil {
		return nil, fmt.Errorf("find who is a guest already: %w", err)
	}
	there := make(map[int64]bool, len(found))
	for _, id := range found {
		there[id] = true
	}
	return there, nil
}
