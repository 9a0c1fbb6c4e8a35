package invitedguest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// Batch is many people to be invited to an event at once.
type Batch struct {
	EventID int64
	People  []Candidate
	DryRun  bool // store nothing, and report the same, but for ids
}

// InviteMany invites all valid people who are not guests yet. People without an account get one. However many they are,
// it takes a few statements.
func (s *Service) InviteMany(ctx context.Context, actor audit.Actor, b Batch) (r Report, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		r, err = s.inviteMany(ctx, tx, actor, b)
		return err
	})
	return r, err
}

// InviteManyOnce is InviteMany for a request that may be sent again: it returns the report as JSON, and if the key was
// used before, the report of that time. key is a hash of the sender and the sender's key, or empty: none. request is a
// hash of the whole request. It fails with utils.ErrIdempotencyKeyReused if the key was used by another request.
func (s *Service) InviteManyOnce(
	ctx context.Context, actor audit.Actor, b Batch, key, request string,
) (report []byte, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		report, err = once(tx, key, request, func() ([]byte, error) {
			r, err := s.inviteMany(ctx, tx, actor, b)
			if err != nil {
				return nil, err
			}
			return json.Marshal(r)
		})
		return err
	})
	return report, err
}

func (s *Service) inviteMany(ctx context.Context, tx *gorm.DB, actor audit.Actor, b Batch) (Report, error) {
	known, err := tagIDs(ctx, tx, b.EventID)
	if err != nil {
		return Report{}, err
	}
	r := Report{DryRun: b.DryRun, Results: make([]Outcome, len(b.People))}
	valid := r.validate(b.People, known)
	references, guests, err := settleUsers(ctx, tx, b, valid)
	if err != nil {
		return Report{}, err
	}
	chosen := r.choose(b.People, valid, references, guests)
	if b.DryRun || len(chosen) == 0 {
		return r, nil
	}
	if err := s.storeMany(ctx, tx, b, chosen, references, r.Results); err != nil {
		return Report{}, err
	}
	detail := map[string]any{"event_id": b.EventID, "guests": r.Created}
	return r, record(ctx, tx, actor, audit.GuestsInvited, actor.UserID, detail) // about the actor: the guests are many
}

// choose returns the indexes of the valid people who are not guests yet, and records in the report which are.
func (r *Report) choose(
	people []Candidate, valid []int, references map[string]users.Reference, guests map[int64]bool,
) (chosen []int) {
	for _, i := range valid {
		id := references[people[i].Email].ID
		if r.Results[i].UserID = id; guests[id] {
			r.Results[i].Result = resultAlready
			r.Already++
			continue
		}
		r.Results[i].Result = resultCreated
		r.Created++
		chosen = append(chosen, i)
	}
	return chosen
}

// validate records invalid and duplicate rows in the report and returns the indexes of the rest.
func (r *Report) validate(people []Candidate, known map[int64]bool) (valid []int) {
	seen := make(map[string]bool, len(people))
	for i := range people {
		c := &people[i]
		wrong := c.Validate()
		for _, id := range c.TagIDs {
			if !known[id] {
				wrong.Add("tag_ids", "must be tags of the event")
			}
		}
		r.Results[i] = Outcome{Row: i + 1, Email: c.Email, Errors: wrong}
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

// settleUsers creates accounts for the valid people who have none. It returns references to the users by address, and
// the ids of those who are guests already. In a dry run it creates nothing, and people without an account have no
// reference.
func settleUsers(
	ctx context.Context, tx *gorm.DB, b Batch, valid []int,
) (references map[string]users.Reference, guests map[int64]bool, err error) {
	people, emails := make([]users.Person, len(valid)), make([]string, len(valid))
	for n, i := range valid {
		people[n], emails[n] = b.People[i].person(b.EventID), b.People[i].Email
	}
	var made map[string]users.Reference
	if b.DryRun {
		references, err = users.References(ctx, tx, emails)
	} else if err = lockEvent(ctx, tx, b.EventID, forUpdate); err == nil {
		references, made, err = users.Ensure(ctx, tx, people)
	}
	if err != nil {
		return nil, nil, err
	}
	guests, err = guestsAmong(ctx, tx, b.EventID, references)
	maps.Copy(references, made)
	return references, guests, err
}

// storeMany stores the chosen people as guests, with their tags and mails, and records their ids.
func (s *Service) storeMany(
	ctx context.Context, tx *gorm.DB, b Batch, chosen []int, references map[string]users.Reference, results []Outcome,
) error {
	rows := make([]InvitedGuest, len(chosen))
	for n, i := range chosen {
		rows[n] = newInvitedGuest(b.EventID, references[b.People[i].Email], b.People[i].Role)
	}
	if err := tx.WithContext(ctx).CreateInBatches(rows, atOnce).Error; err != nil {
		return fmt.Errorf("store guests: %w", err)
	}
	var tagged []GuestTag
	mails := make([]mail.Request, len(chosen))
	for n, i := range chosen {
		results[i].GuestID = rows[n].ID
		tagged = append(tagged, guestTags(rows[n].ID, b.People[i].TagIDs)...)
		mails[n] = newGuestRequest(invitationMail, rows[n].ID)
	}
	if err := attach(ctx, tx, tagged); err != nil {
		return err
	}
	return s.outbox.Enqueue(ctx, tx, mails...)
}
